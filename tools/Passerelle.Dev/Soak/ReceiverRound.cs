using System.Net;
using System.Net.Sockets;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Soak;

/// <summary>
/// One data folder under a receiver that is killed about once a second while three senders deliver to a draft app; then a whole
/// gateway opens the folder, and everything is counted: the mail of a draft is held, and held mail counts.
/// </summary>
internal sealed class ReceiverRound(string? database, TextWriter progress) : IAsyncDisposable
{
    private const int Sessions = 3;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    private readonly string _root = Directory.CreateTempSubdirectory("passerelle-soak-").FullName;
    private readonly DevSettings _settings = DevFolder.AnyPorts();
    private readonly Ledger _ledger = new();

    /// <exception cref="DevFault">The set-up itself failed.</exception>
    public async Task<RecoveryRecord> RunAsync(int kills, CancellationToken cancel)
    {
        var folder = new DevFolder(_root);
        Directory.CreateDirectory(folder.Gateway);
        string address;
        await using (var first = await StartAsync(folder, cancel))
        {
            await first.FirstRunAsync(folder, _settings, cancel);
            var app = await first.SendAsync(HttpMethod.Post, "/api/v1/apps", null, cancel);
            address = app.GetProperty("forwardingAddress").GetString()!; // the API always gives one
        }
        await UnderLoadAsync(folder, address, kills, cancel);
        await using var gateway = await StartAsync(folder, cancel);
        return await new RecoveryAudit(gateway, null, null, _ledger).CountAsync(kills, cancel);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>No Microsoft side is asked: nothing is connected. No DNS answers either: reading asks it as often as ever, but soon again.</summary>
    private Task<GatewayProcess> StartAsync(DevFolder folder, CancellationToken cancel) => GatewayProcess.StartAsync(
        folder, _settings, new MicrosoftSide(1, 1, 1, 1, Path.Combine(_root, "ca.pem")), cancel,
        [
            "--Logging:LogLevel:Default=Warning", "--Reading:RetrySeconds=1",
            .. database is null ? Array.Empty<string>() : [$"--Store:Postgres={database}"],
        ]);

    private async Task UnderLoadAsync(DevFolder folder, string address, int kills, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var load = Enumerable.Range(0, Sessions).Select(_ => new DirectLoad(_settings.GatewaySmtp, address, _ledger, Between).RunAsync(enough.Token)).ToList();
        try
        {
            for (var kill = 1; kill <= kills; kill++)
            {
                await using var child = Receiver(folder);
                await WhenAsync(kill, kill % 4 == 0 ? null : _ledger.Acknowledged.Count, cancel);
                await Task.Delay(Random.Shared.Next(5, 200), cancel);
                await child.KillAsync();
            }
        }
        finally
        {
            await enough.CancelAsync();
            await Task.WhenAll(load);
        }
        await progress.WriteLineAsync($"{kills} kills, {_ledger.Acknowledged.Count} mails answered 250; counting");
    }

    private ChildProcess Receiver(DevFolder folder) => ChildProcess.Start(
        Path.Combine(AppContext.BaseDirectory, "Passerelle.Dev"), Path.Combine(_root, "receiver.log"),
        [ReceiverCommand.Name, "--data", folder.Gateway, "--port", _settings.GatewaySmtp.ToString(System.Globalization.CultureInfo.InvariantCulture), .. database is null ? Array.Empty<string>() : ["--postgres", database]]);

    /// <summary>Three of four fall among mails that they have begun to take, the fourth while it opens its door.</summary>
    /// <param name="acknowledged">Mails answered when it was started; null: it need take none.</param>
    private async Task WhenAsync(int kill, int? acknowledged, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(LongestStart);
        try
        {
            while (!await IsListeningAsync(patience.Token)) await Task.Delay(10, patience.Token);
            while (_ledger.Acknowledged.Count <= (acknowledged ?? -1)) await Task.Delay(5, patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            _ledger.Hangs.Enqueue($"The receiver took nothing within {LongestStart.TotalSeconds:0} s before kill {kill}");
        }
    }

    private async Task<bool> IsListeningAsync(CancellationToken cancel)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _settings.GatewaySmtp, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
