using System.Diagnostics;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Clients.Tests;

/// <summary>A client in another language: a small program of <c>tests/clients</c> that gets the lab's addresses in environment
/// variables and prints one JSON document per line.</summary>
internal sealed class Script : IAsyncDisposable
{
    private static readonly TimeSpan AtMost = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly Task<string> _errors;

    private Script(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(ClientsLab.Cancel);
    }

    public static Script Node(ClientsLab lab, Contoso contoso, string name, params (string Name, string Value)[] more) =>
        Start("node", [Path.Combine(Folder(), "node", name)], lab, contoso, more);

    public static Script Python(ClientsLab lab, Contoso contoso, string name, params (string Name, string Value)[] more) =>
        Start("python3", [Path.Combine(Folder(), "python", name)], lab, contoso, more);

    public static Script Start(
        string program, string[] arguments, ClientsLab lab, Contoso contoso, params (string Name, string Value)[] more)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        LabAddresses at = lab.Fixture.Endpoints;
        (string Name, string Value)[] known =
        [
            ("NODE_EXTRA_CA_CERTS", at.CaCertificate), ("LAB_CA", at.CaCertificate),
            ("LAB_HTTPS", at.Https.ToString().TrimEnd('/')), ("LAB_HOST", at.Https.Authority),
            ("LAB_SMTP_PORT", $"{lab.SmtpPort}"), ("LAB_IMAP_PORT", $"{lab.ImapPort}"), ("LAB_DIRECTORY", contoso.DirectoryId.ToString()),
            ("LAB_CLIENT_ID", contoso.ClientId.ToString()), ("LAB_CLIENT_SECRET", contoso.ClientSecret),
            ("LAB_CALLBACK", ClientsLab.Callback), ("LAB_MAILBOX", contoso.Support), ("LAB_CUSTOMER", contoso.Ann),
        ];
        foreach ((var name, var value) in known.Concat(more)) start.Environment[name] = value;
        return new Script(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start"));
    }

    /// <returns>The next line of its output.</returns>
    public async Task<JsonElement> ReadAsync()
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(ClientsLab.Cancel);
        bound.CancelAfter(AtMost);
        var line = await _process.StandardOutput.ReadLineAsync(bound.Token);
        return line is null
            ? throw new InvalidOperationException("It said nothing more: " + await _errors)
            : JsonSerializer.Deserialize<JsonElement>(line);
    }

    /// <summary>Answers it on its standard input.</summary>
    public async Task TellAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync(ClientsLab.Cancel);
    }

    /// <returns>Exit code and all that it printed, to both.</returns>
    public async Task<(int Code, string Output)> EndAsync()
    {
        _process.StandardInput.Close();
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(ClientsLab.Cancel);
        bound.CancelAfter(AtMost);
        var output = await _process.StandardOutput.ReadToEndAsync(bound.Token);
        await _process.WaitForExitAsync(bound.Token);
        return (_process.ExitCode, output + await _errors);
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static string Folder()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Passerelle.slnx"))) at = at.Parent;
        return Path.Combine(at?.FullName ?? throw new InvalidOperationException("Not inside the repository"), "tests", "clients");
    }
}
