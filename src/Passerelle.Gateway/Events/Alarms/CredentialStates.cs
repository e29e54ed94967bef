using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>An app one of whose credentials ends soon works, and is degraded with the reason.</summary>
internal static class CredentialStates
{
    /// <summary>In the transaction that writes the alarms.</summary>
    public static void Follow(Tx tx, Guid organisationId, IEnumerable<AlarmChange> changes, DateTimeOffset now)
    {
        foreach (var app in changes.Where(change => change.Alarm.Kind == Alarm.Credential).Select(change => change.Alarm.AppId).Distinct()) Set(tx, organisationId, app, now);
    }

    /// <summary>An app that came back from broken is connected, and still has a credential that ends soon.</summary>
    public static bool SetAll(Tx tx, DateTimeOffset now)
    {
        var astray = tx.Across("alarms").List<Astray>(
            """
            -- across: alarms
            SELECT DISTINCT l.organisation_id, l.app_id FROM alarm l
            JOIN app a ON a.organisation_id = l.organisation_id AND a.id = l.app_id
            WHERE l.cleared_at IS NULL AND l.kind = 'credential' AND a.state = 'connected'
            """);
        foreach (var app in astray) Set(tx, app.OrganisationId, app.AppId, now);
        return astray.Count > 0;
    }

    private static void Set(Tx tx, Guid organisationId, Guid appId, DateTimeOffset now)
    {
        var nearest = AlarmRows.Open(tx, organisationId).Where(alarm => alarm.AppId == appId && alarm.Kind == Alarm.Credential).MinBy(alarm => alarm.Level);
        if (nearest is null) AppStates.Recover(tx, organisationId, appId, now);
        else AppStates.Degrade(tx, organisationId, appId, nearest.What.Sentence, now);
    }

    private sealed record Astray
    {
        public required Guid OrganisationId { get; init; }
        public required Guid AppId { get; init; }
    }
}
