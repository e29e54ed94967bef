using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tokens;

/// <summary>One way to the provider and back: made when Authorise is pressed, used once.</summary>
internal sealed record AuthorisationRow
{
    public required Guid OrganisationId { get; init; }
    public required byte[] StateHash { get; init; }
    public required Guid AppId { get; init; }
    public required Guid PersonId { get; init; }
    public required byte[] SessionHash { get; init; }
    public required byte[] CookieHash { get; init; }

    /// <summary>Sealed PKCE verifier.</summary>
    public required string Verifier { get; init; }
    public required string Nonce { get; init; }
    public required string ClientId { get; init; }

    /// <summary>Empty when the provider publishes none.</summary>
    public required string Issuer { get; init; }
    public required string TokenUrl { get; init; }
    public required string RedirectUri { get; init; }
    public required string Scope { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>Empty until used; then using, redeemed, refused or later.</summary>
    public required string Outcome { get; init; }

    public void Insert(Tx tx) => tx.For(OrganisationId).Execute(
        """
        INSERT INTO authorisation (organisation_id, state_hash, app_id, person_id, session_hash, cookie_hash, verifier, nonce,
            client_id, issuer, token_url, redirect_uri, scope, created_at, expires_at, outcome)
        VALUES (@organisation, @StateHash, @AppId, @PersonId, @SessionHash, @CookieHash, @Verifier, @Nonce,
            @ClientId, @Issuer, @TokenUrl, @RedirectUri, @Scope, @CreatedAt, @ExpiresAt, '')
        """,
        this);

    public static AuthorisationRow? Find(Tx tx, byte[] stateHash) => tx.Across("the state names its organisation").One<AuthorisationRow>(
        """
        -- across: the state names its organisation
        SELECT * FROM authorisation WHERE state_hash = @stateHash
        """,
        new { stateHash });

    /// <returns>False when another call back was faster.</returns>
    public bool Use(Tx tx, DateTimeOffset now) => tx.For(OrganisationId).Execute(
        """
        UPDATE authorisation SET used_at = @now, outcome = 'using'
        WHERE organisation_id = @organisation AND state_hash = @StateHash AND used_at IS NULL
        """,
        new { StateHash, now }) == 1;

    public void Close(Tx tx, string outcome) => tx.For(OrganisationId).Execute(
        "UPDATE authorisation SET outcome = @outcome WHERE organisation_id = @organisation AND state_hash = @StateHash",
        new { StateHash, outcome });
}
