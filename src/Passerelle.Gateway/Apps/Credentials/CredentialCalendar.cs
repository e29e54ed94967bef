using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps.Credentials;

/// <summary>Every secret, certificate, consent and grant of all apps, and until when each holds.</summary>
internal sealed class CredentialCalendar(IStore store, TimeProvider time)
{
    /// <returns>What ends first comes first; what has no day comes last.</returns>
    public async Task<IReadOnlyList<Credential>> OfAsync(Guid organisationId, CancellationToken cancel) =>
        [.. (await store.ReadAsync(tx => CredentialRows.List(tx, organisationId), cancel)).OrderBy(credential => credential.EndsOn ?? DateOnly.MaxValue)];

    /// <returns>Of every organisation, those in use of each app of which something ends within so many days.</returns>
    public async Task<IReadOnlyList<Credential>> EndingAsync(int days, CancellationToken cancel)
    {
        var until = time.GetUtcNow().AddDays(days);
        var ending = await store.ReadAsync(tx => CredentialRows.Ending(tx, until, until.AddDays(-Credential.IdleDays)), cancel);
        return ending.FindAll(credential => !credential.IsSpare);
    }

    /// <summary>An admin looked up when the client secret ends, or still does not know: then it is asked again in 30 days.</summary>
    /// <returns>False when the organisation has no such app with a client secret.</returns>
    public Task<bool> AnswerAsync(Guid organisationId, Guid appId, DateOnly? day, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return store.WriteAsync(
            Lane.Work,
            tx => day is { } end ? Date(tx, organisationId, appId, end) : Ask(tx, organisationId, appId, now),
            cancel);
    }

    private static bool Date(Tx tx, Guid organisationId, Guid appId, DateOnly day) => tx.For(organisationId).Execute(
        """
        UPDATE app SET secret_expires_on = @end, version = version + 1
        WHERE organisation_id = @organisation AND id = @appId AND client_secret IS NOT NULL
        """,
        new { appId, end = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) }) == 1;

    private static bool Ask(Tx tx, Guid organisationId, Guid appId, DateTimeOffset now) => tx.For(organisationId).Execute(
        """
        INSERT INTO credential_question (organisation_id, app_id, kind, answered_at)
        SELECT organisation_id, id, 'client-secret', @now FROM app
        WHERE organisation_id = @organisation AND id = @appId AND client_secret IS NOT NULL
        ON CONFLICT (organisation_id, app_id, kind) DO UPDATE SET answered_at = excluded.answered_at
        """,
        new { appId, now }) == 1;
}
