using System.Security.Cryptography;

namespace Passerelle.Gateway.Store;

/// <summary>The bytes of mail, both ways. Content is never shared across organisations.</summary>
internal sealed class RawMails(IStore store)
{
    /// <summary>Mail up to this size is a row; larger mail is a spooled file.</summary>
    public const int LargestRow = 64 * 1024;

    /// <summary>Writes the row within the caller's transaction.</summary>
    public static void Insert(Tx tx, Guid organisationId, Guid id, ReadOnlyMemory<byte> content, DateTimeOffset now) =>
        tx.For(organisationId).Execute(
            """
            INSERT INTO raw_mail (organisation_id, id, size, sha256, content, created_at)
            VALUES (@organisation, @id, @size, @sha256, @content, @now)
            """,
            new { id, size = content.Length, sha256 = SHA256.HashData(content.Span), content = content.ToArray(), now });

    /// <exception cref="FileNotFoundException">The row or its file is gone: a fault, never an expected outcome.</exception>
    public async Task<Stream> OpenAsync(Guid organisationId, Guid id, CancellationToken cancel) =>
        await store.ReadAsync(
            tx => tx.For(organisationId).One<byte[]>(
                "SELECT content FROM raw_mail WHERE organisation_id = @organisation AND id = @id", new { id }),
            cancel) is { } content
            ? new MemoryStream(content, writable: false)
            : throw new FileNotFoundException($"Raw mail {id} is missing");
}
