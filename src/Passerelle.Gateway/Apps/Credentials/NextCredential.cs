using System.Text.Json;
using Passerelle.Gateway.Apps.Certificates;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps.Credentials;

/// <summary>A credential that was added beside the one in use. It takes over once it is proved; until then the old one works on.</summary>
internal sealed record NextCredential
{
    public required Guid OrganisationId { get; init; }
    public required Guid AppId { get; init; }

    /// <summary>client-secret or certificate.</summary>
    public required string Kind { get; init; }

    /// <summary>Of a secret: itself, sealed. Of a certificate: the id of its row, which seals its own key.</summary>
    public required string Content { get; init; }

    /// <summary>Null: nobody knows.</summary>
    public DateTimeOffset? ExpiresOn { get; init; }
    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>When the provider gave a token for it and the mail server took that token; null: not yet.</summary>
    public DateTimeOffset? TokenAt { get; init; }

    /// <summary>The test mail that was written then.</summary>
    public Guid? LetterId { get; init; }

    /// <summary>JSON of what refused it; null: nothing has.</summary>
    public string? Problem { get; init; }

    /// <summary>State of the test mail; null: there is none.</summary>
    public string? LetterState { get; init; }

    public Finding? Refusal => Problem is { } json ? JsonSerializer.Deserialize<Finding>(json) : null;

    /// <summary>A token and a mail have shown that it works.</summary>
    public bool IsProved => TokenAt is not null && LetterState == "settled";

    /// <summary>Null: it is a secret.</summary>
    public Guid? CertificateId => Kind == Credential.Certificate ? Guid.Parse(Content) : null;

    /// <summary>What takes the place of what the app proves itself by; null: nothing of that can be added here.</summary>
    public static string? KindFor(EmailApp app) => app switch
    {
        { Authentication: not AppForm.OAuth2 } => null,
        { Proof: Proofs.Certificate, CertificateId: not null } => Credential.Certificate,
        { Proof: Proofs.Secret, ClientSecret: not null } => Credential.ClientSecret,
        _ => null,
    };
}

/// <summary>The SQL of table <c>next_credential</c>.</summary>
internal static class NextCredentials
{
    /// <returns>Of the kind that the app proves itself by; null: none was added.</returns>
    public static NextCredential? Find(Tx tx, EmailApp app) => tx.For(app.OrganisationId).One<NextCredential>(
        """
        SELECT n.*, l.state AS letter_state FROM next_credential n
        LEFT JOIN letter l ON l.organisation_id = n.organisation_id AND l.id = n.letter_id
        WHERE n.organisation_id = @organisation AND n.app_id = @Id AND n.kind = @kind
        """,
        new { app.Id, kind = NextCredential.KindFor(app) ?? "" });

    /// <summary>In the place of any that was added before; nothing of its proof stays.</summary>
    public static bool Put(Tx tx, NextCredential next) => tx.For(next.OrganisationId).Execute(
        """
        INSERT INTO next_credential (organisation_id, app_id, kind, content, expires_on, added_at)
        VALUES (@organisation, @AppId, @Kind, @Content, @ExpiresOn, @AddedAt)
        ON CONFLICT (organisation_id, app_id, kind) DO UPDATE SET content = excluded.content, expires_on = excluded.expires_on,
            added_at = excluded.added_at, token_at = NULL, letter_id = NULL, problem = NULL
        """,
        new { next.AppId, next.Kind, next.Content, next.ExpiresOn, next.AddedAt }) == 1;

    /// <returns>False when another one was added since.</returns>
    public static bool Proved(Tx tx, NextCredential next, Guid? letterId, DateTimeOffset now) => tx.For(next.OrganisationId).Execute(
        """
        UPDATE next_credential SET token_at = @now, letter_id = @letterId, problem = NULL
        WHERE organisation_id = @organisation AND app_id = @AppId AND kind = @Kind AND content = @Content
        """,
        new { next.AppId, next.Kind, next.Content, letterId, now }) == 1;

    /// <inheritdoc cref="Proved"/>
    public static bool Refused(Tx tx, NextCredential next, Finding problem) => tx.For(next.OrganisationId).Execute(
        """
        UPDATE next_credential SET token_at = NULL, letter_id = NULL, problem = @json
        WHERE organisation_id = @organisation AND app_id = @AppId AND kind = @Kind AND content = @Content
        """,
        new { next.AppId, next.Kind, next.Content, json = JsonSerializer.Serialize(problem) }) == 1;

    /// <summary>Aborted, or taken over.</summary>
    public static bool Drop(Tx tx, NextCredential next) => tx.For(next.OrganisationId).Execute(
        """
        DELETE FROM next_credential WHERE organisation_id = @organisation AND app_id = @AppId AND kind = @Kind AND content = @Content
        """,
        new { next.AppId, next.Kind, next.Content }) == 1;

    /// <summary>The proved secret is the one in use from now on; the old one is forgotten.</summary>
    /// <param name="sealed">Sealed for the app's own row.</param>
    /// <returns>False when the app's settings changed since <paramref name="app"/> was read.</returns>
    public static bool TakeOver(Tx tx, EmailApp app, NextCredential next, string @sealed)
    {
        var taken = tx.For(app.OrganisationId).Execute(
            """
            UPDATE app SET client_secret = @sealed, secret_expires_on = @ExpiresOn, version = version + 1
            WHERE organisation_id = @organisation AND id = @Id AND version = @Version
            """,
            new { app.Id, app.Version, next.ExpiresOn, @sealed }) == 1;
        return taken && Drop(tx, next);
    }

    /// <summary>The proved certificate is the one in use from now on; the old one's private key is erased.</summary>
    /// <returns>False when the app's settings changed since <paramref name="app"/> was read, or the certificate was removed.</returns>
    public static bool TakeOver(Tx tx, EmailApp app, NextCredential next, Guid certificateId)
    {
        var taken = tx.For(app.OrganisationId).Execute(
            """
            UPDATE app SET certificate_id = @certificateId, version = version + 1
            WHERE organisation_id = @organisation AND id = @Id AND version = @Version AND EXISTS (
                SELECT 1 FROM certificate c WHERE c.organisation_id = @organisation AND c.app_id = @Id AND c.id = @certificateId)
            """,
            new { app.Id, app.Version, certificateId }) == 1;
        if (!taken || !Drop(tx, next)) return false;
        if (app.CertificateId is { } old && old != certificateId) CertificateRows.Remove(tx, app.OrganisationId, app.Id, old);
        return true;
    }
}
