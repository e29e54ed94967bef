using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>
/// Turns notices into letters of an app that works, never of the one that it is about, and stays with each until it has left: when
/// the carrier breaks too, its letter is taken back and another app carries it.
/// </summary>
internal sealed class AlarmMails(
    IStore store, AlarmLetters letters, Signals signals, TimeProvider time, ILogger<AlarmMails> log) : BackgroundService
{
    private const int MostAtATime = 50;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WhileNobodyWorks = TimeSpan.FromMinutes(1);

    /// <summary>A letter that has not left by then is taken back when another app could carry it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Older news is no alarm.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listener = signals.Notices.Listen();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await LookAsync(stoppingToken);
                await listener.WaitAsync(LookEvery, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping
        }
    }

    /// <summary>One round over due notices.</summary>
    internal async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            foreach (var notice in await store.ReadAsync(tx => AlarmNotices.Due(tx, AlarmNotice.Mail, time.GetUtcNow(), MostAtATime), cancel))
            {
                if (notice.State == "handed") await FollowAsync(notice, cancel);
                else await HandAsync(notice, cancel);
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.WatchFault(fault);
        }
    }

    private async Task HandAsync(AlarmNotice notice, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (now - notice.CreatedAt > Longest)
        {
            await PutAsync(notice, "dead", "No app worked for a week", now, cancel);
            return;
        }
        var (carrier, language) = await store.ReadAsync(
            tx => (Carrier(notice, AppRows.List(tx, notice.OrganisationId)), AlarmSettings.Find(tx, notice.OrganisationId).Language), cancel);
        var letter = carrier is null ? null : await letters.WriteAsync(notice, carrier, language, cancel);
        if (letter is null)
        {
            log.NobodyCarries(notice.Id);
            await PutAsync(notice, "waiting", "No other app works now", now + WhileNobodyWorks, cancel);
            return;
        }
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                var handed = notice with { LetterAppId = letter.AppId, LetterId = letter.Id };
                if (!AlarmNotices.Put(tx, handed, "handed", "", now + LookEvery, now)) return false;
                AlarmLetters.Insert(tx, letter, now);
                return true;
            },
            cancel);
        signals.Letters.Raise();
    }

    /// <summary>Connected before degraded, another than last time before the same, and never an app that the notice is about;
    /// only what does not say that the app cannot send may be told by itself when there is no other.</summary>
    private static EmailApp? Carrier(AlarmNotice notice, IReadOnlyList<EmailApp> apps)
    {
        var items = JsonSerializer.Deserialize<List<AlarmItem>>(notice.Body) ?? [];
        var about = items.Select(item => item.AppId).ToHashSet();
        var mayTellItself = items.All(item => item.Kind is Alarm.Credential or Alarm.Late || item.Event == AlarmChange.Cleared);
        return apps
            .Where(app => app.State is AppState.Connected or AppState.Degraded)
            .Where(app => mayTellItself || !about.Contains(app.Id))
            .OrderBy(app => about.Contains(app.Id)).ThenBy(app => app.Id == notice.LetterAppId).ThenBy(app => app.State).ThenByDescending(app => app.LastSentAt)
            .FirstOrDefault();
    }

    private async Task FollowAsync(AlarmNotice notice, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var another = await store.ReadAsync(tx => Carrier(notice, AppRows.List(tx, notice.OrganisationId)), cancel);
        var hasAnother = another is not null && another.Id != notice.LetterAppId;
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                var fate = tx.For(notice.OrganisationId).One<Fate>(
                    "SELECT state, state_reason, created_at FROM letter WHERE organisation_id = @organisation AND id = @LetterId", new { notice.LetterId });
                return fate switch
                {
                    { State: "settled" or "unclear" } => AlarmNotices.Put(tx, notice, "done", fate.StateReason, now, now),
                    { State: "blocked" } => TakeBack(tx, notice, now) && AlarmNotices.Put(tx, notice, "waiting", fate.StateReason, now, now),
                    { State: "waiting" } when hasAnother && now - fate.CreatedAt > Patience => TakeBack(tx, notice, now) && AlarmNotices.Put(tx, notice, "waiting", fate.StateReason, now, now),
                    { State: "waiting" or "claimed" or "submitting" } => AlarmNotices.Put(tx, notice, "handed", fate.StateReason, now + LookEvery, now),
                    _ => AlarmNotices.Put(tx, notice, "waiting", fate?.StateReason ?? "", now + WhileNobodyWorks, now),
                };
            },
            cancel);
    }

    /// <summary>From now on this letter never leaves, so that another may.</summary>
    private static bool TakeBack(Tx tx, AlarmNotice notice, DateTimeOffset now) => tx.For(notice.OrganisationId).Execute(
        """
        UPDATE letter SET state = 'dead', state_reason = 'Taken back: another app carries this alarm', due_at = NULL, settled_at = @now
        WHERE organisation_id = @organisation AND id = @LetterId AND state IN ('waiting', 'blocked')
        """,
        new { notice.LetterId, now }) == 1;

    private Task<bool> PutAsync(AlarmNotice notice, string state, string words, DateTimeOffset due, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return store.WriteAsync(Lane.Work, tx => AlarmNotices.Put(tx, notice, state, words, due, now), cancel);
    }

    private sealed record Fate
    {
        public required string State { get; init; }
        public required string StateReason { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
    }
}
