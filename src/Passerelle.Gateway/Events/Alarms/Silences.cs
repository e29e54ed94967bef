using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>
/// Apps into which no mail has come for much longer than their habit. The habit is the longest pause of the four weeks before
/// the silence, so nights and week-ends are in it; an app that gets little mail has none and is never called silent.
/// </summary>
internal sealed class Silences(IStore store, IOptions<EventsOptions> options, TimeProvider time)
{
    private const int FewestMails = 20;
    private const int MostMails = 5000;
    private static readonly TimeSpan Weeks = TimeSpan.FromDays(28);
    private static readonly TimeSpan ShortestHistory = TimeSpan.FromDays(7);
    private readonly ConcurrentDictionary<(Guid App, DateTimeOffset Last), TimeSpan?> _habits = new();

    public async Task<List<AlarmCondition>> FindAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var quiet = await store.ReadAsync(tx => Quiet(tx, now.AddHours(-options.Value.SilentHours)), cancel);
        foreach (var old in _habits.Keys.Except(quiet.Select(app => (app.Id, app.LastReceivedAt)))) _habits.TryRemove(old, out _);
        var silent = new List<AlarmCondition>();
        foreach (var app in quiet)
        {
            if (await HabitAsync(app, cancel) is { } longest && now - app.LastReceivedAt > longest * options.Value.SilentTimes)
            {
                silent.Add(new(app.OrganisationId, app.Id, Alarm.Silent, "", 0, Finding(app, longest)));
            }
        }
        return silent;
    }

    private async Task<TimeSpan?> HabitAsync(QuietApp app, CancellationToken cancel)
    {
        if (_habits.TryGetValue((app.Id, app.LastReceivedAt), out var known)) return known;
        var times = await store.ReadAsync(
            tx => tx.For(app.OrganisationId).List<DateTimeOffset>(
                """
                SELECT received_at FROM receipt WHERE organisation_id = @organisation AND app_id = @Id AND received_at >= @since
                ORDER BY id DESC LIMIT @MostMails
                """,
                new { app.Id, since = app.LastReceivedAt - Weeks, MostMails }),
            cancel);
        return _habits[(app.Id, app.LastReceivedAt)] = LongestPause(times);
    }

    /// <param name="times">Any order.</param>
    /// <returns>Null: too little to call it a habit.</returns>
    internal static TimeSpan? LongestPause(IReadOnlyList<DateTimeOffset> times)
    {
        if (times.Count < FewestMails || times.Max() - times.Min() < ShortestHistory) return null;
        var ordered = times.Order().ToList();
        return ordered.Zip(ordered.Skip(1), (before, after) => after - before).Max();
    }

    private static Finding Finding(QuietApp app, TimeSpan longest) => new(
        "forwarding-seen", "F1", Apps.Finding.Wrong, Apps.Finding.Seen,
        string.Create(CultureInfo.InvariantCulture, $"The last mail came at {app.LastReceivedAt:u}; before that the longest pause of four weeks was {Words(longest)}"),
        "Exchange administrator", Fix);

    /// <summary>Fixed, so that it has its translation.</summary>
    internal const string Fix = "Active users › the mailbox › Mail › Manage email forwarding: check that it still forwards to the app's forwarding address";

    private static string Words(TimeSpan pause) => pause.TotalHours < 48
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (int)pause.TotalHours)} h")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)pause.TotalDays} days");

    private static List<QuietApp> Quiet(Tx tx, DateTimeOffset before) => tx.Across("alarms").List<QuietApp>(
        """
        -- across: alarms
        SELECT organisation_id, id, last_received_at FROM app
        WHERE state IN ('connected', 'degraded', 'broken') AND last_received_at < @before
        """,
        new { before });

    private sealed record QuietApp
    {
        public required Guid OrganisationId { get; init; }
        public required Guid Id { get; init; }
        public required DateTimeOffset LastReceivedAt { get; init; }
    }
}
