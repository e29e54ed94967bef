using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Access;

/// <summary>An address under which a calendar program reads the credential calendar.</summary>
internal sealed record CalendarFeed
{
    public required Guid OrganisationId { get; init; }

    /// <summary>en or fr.</summary>
    public required string Language { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Makes, finds and takes back feed addresses. Who holds one reads dates and names of apps, and nothing else; only its hash is stored.</summary>
internal sealed class CalendarFeeds(IStore store, TimeProvider time)
{
    /// <returns>The part of the address that nobody can guess: 256 random bits, shown this once.</returns>
    public async Task<string> MakeAsync(Caller caller, string language, CancellationToken cancel)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var (hash, now) = (Hash(token), time.GetUtcNow());
        await store.WriteAsync(
            Lane.Work,
            tx => tx.For(caller.OrganisationId).Execute(
                """
                INSERT INTO calendar_feed (organisation_id, token_hash, language, person_id, created_at)
                VALUES (@organisation, @hash, @language, @PersonId, @now)
                """,
                new { hash, language, caller.PersonId, now }),
            cancel);
        return token;
    }

    /// <returns>Null: never made, or taken back.</returns>
    public Task<CalendarFeed?> FindAsync(string token, CancellationToken cancel)
    {
        if (token.Length is 0 or > 100) return Task.FromResult<CalendarFeed?>(null);
        var hash = Hash(token);
        return store.ReadAsync(
            tx => tx.Across("the address itself is the key").One<CalendarFeed>(
                """
                -- across: the address itself is the key
                SELECT organisation_id, language, created_at FROM calendar_feed WHERE token_hash = @hash
                """,
                new { hash }),
            cancel);
    }

    /// <returns>Oldest first.</returns>
    public Task<List<CalendarFeed>> ListAsync(Guid organisationId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<CalendarFeed>(
            "SELECT organisation_id, language, created_at FROM calendar_feed WHERE organisation_id = @organisation ORDER BY created_at"),
        cancel);

    /// <summary>No address that was ever given out answers any more.</summary>
    /// <returns>How many there were.</returns>
    public Task<int> RevokeAsync(Guid organisationId, CancellationToken cancel) => store.WriteAsync(
        Lane.Work, tx => tx.For(organisationId).Execute("DELETE FROM calendar_feed WHERE organisation_id = @organisation"), cancel);

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
