using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tokens;

/// <summary>A link for the owner of a mailbox, who has no account here: it authorises one app, once.</summary>
internal sealed record OwnerLink
{
    public required Guid OrganisationId { get; init; }
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }

    /// <summary>Who made it.</summary>
    public required Guid PersonId { get; init; }
    public required byte[] TokenHash { get; init; }

    /// <summary>Of the browser that last began with it; null: nobody has.</summary>
    public byte[]? SessionHash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the app was connected by it.</summary>
    public DateTimeOffset? UsedAt { get; init; }
    public DateTimeOffset? WithdrawnAt { get; init; }

    /// <returns>open, used, withdrawn or expired.</returns>
    public string StateAt(DateTimeOffset now) => this switch
    {
        { UsedAt: not null } => "used",
        { WithdrawnAt: not null } => "withdrawn",
        _ when ExpiresAt <= now => "expired",
        _ => "open",
    };

    public bool IsOpenAt(DateTimeOffset now) => StateAt(now) == "open";

    /// <summary>In the transaction that stores the grant, so that no link ever stores two.</summary>
    /// <returns>False when it is used, withdrawn or expired meanwhile: then nothing may be stored by it.</returns>
    public static bool Use(Tx tx, Guid organisationId, Guid id, DateTimeOffset now) => tx.For(organisationId).Execute(
        """
        UPDATE owner_link SET used_at = @now
        WHERE organisation_id = @organisation AND id = @id AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > @now
        """,
        new { id, now }) == 1;
}

/// <summary>Makes, finds, opens, withdraws owners' links. The address holds a secret of which the store knows the hash.</summary>
internal sealed class OwnerLinks(IStore store, TimeProvider time)
{
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>Nobody signs in for a draft, for an app with a password, for an application of its own or on another device.</summary>
    public static bool IsOffered(EmailApp app) =>
        app.Authentication == AppForm.OAuth2 && app.Way == Ways.Code && app.State is not (AppState.Draft or AppState.Retired or AppState.Gone);

    /// <summary>Open at once for one app: one for each of the few people who may be asked, and none that nobody remembers.</summary>
    public const int MostOpen = 3;

    /// <returns>The secret of the address, shown once; null when as many are open as may be.</returns>
    public async Task<string?> MakeAsync(Guid organisationId, Guid appId, Guid personId, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var secret = AuthorisationSecrets.New();
        var link = new OwnerLink
        {
            OrganisationId = organisationId,
            Id = Guid.CreateVersion7(now),
            AppId = appId,
            PersonId = personId,
            TokenHash = AuthorisationSecrets.Hash(secret),
            CreatedAt = now,
            ExpiresAt = now + Life,
        };
        var made = await store.WriteAsync(
            Lane.Work,
            tx => tx.For(organisationId).Execute(
                """
                INSERT INTO owner_link (organisation_id, id, app_id, person_id, token_hash, created_at, expires_at)
                SELECT @organisation, @Id, @AppId, @PersonId, @TokenHash, @CreatedAt, @ExpiresAt
                FROM app WHERE organisation_id = @organisation AND id = @AppId AND state <> 'gone'
                  AND (SELECT COUNT(*) FROM owner_link o WHERE o.organisation_id = @organisation AND o.app_id = @AppId
                       AND o.used_at IS NULL AND o.withdrawn_at IS NULL AND o.expires_at > @CreatedAt) < @MostOpen
                """,
                new { link.Id, link.AppId, link.PersonId, link.TokenHash, link.CreatedAt, link.ExpiresAt, MostOpen }),
            cancel);
        return made == 1 ? secret : null;
    }

    /// <returns>Whatever its state; null when nobody made such a link.</returns>
    public async Task<OwnerLink?> FindAsync(string? secret, CancellationToken cancel) =>
        secret is not { Length: > 0 and <= 100 }
            ? null
            : await store.ReadAsync(
                tx => tx.Across("the link names its organisation").One<OwnerLink>(
                    """
                    -- across: the link names its organisation
                    SELECT * FROM owner_link WHERE token_hash = @hash
                    """,
                    new { hash = AuthorisationSecrets.Hash(secret) }),
                cancel);

    public Task<OwnerLink?> FindAsync(Guid organisationId, Guid id, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).One<OwnerLink>("SELECT * FROM owner_link WHERE organisation_id = @organisation AND id = @id", new { id }), cancel);

    /// <returns>The last ten, newest first.</returns>
    public Task<List<OwnerLink>> ListAsync(Guid organisationId, Guid appId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<OwnerLink>(
            "SELECT * FROM owner_link WHERE organisation_id = @organisation AND app_id = @appId ORDER BY created_at DESC, id DESC LIMIT 10", new { appId }),
        cancel);

    /// <summary>A session of this link only: it can come back from the provider, and do nothing else here.</summary>
    /// <returns>Its secret, for a cookie; null when the link is not open any more.</returns>
    public async Task<string?> OpenSessionAsync(OwnerLink link, CancellationToken cancel)
    {
        var session = AuthorisationSecrets.New();
        var now = time.GetUtcNow();
        var opened = await store.WriteAsync(
            Lane.Work,
            tx => tx.For(link.OrganisationId).Execute(
                """
                UPDATE owner_link SET session_hash = @hash
                WHERE organisation_id = @organisation AND id = @Id AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > @now
                """,
                new { link.Id, hash = AuthorisationSecrets.Hash(session), now }),
            cancel);
        return opened == 1 ? session : null;
    }

    /// <returns>False when it was used already, or is not there.</returns>
    public async Task<bool> WithdrawAsync(Guid organisationId, Guid appId, Guid id, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return await store.WriteAsync(
            Lane.Work,
            tx => tx.For(organisationId).Execute(
                """
                UPDATE owner_link SET withdrawn_at = @now
                WHERE organisation_id = @organisation AND app_id = @appId AND id = @id AND used_at IS NULL AND withdrawn_at IS NULL
                """,
                new { appId, id, now }),
            cancel) == 1;
    }
}
