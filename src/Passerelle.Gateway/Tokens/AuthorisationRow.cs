using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tokens;

/// <summary>One way to the provider and back: made when Authorise is pressed, used once.</summary>
internal sealed record AuthorisationRow
{
    public const string SignIn = "sign-in";
    public const string AdminConsent = "admin-consent";

    /// <summary>A sign-in that lets us read the mailbox; the grant for sending is not touched by it.</summary>
    public const string Reading = "reading";

    /// <summary>A sign-in that lets letters leave by Microsoft Graph where SMTP AUTH is off; the grant for SMTP is not touched by it.</summary>
    public const string Graph = "graph";

    public required Guid OrganisationId { get; init; }
    public required byte[] StateHash { get; init; }
    public required Guid AppId { get; init; }
    public required Guid PersonId { get; init; }

    /// <summary>Empty for an administrator's consent: whoever administers the directory need not be known here.</summary>
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

    /// <summary>Empty until used; then using, redeemed, refused, later or consented.</summary>
    public required string Outcome { get; init; }

    /// <summary>What the state was made for; it is good for nothing else.</summary>
    public string Errand { get; init; } = SignIn;
    public Guid? OwnerLinkId { get; init; }

    /// <summary>JSON of the finding that refused an administrator's consent.</summary>
    public string? Answer { get; init; }

    public Finding? Refusal => Answer is { } json ? JsonSerializer.Deserialize<Finding>(json) : null;

    /// <summary>What every way out has in common; the errand says the rest.</summary>
    /// <param name="state">Goes with the browser; the row keeps its hash.</param>
    public static AuthorisationRow For(EmailApp app, string state, string callback, DateTimeOffset now, TimeSpan life) => new()
    {
        OrganisationId = app.OrganisationId,
        StateHash = AuthorisationSecrets.Hash(state),
        AppId = app.Id,
        PersonId = Guid.Empty,
        SessionHash = [],
        CookieHash = [],
        Verifier = "",
        Nonce = "",
        ClientId = app.ClientId,
        Issuer = "",
        TokenUrl = app.TokenUrl,
        RedirectUri = callback,
        Scope = app.Scope,
        CreatedAt = now,
        ExpiresAt = now + life,
        Outcome = "",
    };

    public bool Insert(Tx tx) => tx.For(OrganisationId).Execute(
        """
        INSERT INTO authorisation (organisation_id, state_hash, app_id, person_id, session_hash, cookie_hash, verifier, nonce,
            client_id, issuer, token_url, redirect_uri, scope, created_at, expires_at, outcome, errand, owner_link_id)
        VALUES (@organisation, @StateHash, @AppId, @PersonId, @SessionHash, @CookieHash, @Verifier, @Nonce,
            @ClientId, @Issuer, @TokenUrl, @RedirectUri, @Scope, @CreatedAt, @ExpiresAt, '', @Errand, @OwnerLinkId)
        """,
        this) == 1;

    public static AuthorisationRow? Find(Tx tx, byte[] stateHash) => tx.Across("the state names its organisation").One<AuthorisationRow>(
        """
        -- across: the state names its organisation
        SELECT * FROM authorisation WHERE state_hash = @stateHash
        """,
        new { stateHash });

    /// <returns>The newest of that errand; null when there was none.</returns>
    public static AuthorisationRow? Last(Tx tx, Guid organisationId, Guid appId, string errand) => tx.For(organisationId).One<AuthorisationRow>(
        """
        SELECT * FROM authorisation WHERE organisation_id = @organisation AND app_id = @appId AND errand = @errand
        ORDER BY created_at DESC, state_hash LIMIT 1
        """,
        new { appId, errand });

    /// <returns>False when another call back was faster.</returns>
    public bool Use(Tx tx, DateTimeOffset now) => tx.For(OrganisationId).Execute(
        """
        UPDATE authorisation SET used_at = @now, outcome = 'using'
        WHERE organisation_id = @organisation AND state_hash = @StateHash AND used_at IS NULL
        """,
        new { StateHash, now }) == 1;

    public void Close(Tx tx, string outcome, Finding? refusal = null) => tx.For(OrganisationId).Execute(
        "UPDATE authorisation SET outcome = @outcome, answer = @answer WHERE organisation_id = @organisation AND state_hash = @StateHash",
        new { StateHash, outcome, answer = refusal is null ? null : JsonSerializer.Serialize(refusal) });
}
