using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>Apps that cannot send until a person acts, with what stopped them.</summary>
internal static class BrokenApps
{
    /// <summary>An app that was broken and then edited waits for somebody to authorise it: its alarm stands until it works.</summary>
    public static List<AlarmCondition> Find(Tx tx) => tx.Across("alarms").List<Row>(
        """
        -- across: alarms
        SELECT a.organisation_id, a.id AS app_id, a.state_reason, b.finding FROM app a
        LEFT JOIN breakage b ON b.organisation_id = a.organisation_id AND b.app_id = a.id
        WHERE a.state = 'broken'
        UNION ALL
        SELECT a.organisation_id, a.id AS app_id, a.state_reason, l.finding FROM alarm l
        JOIN app a ON a.organisation_id = l.organisation_id AND a.id = l.app_id
        WHERE l.cleared_at IS NULL AND l.kind = 'broken' AND a.state = 'unauthorised'
        """).ConvertAll(row => new AlarmCondition(row.OrganisationId, row.AppId, Alarm.Broken, "", 0, row.What));

    private sealed record Row
    {
        public required Guid OrganisationId { get; init; }
        public required Guid AppId { get; init; }
        public required string StateReason { get; init; }
        public string? Finding { get; init; }

        public Finding What => Finding is { } json && JsonSerializer.Deserialize<Finding>(json) is { } finding
            ? finding
            : new Finding("app", "G3", Apps.Finding.Wrong, Apps.Finding.Seen, StateReason, "Passerelle administrator", "Mend the app as its page says");
    }
}
