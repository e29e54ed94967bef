using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>The SQL of table <c>alarm</c>.</summary>
internal static class AlarmRows
{
    public static List<Alarm> OpenOf(Tx tx, string kind) => tx.Across("alarms").List<Alarm>(
        """
        -- across: alarms
        SELECT * FROM alarm WHERE cleared_at IS NULL AND kind = @kind
        """,
        new { kind });

    /// <returns>Oldest first.</returns>
    public static List<Alarm> Open(Tx tx, Guid organisationId) => tx.For(organisationId).List<Alarm>(
        "SELECT * FROM alarm WHERE organisation_id = @organisation AND cleared_at IS NULL ORDER BY id");

    /// <returns>False when somebody else wrote the same: it is told by them.</returns>
    public static bool Write(Tx tx, AlarmChange change) => (change.Event == AlarmChange.Raised ? Insert(tx, change.Alarm) : Update(tx, change.Alarm)) == 1;

    private static int Insert(Tx tx, Alarm alarm) => tx.For(alarm.OrganisationId).Execute(
        """
        INSERT INTO alarm (organisation_id, id, app_id, kind, subject, level, finding, raised_at, told_at)
        VALUES (@organisation, @Id, @AppId, @Kind, @Subject, @Level, @Finding, @RaisedAt, @ToldAt)
        ON CONFLICT (organisation_id, app_id, kind, subject) WHERE cleared_at IS NULL DO NOTHING
        """,
        new { alarm.Id, alarm.AppId, alarm.Kind, alarm.Subject, alarm.Level, alarm.Finding, alarm.RaisedAt, alarm.ToldAt });

    private static int Update(Tx tx, Alarm alarm) => tx.For(alarm.OrganisationId).Execute(
        """
        UPDATE alarm SET level = @Level, finding = @Finding, told_at = @ToldAt, cleared_at = @ClearedAt
        WHERE organisation_id = @organisation AND id = @Id AND cleared_at IS NULL AND (told_at < @ToldAt OR @ClearedAt IS NOT NULL)
        """,
        new { alarm.Id, alarm.Level, alarm.Finding, alarm.ToldAt, alarm.ClearedAt });
}
