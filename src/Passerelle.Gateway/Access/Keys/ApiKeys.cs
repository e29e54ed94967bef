using System.Security.Cryptography;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Access.Keys;

/// <summary>What became of the wish for a key.</summary>
internal abstract record KeyOutcome
{
    private KeyOutcome() { }

    /// <param name="Text">The key, to be shown this once.</param>
    public sealed record Made(ApiKey Key, string Text) : KeyOutcome;

    /// <param name="Field">name, scopes or expires.</param>
    /// <param name="Sentence">What to do about it.</param>
    public sealed record Refused(string Field, string Sentence) : KeyOutcome;
}

/// <summary>Why a key is not obeyed.</summary>
internal enum KeyRefusal
{
    Unknown,
    Revoked,
    Expired,
}

/// <summary>Makes, lists, recognises and takes back keys.</summary>
internal sealed class ApiKeys(IStore store, TimeProvider time)
{
    public const int LongestName = 100;
    public const int MostKeys = 100;

    /// <summary>A use is written down no more often than this: a busy key costs no write for each order.</summary>
    private static readonly TimeSpan UseStep = TimeSpan.FromMinutes(1);

    /// <param name="expiresAt">Null: it never expires.</param>
    public async Task<KeyOutcome> MakeAsync(
        Guid organisationId, Guid? personId, string name, IReadOnlyCollection<string> scopes, DateTimeOffset? expiresAt, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (RefusalOf(name.Trim(), scopes, expiresAt, now) is { } refused) return refused;
        var id = Guid.CreateVersion7(now);
        var (text, hash) = KeyText.New(id);
        var key = new ApiKey
        {
            OrganisationId = organisationId,
            Id = id,
            Name = name.Trim(),
            SecretHash = hash,
            Scopes = string.Join(' ', ApiScopes.All.Where(scopes.Contains)),
            PersonId = personId,
            CreatedAt = now,
            ExpiresAt = expiresAt,
            UsedFrom = "",
        };
        return await store.WriteAsync(Lane.Work, tx => Insert(tx, key), cancel)
            ? new KeyOutcome.Made(key, text)
            : new KeyOutcome.Refused("name", "There are too many keys: revoke those that no program uses");
    }

    /// <returns>Newest first, revoked ones too.</returns>
    public Task<List<ApiKey>> ListAsync(Guid organisationId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<ApiKey>("SELECT * FROM api_key WHERE organisation_id = @organisation ORDER BY id DESC LIMIT 500"), cancel);

    /// <summary>From the next request on it is nobody's key.</summary>
    /// <returns>False when the organisation has no such key that counts.</returns>
    public Task<bool> RevokeAsync(Guid organisationId, Guid id, CancellationToken cancel) => store.WriteAsync(
        Lane.Work,
        tx => tx.For(organisationId).Execute(
            "UPDATE api_key SET revoked_at = @now WHERE organisation_id = @organisation AND id = @id AND revoked_at IS NULL", new { id, now = time.GetUtcNow() }) == 1,
        cancel);

    /// <param name="text">As the program sent it.</param>
    /// <param name="from">Its network address.</param>
    public async Task<(ApiKey? Key, KeyRefusal Refusal)> RecogniseAsync(string text, string from, CancellationToken cancel)
    {
        if (KeyText.Read(text) is not { } shown) return (null, KeyRefusal.Unknown);
        var key = await store.ReadAsync(
            tx => tx.Across("the key names its own row").One<ApiKey>(
                """
                -- across: the key names its own row
                SELECT * FROM api_key WHERE id = @Id
                """,
                new { shown.Id }),
            cancel);
        if (key is null || !CryptographicOperations.FixedTimeEquals(key.SecretHash, shown.Hash)) return (null, KeyRefusal.Unknown);
        var now = time.GetUtcNow();
        if (key.RevokedAt is not null) return (null, KeyRefusal.Revoked);
        if (key.ExpiresAt <= now) return (null, KeyRefusal.Expired);
        if (key.UsedAt is null || now - key.UsedAt >= UseStep || key.UsedFrom != from) await NoteUseAsync(key, from, now, cancel);
        return (key, default);
    }

    private Task<int> NoteUseAsync(ApiKey key, string from, DateTimeOffset now, CancellationToken cancel) => store.WriteAsync(
        Lane.Maintenance,
        tx => tx.For(key.OrganisationId).Execute(
            "UPDATE api_key SET used_at = @now, used_from = @from WHERE organisation_id = @organisation AND id = @Id", new { key.Id, now, from }),
        cancel);

    private static KeyOutcome.Refused? RefusalOf(string name, IReadOnlyCollection<string> scopes, DateTimeOffset? expiresAt, DateTimeOffset now)
    {
        if (name.Length == 0) return new("name", "Name the program that will use it");
        if (name.Length > LongestName) return new("name", "The name is longer than 100 characters: shorten it");
        if (!scopes.Any(ApiScopes.All.Contains)) return new("scopes", "Choose what the program may do");
        return expiresAt <= now ? new("expires", "It would have expired already: choose a later day") : null;
    }

    private static bool Insert(Tx tx, ApiKey key)
    {
        var sql = tx.For(key.OrganisationId);
        if (sql.One<long>("SELECT COUNT(*) FROM api_key WHERE organisation_id = @organisation AND revoked_at IS NULL") >= MostKeys) return false;
        sql.Execute(
            """
            INSERT INTO api_key (organisation_id, id, name, secret_hash, scopes, person_id, created_at, expires_at, used_from)
            VALUES (@organisation, @Id, @Name, @SecretHash, @Scopes, @PersonId, @CreatedAt, @ExpiresAt, '')
            """,
            new { key.Id, key.Name, key.SecretHash, key.Scopes, key.PersonId, key.CreatedAt, key.ExpiresAt });
        return true;
    }
}
