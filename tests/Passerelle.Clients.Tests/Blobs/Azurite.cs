using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Passerelle.Clients.Tests.Blobs;

/// <summary>Microsoft's own emulator of Azure Blob Storage (npm package azurite), with an account whose key nobody else knows.</summary>
internal sealed class Azurite : IAsyncDisposable
{
    private const string Account = "passerelle";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("passerelle-azurite-").FullName;
    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
    private readonly int _port = Passerelle.Tests.Ports.Kept();
    private Process? _process;

    public string ConnectionString =>
        FormattableString.Invariant($"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={_key};BlobEndpoint=http://127.0.0.1:{_port}/{Account};");

    public static async Task<Azurite> StartAsync(CancellationToken cancel)
    {
        var azurite = new Azurite();
        await azurite.StartAgainAsync(cancel);
        return azurite;
    }

    /// <summary>After <see cref="StopAsync"/>: what it had is still there.</summary>
    public async Task StartAgainAsync(CancellationToken cancel)
    {
        var start = new ProcessStartInfo(
            "node", [Path.Combine(Script.Folder(), "node", "node_modules", "azurite", "dist", "src", "blob", "main.js"), "--blobPort", $"{_port}", "--location", _folder, "--silent", "--disableTelemetry"]);
        start.Environment["AZURITE_ACCOUNTS"] = $"{Account}:{_key}";
        _process = Process.Start(start) ?? throw new InvalidOperationException("node did not start");
        var watch = Stopwatch.StartNew();
        while (!await AnswersAsync(cancel))
        {
            if (_process.HasExited || watch.Elapsed > Patience) throw new InvalidOperationException("Azurite does not answer");
            await Task.Delay(100, cancel);
        }
    }

    public async Task StopAsync()
    {
        if (_process is null) return;
        using (var terminate = Process.Start("kill", ["-TERM", $"{_process.Id}"])) await terminate.WaitForExitAsync(CancellationToken.None); // killed it forgets what it has
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
