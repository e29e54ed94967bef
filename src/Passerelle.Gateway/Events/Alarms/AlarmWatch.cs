using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps.Credentials;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>Looks every few seconds at what is broken or late, and less often at what is silent or ends soon.</summary>
internal sealed class AlarmWatch(
    IStore store, Silences silences, CredentialCalendar credentials, AlarmTelling telling, IOptions<EventsOptions> options, TimeProvider time,
    ILogger<AlarmWatch> log) : BackgroundService
{
    private static readonly TimeSpan SlowlyEvery = TimeSpan.FromMinutes(10);
    private DateTimeOffset _slowlyAt = DateTimeOffset.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.WatchSeconds), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping
        }
    }

    /// <summary>One round.</summary>
    internal async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            await FollowAsync(Alarm.Broken, await store.ReadAsync(BrokenApps.Find, cancel), cancel);
            var now = time.GetUtcNow();
            var late = TimeSpan.FromMinutes(options.Value.LateAnswerMinutes);
            await FollowAsync(Alarm.Late, await store.ReadAsync(tx => LateAnswers.Find(tx, now, late), cancel), cancel);
            if (now - _slowlyAt < SlowlyEvery) return;
            await FollowAsync(Alarm.Silent, await silences.FindAsync(cancel), cancel);
            await FollowAsync(Alarm.Credential, EndingCredentials.Of(await credentials.EndingAsync(EndingCredentials.Steps[0] + 1, cancel), now), cancel);
            await store.WriteAsync(Lane.Work, tx => CredentialStates.SetAll(tx, now), cancel);
            _slowlyAt = now;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.WatchFault(fault);
        }
    }

    private async Task FollowAsync(string kind, IReadOnlyList<AlarmCondition> conditions, CancellationToken cancel)
    {
        var open = await store.ReadAsync(tx => AlarmRows.OpenOf(tx, kind), cancel);
        var changes = AlarmChanges.Of(open, conditions, TimeSpan.FromHours(options.Value.RemindHours), time.GetUtcNow());
        if (changes.Count > 0) await telling.TellAsync(changes, cancel);
    }
}
