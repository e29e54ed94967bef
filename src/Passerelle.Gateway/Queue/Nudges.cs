using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

/// <summary>
/// Carries <see cref="Signals"/> between the nodes of a cluster (PostgreSQL's LISTEN and NOTIFY), at most twenty times a second. Only a
/// hint, like the signals themselves: what is lost costs the seconds until the next look.
/// </summary>
internal sealed class Nudges(
    Signals signals, IPlacement placement, IOptions<StoreOptions> options, TimeProvider time, ILogger<Nudges> log) : BackgroundService
{
    private const string Channel = "passerelle_nudge";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, bool> _raised = new();
    private readonly Signal _any = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var (name, signal) in signals.All)
        {
            signal.Elsewhere = () =>
            {
                if (_raised.TryAdd(name, true)) _any.Raise();
            };
        }
        placement.Changed += () =>
        {
            foreach (var signal in signals.All.Values) signal.RaiseHere(); // what the dead one owned is due here
        };
        await Task.WhenAll(ForEverAsync(HearAsync, stoppingToken), ForEverAsync(TellAsync, stoppingToken));
    }

    private async Task ForEverAsync(Func<NpgsqlConnection, CancellationToken, Task> work, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(Unhurried(options.Value.Postgres!)); // a cluster has one
                await connection.OpenAsync(cancel);
                await work(connection, cancel);
            }
            catch (Exception) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is NpgsqlException or IOException or System.Net.Sockets.SocketException)
            {
                log.NudgesAway(fault);
                await Task.Delay(AfterFault, time, cancel).ContinueWith(
                    _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    /// <summary>A hint need not be on the disk before it is heard: without this each would wait for the server's log.</summary>
    private static string Unhurried(string postgres) =>
        new NpgsqlConnectionStringBuilder(postgres) { Pooling = false, Options = "-c synchronous_commit=off" }.ToString();

    private async Task HearAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        connection.Notification += (_, heard) => Hear(heard.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection)) await listen.ExecuteNonQueryAsync(cancel);
        while (true) await connection.WaitAsync(cancel);
    }

    private void Hear(string payload)
    {
        var words = payload.Split(' ');
        if (words[0] == placement.Node) return;
        foreach (var name in words.Skip(1))
        {
            if (signals.All.TryGetValue(name, out var signal)) signal.RaiseHere();
        }
    }

    private async Task TellAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        using var listener = _any.Listen();
        while (true)
        {
            var names = _raised.Keys.Where(name => _raised.TryRemove(name, out _)).ToList();
            if (names.Count > 0)
            {
                await using var notify = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection)
                {
                    Parameters = { new() { Value = Channel }, new() { Value = $"{placement.Node} {string.Join(' ', names)}" } },
                };
                await notify.ExecuteNonQueryAsync(cancel);
            }
            await listener.WaitAsync(TimeSpan.FromSeconds(30), time, cancel);
            await Task.Delay(Pace, time, cancel);
        }
    }
}
