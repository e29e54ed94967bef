using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary><c>passerelle serve</c> as a process of its own, under whatever wrapper a test needs, with one app that takes mail.</summary>
internal sealed class ServingGateway : IAsyncDisposable
{
    private const string Listening = "Taking mail at ";
    private const string ListeningForLmtp = "Taking mail by LMTP at "; // said last
    private readonly Process _process;
    private readonly Task<string> _rest;

    private ServingGateway(Process process, IPEndPoint endpoint, IPEndPoint lmtp)
    {
        _process = process;
        Endpoint = endpoint;
        LmtpEndpoint = lmtp;
        _rest = process.StandardOutput.ReadToEndAsync(CancellationToken.None); // an unread pipe would stop the server
    }

    public IPEndPoint Endpoint { get; }
    public IPEndPoint LmtpEndpoint { get; }

    /// <summary>Organisation and app, as the first run and the form would have left them.</summary>
    /// <returns>The organisation, and the app's forwarding address.</returns>
    public static async Task<(Guid Organisation, string Address)> PrepareAsync(StoreOptions options, CancellationToken cancel)
    {
        await using var store = Opening.Open(options);
        var installations = new Installations(store);
        var apps = new EmailApps(
            store, new Sealer(new EphemeralDataProtectionProvider()), installations, new Preset(Options.Create(new AppsOptions())), TimeProvider.System);
        var organisation = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                Installations.Write(tx, new Installation("https://mail.contoso.example", "in.contoso.example", "proxy"));
                return tx.Across("the list of owners").Execute(
                    "INSERT INTO organisation (id, name, created_at) VALUES (@organisation, 'Contoso', 0)", new { organisation });
            },
            cancel);
        return (organisation, (await apps.OpenDraftAsync(organisation, cancel)).ForwardingAddress);
    }

    /// <param name="wrapper">What runs it, with its arguments.</param>
    public static async Task<ServingGateway> StartAsync(StoreOptions options, CancellationToken cancel, params string[] wrapper)
    {
        string[] command =
        [
            .. wrapper, "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "passerelle.dll"), "serve", "--data", options.DataFolder,
            "--Http:Port=0", "--Receiving:Endpoints:0=127.0.0.1:0", "--Receiving:LmtpEndpoints:0=127.0.0.1:0",
            $"--Reading:Resolver={QuietDns.Address}", $"--Store:Synchronous={options.Synchronous}", $"--Store:LeastFreeBytes={options.LeastFreeBytes}",
            .. options.Postgres is { } postgres ? [$"--Store:Postgres={postgres}"] : Array.Empty<string>(),
        ];
        var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true })!; // a new process: only shell execution reuses one
        var log = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            log.Add(line);
            if (line.Split(ListeningForLmtp) is [_, var lmtp])
                return new(process, log.Select(said => said.Split(Listening)).Where(said => said.Length == 2).Select(said => IPEndPoint.Parse(said[1])).First(), IPEndPoint.Parse(lmtp));
        }
        throw new InvalidOperationException($"It did not start: {string.Join('\n', log)}");
    }

    /// <summary>Of the server, where nothing wraps it.</summary>
    public int ProcessId => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>A file as the server sees it, mounts of its own included.</summary>
    public string PathOf(string file) => $"/proc/{_process.Id}/root{file}";

    /// <summary>SIGTERM, and its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Kills the server, not its wrapper, and waits for that to finish its report.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process.HasExited)
        {
            _process.Dispose();
            return;
        }
        var children = await File.ReadAllTextAsync($"/proc/{_process.Id}/task/{_process.Id}/children");
        using (var server = children.Trim() is { Length: > 0 } child ? Process.GetProcessById(int.Parse(child, System.Globalization.CultureInfo.InvariantCulture)) : null)
        {
            (server ?? _process).Kill();
        }
        await _process.WaitForExitAsync();
        await _rest;
        _process.Dispose();
    }
}
