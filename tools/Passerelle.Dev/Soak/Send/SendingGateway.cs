using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Passerelle.Dev.Bench.Send;
using Passerelle.Dev.Run;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Hosting;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Store.Sealing;

namespace Passerelle.Dev.Soak.Send;

/// <param name="Written">Letters, since the report before.</param>
/// <param name="Waiting">Letters that are not settled.</param>
/// <param name="Megabytes">The most that was resident, since the report before.</param>
/// <param name="Processor">Seconds, since the process began.</param>
internal sealed record GatewayReport(long Written, long Waiting, double Megabytes, double Processor);

/// <summary>All rooms of the gateway as <c>serve</c> puts them together, over a data folder where apps are connected to the sink; and the letters that are written to it as stages write them.</summary>
internal sealed class SendingGateway : IAsyncDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private readonly WebApplication _rooms;
    private long _written;

    private SendingGateway(string folder, string certificate, int port, bool works)
    {
        var ports = DevFolder.AnyPorts();
        _rooms = GatewayApplication.Build(
            [
                $"--Store:DataFolder={Path.Combine(folder, "data")}",
                $"--Store:KeyFile={Path.Combine(folder, "key")}",
                FormattableString.Invariant($"--Http:Port={ports.GatewayHttp}"),
                FormattableString.Invariant($"--Receiving:Endpoints:0=127.0.0.1:{ports.GatewaySmtp}"),
                $"--Outbound:CaFile={certificate}",
                FormattableString.Invariant($"--Outbound:Allow:0=127.0.0.1:{port}"),
                "--Sending:HelloName=sender.contoso.example",
                "--Logging:LogLevel:Default=Warning",
                "--Logging:Console:LogToStandardErrorThreshold=Trace", // standard output speaks to the soak
            ],
            services => { if (!works) services.RemoveAll<IHostedService>(); });
    }

    /// <summary>A new folder, where every app has so many letters of bulk waiting.</summary>
    /// <returns>The organisation.</returns>
    public static async Task<Guid> PrepareAsync(string folder, string certificate, int port, int apps, int bulk, CancellationToken cancel)
    {
        await using var still = new SendingGateway(folder, certificate, port, works: false);
        await still.Get<KeyRing>().OpenAsync(cancel);
        var organisation = await still.Rows.OpenAsync(cancel);
        await still.Rows.ConnectAsync(organisation, apps, port, cancel);
        var all = await still.Get<EmailApps>().ListAsync(organisation, cancel);
        await still.Rows.WriteAsync(Enumerable.Repeat(all, bulk).SelectMany(every => every), LetterLane.Bulk, id => Mail(id, LetterLane.Bulk), cancel);
        return organisation;
    }

    /// <summary>Of a folder that nobody works on: letters by their state.</summary>
    public static async Task<Dictionary<string, long>> CountAsync(string folder, string certificate, int port, CancellationToken cancel)
    {
        await using var still = new SendingGateway(folder, certificate, port, works: false);
        return await still.Get<IStore>().ReadAsync(tx => tx.Across("counts").List<(string State, long Letters)>("-- across: counts\nSELECT state, COUNT(*) FROM letter GROUP BY state"), cancel) is { } counted
            ? counted.ToDictionary(one => one.State, one => one.Letters) : [];
    }

    public static async Task<SendingGateway> StartAsync(string folder, string certificate, int port, CancellationToken cancel)
    {
        var gateway = new SendingGateway(folder, certificate, port, works: true);
        await gateway._rooms.StartAsync(cancel);
        return gateway;
    }

    /// <summary>Writes letters until cancelled: bulk evenly, answers at random moments.</summary>
    /// <param name="perMinute">Of each app, both together.</param>
    public async Task WriteAsync(Guid organisation, double perMinute, double answersPerMinute, CancellationToken cancel)
    {
        var due = new PriorityQueue<(EmailApp App, LetterLane Lane), DateTimeOffset>();
        var now = TimeProvider.System.GetUtcNow();
        foreach (var app in await Get<EmailApps>().ListAsync(organisation, cancel))
        {
            due.Enqueue((app, LetterLane.Bulk), now + TimeSpan.FromMinutes(Random.Shared.NextDouble() / (perMinute - answersPerMinute)));
            due.Enqueue((app, LetterLane.Answer), now + AtRandom(answersPerMinute));
        }
        using var timer = new PeriodicTimer(Between);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            var letters = new List<(EmailApp App, LetterLane Lane)>();
            while (due.TryPeek(out var next, out var at) && at <= TimeProvider.System.GetUtcNow())
            {
                letters.Add(next);
                due.DequeueEnqueue(next, at + (next.Lane == LetterLane.Bulk ? TimeSpan.FromMinutes(1 / (perMinute - answersPerMinute)) : AtRandom(answersPerMinute)));
            }
            foreach (var lane in letters.GroupBy(letter => letter.Lane))
                await Rows.WriteAsync(lane.Select(letter => letter.App), lane.Key, id => Mail(id, lane.Key), CancellationToken.None); // what was begun is counted
            if (letters.Count == 0) continue;
            Interlocked.Add(ref _written, letters.Count);
            Get<Signals>().Letters.Raise();
        }
    }

    public async Task<GatewayReport> ReportAsync(bool anew, CancellationToken cancel)
    {
        var waiting = await Get<IStore>().ReadAsync(
            tx => tx.Across("counts").One<long>("-- across: counts\nSELECT COUNT(*) FROM letter WHERE state = 'waiting'"), cancel);
        var report = new GatewayReport(Volatile.Read(ref _written), waiting, MostResident(), Environment.CpuUsage.TotalTime.TotalSeconds);
        if (!anew) return report;
        Volatile.Write(ref _written, 0);
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5", cancel); // the peak begins anew
        return report;
    }

    /// <summary>As SIGTERM stops it: what is in hand ends first.</summary>
    public Task StopAsync() => _rooms.StopAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => _rooms.DisposeAsync();

    private SendingRows Rows => new(Get<IStore>(), Get<Sealer>());

    private T Get<T>() where T : notnull => _rooms.Services.GetRequiredService<T>();

    private static byte[] Mail(Guid letter, LetterLane lane) => new SentMail(letter, lane, TimeProvider.System.GetUtcNow()).ToBytes();

    /// <summary>Moments that know nothing of each other: the times between them are exponential.</summary>
    private static TimeSpan AtRandom(double perMinute) => TimeSpan.FromMinutes(-Math.Log(1 - Random.Shared.NextDouble()) / perMinute);

    private static double MostResident() => double.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture) / 1024;
}
