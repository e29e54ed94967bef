using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Certificates;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Doctor;

/// <summary>Collects what the checks look at, in one read.</summary>
internal sealed class Patients(IStore store, Installations installations, Sealer sealer)
{
    private const string TraceColumns = """
        SELECT g.obtained_at AS grant_obtained_at, g.scope AS grant_scope, g.signed_in_as,
            CASE WHEN g.refresh_token IS NULL THEN 0 ELSE 1 END AS renewable,
            (SELECT MAX(w.created_at) FROM authorisation w
                WHERE w.organisation_id = @organisation AND w.app_id = a.id AND w.errand = 'sign-in' AND w.used_at IS NULL
                    AND w.client_id = a.client_id AND w.created_at > COALESCE(g.obtained_at, 0)) AS away_at,
            r.received_at AS last_received_at, r.raw_id AS last_raw_id, r.envelope_from AS last_envelope_from, r.remote_address AS last_remote_address,
            v.started_at AS waiting_since, ok.ended_at AS last_accepted_at, ok.words AS last_accepted_words,
            last.outcome AS last_attempt_outcome, last.words AS last_attempt_words
        FROM app a
        LEFT JOIN oauth_grant g ON g.organisation_id = @organisation AND g.app_id = a.id
        LEFT JOIN verification v ON v.organisation_id = @organisation AND v.app_id = a.id
        LEFT JOIN receipt r ON r.organisation_id = @organisation AND r.id = (
            SELECT id FROM receipt WHERE organisation_id = @organisation AND app_id = a.id AND origin = '' ORDER BY id DESC LIMIT 1)
        LEFT JOIN attempt ok ON ok.organisation_id = @organisation AND (ok.letter_id, ok.number) = (
            SELECT letter_id, number FROM attempt WHERE organisation_id = @organisation AND app_id = a.id AND outcome = 'accepted'
            ORDER BY started_at DESC, number DESC LIMIT 1)
        LEFT JOIN attempt last ON last.organisation_id = @organisation AND (last.letter_id, last.number) = (
            SELECT letter_id, number FROM attempt WHERE organisation_id = @organisation AND app_id = a.id AND outcome <> ''
            ORDER BY started_at DESC, number DESC LIMIT 1)
        WHERE a.organisation_id = @organisation AND a.id = @appId
        """;

    /// <returns>Null when the organisation has no such app.</returns>
    public async Task<Patient?> FindAsync(Guid organisationId, Guid appId, CancellationToken cancel)
    {
        var (app, traces, refused, certificate) = await store.ReadAsync(
            tx => AppRows.Find(tx, organisationId, appId) is { } found
                ? (found, tx.For(organisationId).One<Traces>(TraceColumns, new { appId }), RefusedSignIns.Find(tx, found),
                    found.CertificateId is { } inUse ? CertificateRows.Find(tx, organisationId, appId, inUse) : null)
                : (null, null, (RefusedSignIn?)null, (ClientCertificate?)null),
            cancel);
        if (app is null) return null;
        var installation = await installations.GetAsync(cancel);
        var secret = app.ClientSecret is { } @sealed ? sealer.Open("app", "client_secret", organisationId, appId, @sealed) : "";
        return new(app, installation.CallbackUrl, secret, traces ?? new Traces(), refused) { Certificate = certificate };
    }
}
