using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Doctor;

/// <summary>Tells journeys from the rows that the stages left behind; nothing is recorded twice.</summary>
internal sealed class Journeys(IStore store, RawMails raws)
{
    private const string Lines = """
        SELECT m.id AS message_id, m.app_id, a.asset_name, m.received_at, m.from_address, m.from_name, m.subject, m.kind,
            m.verdict, m.state, m.state_reason, COALESCE((
                SELECT l.state FROM letter l WHERE l.organisation_id = @organisation AND l.in_answer_to = m.id
                ORDER BY l.created_at DESC LIMIT 1), '') AS answer_state
        FROM message m JOIN app a ON a.organisation_id = @organisation AND a.id = m.app_id
        WHERE m.organisation_id = @organisation
        """;

    /// <param name="appId">Null: all apps of the organisation.</param>
    /// <param name="before">Only journeys older than this message; null starts with the newest.</param>
    /// <returns>Newest first.</returns>
    public Task<List<JourneyLine>> ListAsync(
        Guid organisationId, Guid? appId, Guid? before, int atMost, CancellationToken cancel)
    {
        var sql = Lines
            + (appId is null ? "" : " AND m.app_id = @appId")
            + (before is null ? "" : " AND m.id < @before")
            + " ORDER BY m.id DESC LIMIT @atMost";
        return store.ReadAsync(tx => tx.For(organisationId).List<JourneyLine>(sql, new { appId, before, atMost }), cancel);
    }

    /// <returns>Null when the organisation has no such message.</returns>
    public async Task<Journey?> FindAsync(Guid organisationId, Guid messageId, CancellationToken cancel)
    {
        var rows = await store.ReadAsync(tx => JourneyRows.Read(tx.For(organisationId), Lines, messageId), cancel);
        if (rows is null) return null;
        if (rows.Message.RawPrunedAt is not null) return JourneyTeller.Tell(rows, []);
        await using var raw = await raws.OpenAsync(organisationId, rows.Message.RawId, cancel);
        return JourneyTeller.Tell(rows, TransitHeaders.In(raw));
    }
}
