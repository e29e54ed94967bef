using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Access;

/// <summary>Signed-in browsers. The cookie carries a secret; the store knows only its hash.</summary>
internal sealed class Sessions(IStore store, IOptions<AccessOptions> options, TimeProvider time)
{
    /// <summary>256 random bits, base64url.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] HashOf(string secret) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret));

    public TimeSpan Lifetime => TimeSpan.FromHours(options.Value.SessionHours);

    /// <summary>Within the caller's transaction; the secret becomes the cookie's value.</summary>
    public void Start(Tx tx, string secret, Guid personId, Guid organisationId)
    {
        var now = time.GetUtcNow();
        tx.Across("sessions are global").Execute(
            """
            INSERT INTO session (id_hash, person_id, organisation_id, created_at, expires_at)
            VALUES (@hash, @personId, @organisationId, @now, @until)
            """,
            new { hash = HashOf(secret), personId, organisationId, now, until = now + Lifetime });
    }

    /// <returns>Null when the session ended, or its person lost the membership.</returns>
    public Task<Caller?> FindAsync(byte[] sessionHash, CancellationToken cancel) => store.ReadAsync(
        tx =>
        {
            var row = tx.Across("sessions and people are global").One<SessionRow>(
                """
                SELECT s.organisation_id, s.person_id, p.name, p.email
                FROM session s JOIN person p ON p.id = s.person_id WHERE s.id_hash = @sessionHash AND s.expires_at > @now
                """,
                new { sessionHash, now = time.GetUtcNow() });
            var role = row is null ? null : tx.For(row.OrganisationId).One<string>(
                "SELECT role FROM membership WHERE organisation_id = @organisation AND person_id = @PersonId",
                new { row.PersonId });
            return row is null || role is null
                ? null
                : new Caller(row.OrganisationId, row.PersonId, role, row.Name, row.Email, sessionHash);
        },
        cancel);

    public Task EndAsync(byte[] sessionHash, CancellationToken cancel) => store.WriteAsync(
        Lane.Work,
        tx => tx.Across("sessions are global").Execute(
            "DELETE FROM session WHERE id_hash = @sessionHash OR expires_at <= @now",
            new { sessionHash, now = time.GetUtcNow() }),
        cancel);

    private sealed record SessionRow
    {
        public required Guid OrganisationId { get; init; }
        public required Guid PersonId { get; init; }
        public required string Name { get; init; }
        public required string Email { get; init; }
    }
}
