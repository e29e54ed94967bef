using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tokens;

/// <summary>The OAuth authorisation of an app, as its row says; tokens are sealed here.</summary>
internal sealed record Grant
{
    public required Guid OrganisationId { get; init; }
    public required Guid AppId { get; init; }
    public string? AccessToken { get; init; }
    public DateTimeOffset? AccessExpiresAt { get; init; }
    public string? RefreshToken { get; init; }
    public required string Scope { get; init; }
    public required string SignedInAs { get; init; }
    public required string Subject { get; init; }
    public required string IssuerDirectory { get; init; }
    public required DateTimeOffset ObtainedAt { get; init; }
    public required DateTimeOffset RefreshedAt { get; init; }

    /// <summary>good or broken.</summary>
    public required string State { get; init; }

    /// <summary>JSON of what broke it; null while it is good.</summary>
    public string? Finding { get; init; }

    /// <summary>Until then one worker asks the provider, and no other may; null: nobody does.</summary>
    public DateTimeOffset? RenewingUntil { get; init; }

    /// <summary>Raised by every write of this row; what saw an older one writes nothing.</summary>
    public required long Epoch { get; init; }

    public Finding? Broken => State == "broken" && Finding is { } json ? JsonSerializer.Deserialize<Finding>(json) : null;
}

/// <summary>The SQL of table <c>oauth_grant</c>.</summary>
internal static class Grants
{
    /// <returns>Null: never authorised, or settings have outgrown it.</returns>
    public static Grant? Find(Tx tx, Guid organisationId, Guid appId) => tx.For(organisationId).One<Grant>(
        "SELECT * FROM oauth_grant WHERE organisation_id = @organisation AND app_id = @appId", new { appId });

    /// <summary>A new grant in the place of any older one; <paramref name="grant"/> holds sealed tokens.</summary>
    public static void Put(Tx tx, Grant grant) => tx.For(grant.OrganisationId).Execute(
        """
        INSERT INTO oauth_grant (organisation_id, app_id, access_token, access_expires_at, refresh_token, scope, signed_in_as,
            subject, issuer_directory, obtained_at, refreshed_at, state, finding, epoch)
        VALUES (@organisation, @AppId, @AccessToken, @AccessExpiresAt, @RefreshToken, @Scope, @SignedInAs, @Subject,
            @IssuerDirectory, @ObtainedAt, @RefreshedAt, 'good', NULL, 1)
        ON CONFLICT (organisation_id, app_id) DO UPDATE SET access_token = excluded.access_token,
            access_expires_at = excluded.access_expires_at, refresh_token = excluded.refresh_token, scope = excluded.scope,
            signed_in_as = excluded.signed_in_as, subject = excluded.subject, issuer_directory = excluded.issuer_directory,
            obtained_at = excluded.obtained_at, refreshed_at = excluded.refreshed_at, state = 'good', finding = NULL,
            renewing_until = NULL, epoch = oauth_grant.epoch + 1
        """,
        new
        {
            grant.AppId,
            grant.AccessToken,
            grant.AccessExpiresAt,
            grant.RefreshToken,
            grant.Scope,
            grant.SignedInAs,
            grant.Subject,
            grant.IssuerDirectory,
            grant.ObtainedAt,
            grant.RefreshedAt,
        });

    /// <summary>Before the provider is asked: a refresh token that two present may cost the whole grant (RFC 9700 §4.14.2).</summary>
    /// <returns>The grant as claimed; null when somebody else asks now, or wrote the row since <paramref name="seen"/>.</returns>
    public static Grant? Claim(Tx tx, Grant seen, DateTimeOffset now, DateTimeOffset until) =>
        tx.For(seen.OrganisationId).Execute(
            """
            UPDATE oauth_grant SET renewing_until = @until, epoch = epoch + 1
            WHERE organisation_id = @organisation AND app_id = @AppId AND epoch = @Epoch
              AND (renewing_until IS NULL OR renewing_until <= @now)
            """,
            new { seen.AppId, seen.Epoch, now, until }) == 1
            ? seen with { Epoch = seen.Epoch + 1, RenewingUntil = until }
            : null;

    /// <summary>The provider said nothing about the grant: the next one may ask.</summary>
    public static bool LetGo(Tx tx, Grant claimed) => tx.For(claimed.OrganisationId).Execute(
        """
        UPDATE oauth_grant SET renewing_until = NULL
        WHERE organisation_id = @organisation AND app_id = @AppId AND epoch = @Epoch
        """,
        new { claimed.AppId, claimed.Epoch }) == 1;

    /// <param name="refreshToken">Sealed; null keeps the one there is.</param>
    /// <returns>False when somebody wrote the row since <paramref name="seen"/>: theirs is newer.</returns>
    public static bool Renew(Tx tx, Grant seen, string accessToken, DateTimeOffset expiresAt, string? refreshToken, DateTimeOffset now) =>
        tx.For(seen.OrganisationId).Execute(
            """
            UPDATE oauth_grant SET access_token = @accessToken, access_expires_at = @expiresAt,
                refresh_token = COALESCE(@refreshToken, refresh_token), refreshed_at = @now, state = 'good', finding = NULL,
                renewing_until = NULL, epoch = epoch + 1
            WHERE organisation_id = @organisation AND app_id = @AppId AND epoch = @Epoch
            """,
            new { seen.AppId, seen.Epoch, accessToken, expiresAt, refreshToken, now }) == 1;

    /// <summary>Marks the grant and its app, which cannot send until a person acts.</summary>
    /// <returns>False when somebody wrote the row since <paramref name="seen"/>.</returns>
    public static bool Break(Tx tx, Grant seen, Finding finding, RecordChange record, DateTimeOffset now)
    {
        var broken = tx.For(seen.OrganisationId).Execute(
            """
            UPDATE oauth_grant SET state = 'broken', finding = @finding, renewing_until = NULL, epoch = epoch + 1
            WHERE organisation_id = @organisation AND app_id = @AppId AND epoch = @Epoch
            """,
            new { seen.AppId, seen.Epoch, finding = JsonSerializer.Serialize(finding) }) == 1;
        if (broken) Breakages.Break(tx, seen.OrganisationId, seen.AppId, finding, record, now);
        return broken;
    }
}
