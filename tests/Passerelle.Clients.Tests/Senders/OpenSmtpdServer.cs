using System.Diagnostics;
using System.Text;

namespace Passerelle.Clients.Tests.Senders;

/// <summary>OpenSMTPD, unpacked. Its queue is /var/spool/smtpd, for that is compiled in.</summary>
internal sealed class OpenSmtpdServer : MailServer
{
    private readonly StringBuilder _log = new();
    private Process? _process;

    private OpenSmtpdServer()
        : base("opensmtpd")
    {
    }

    public static async Task<OpenSmtpdServer> StartAsync(int gateway)
    {
        var server = new OpenSmtpdServer();
        var configuration = server.Write("smtpd.conf", $"""
            smtp max-message-size "60M"
            listen on 127.0.0.1 port {server.Port}
            action "gateway" relay host "smtp+tls://127.0.0.1:{gateway}" tls no-verify helo "sender.fabrikam.example"
            match from any for any action "gateway"

            """);
        server._process = Programs.Start(Programs.Unpacked("opensmtpd/usr/sbin/smtpd"), ["-d", "-f", configuration]);
        server._process.OutputDataReceived += server.Say;
        server._process.ErrorDataReceived += server.Say;
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        await server.ListensAsync(server._log.ToString);
        return server;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) _process.Kill(entireProcessTree: true);
        if (_process is not null) await _process.WaitForExitAsync();
        _process?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Say(object sender, DataReceivedEventArgs said)
    {
        lock (_log) _log.AppendLine(said.Data);
    }
}
