using System.Text.Json;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>What became of one alarm, and is told.</summary>
/// <param name="Alarm">As it stands afterwards.</param>
/// <param name="Event"><see cref="Raised"/>, <see cref="Reminded"/> or <see cref="Cleared"/>.</param>
internal sealed record AlarmChange(Alarm Alarm, string Event)
{
    public const string Raised = "raised";
    public const string Reminded = "reminded";
    public const string Cleared = "cleared";
}

/// <summary>Pure: from what stood open and what is so now to what is told. Once for a break, daily while it lasts, once when it is over.</summary>
internal static class AlarmChanges
{
    /// <param name="open">Open alarms of one kind.</param>
    /// <param name="conditions">All that is so now of the same kind.</param>
    public static IReadOnlyList<AlarmChange> Of(
        IReadOnlyList<Alarm> open, IReadOnlyList<AlarmCondition> conditions, TimeSpan remindAfter, DateTimeOffset now)
    {
        var standing = open.ToDictionary(alarm => (alarm.OrganisationId, alarm.AppId, alarm.Subject));
        var so = conditions.ToDictionary(condition => (condition.OrganisationId, condition.AppId, condition.Subject));
        return
        [
            .. from condition in conditions
               let alarm = standing.GetValueOrDefault((condition.OrganisationId, condition.AppId, condition.Subject))
               let change = alarm is null ? New(condition, now) : Again(alarm, condition, remindAfter, now)
               where change is not null
               select change,
            .. from alarm in open
               where !so.ContainsKey((alarm.OrganisationId, alarm.AppId, alarm.Subject))
               select new AlarmChange(alarm with { ClearedAt = now, ToldAt = now }, AlarmChange.Cleared),
        ];
    }

    private static AlarmChange New(AlarmCondition condition, DateTimeOffset now) => new(
        new Alarm
        {
            OrganisationId = condition.OrganisationId,
            Id = Guid.CreateVersion7(now),
            AppId = condition.AppId,
            Kind = condition.Kind,
            Subject = condition.Subject,
            Level = condition.Level,
            Finding = JsonSerializer.Serialize(condition.Finding),
            RaisedAt = now,
            ToldAt = now,
        },
        AlarmChange.Raised);

    /// <summary>A date comes nearer in steps of its own; a late answer is told once; everything else is told again daily.</summary>
    private static AlarmChange? Again(Alarm alarm, AlarmCondition condition, TimeSpan remindAfter, DateTimeOffset now)
    {
        var isTold = alarm.Kind switch
        {
            Alarm.Late => true,
            Alarm.Credential => condition.Level >= alarm.Level,
            _ => now - alarm.ToldAt < remindAfter,
        };
        return isTold
            ? null
            : new(alarm with { Level = condition.Level, Finding = JsonSerializer.Serialize(condition.Finding), ToldAt = now }, AlarmChange.Reminded);
    }
}
