namespace Passerelle.Clients.Tests.Senders;

/// <summary>Exim, unpacked; it uses BDAT where CHUNKING is offered. Each mail is delivered by the call that submits it.</summary>
internal sealed class EximServer : IMailSender
{
    private readonly string _folder = Directory.CreateTempSubdirectory("passerelle-exim-").FullName;
    private readonly string _program = Programs.Unpacked("exim4-daemon-light/usr/sbin/exim4");

    private EximServer()
    {
    }

    private string Configuration => Path.Combine(_folder, "exim.conf");

    public static async Task<EximServer> StartAsync(int gateway)
    {
        var server = new EximServer();
        await File.WriteAllTextAsync(server.Configuration, $"""
            exim_path = {server._program}
            spool_directory = {server._folder}/spool
            log_file_path = {server._folder}/%slog
            primary_hostname = sender.fabrikam.example
            message_size_limit = 60M
            keep_environment =
            begin routers
            gateway:
              driver = manualroute
              transport = gateway
              route_list = * 127.0.0.1 byname
              self = send
            begin transports
            gateway:
              driver = smtp
              port = {gateway}
              hosts_require_tls = *
              tls_verify_certificates =
              hosts_try_chunking = *
            begin retry
            * * F,1h,1m

            """, ClientsLab.Cancel);
        await Programs.RunAsync("chown", ["-R", "Debian-exim", server._folder]);
        await Programs.RunAsync("chmod", ["755", server._folder]);
        await Programs.RunAsync("chown", ["root", server.Configuration]);
        return server;
    }

    public async Task SendAsync(MailOnDisk mail, string to)
    {
        (var code, var said) = await Programs.RunAsync(_program, ["-C", Configuration, "-odf", "-i", "-f", MailOnDisk.From, to], mail.Path);
        Assert.True(code == 0, said + Log("main") + Log("panic"));
    }

    /// <summary>The end of what Exim wrote down about its deliveries.</summary>
    public string Log(string name) => File.Exists(Path.Combine(_folder, $"{name}log")) ? File.ReadAllText(Path.Combine(_folder, $"{name}log")) : "";

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
