using System.Security.Cryptography;

namespace Passerelle.Gateway.Store;

/// <summary>The bytes of mail, both ways. Content is never shared across organisations.</summary>
/// <param name="spool">Where mail above <see cref="LargestRow"/> lies.</param>
internal sealed class RawMails(IStore store, Spool? spool = null)
{
    /// <summary>Arriving mail up to this size is a row; larger mail is a spooled file (<see cref="Arrival"/>).</summary>
    public const int LargestRow = 64 * 1024;

    /// <summary>Writes content that is in memory anyway, of any size, within the caller's transaction.</summary>
    public static void Insert(Tx tx, Guid organisationId, Guid id, ReadOnlyMemory<byte> content, DateTimeOffset now) =>
        Insert(tx, organisationId, new New(id, content.Length, SHA256.HashData(content.Span), content, now));

    internal static void Insert(Tx tx, Guid organisationId, New mail) => tx.For(organisationId).Put(
        """
        INSERT INTO raw_mail (organisation_id, id, size, sha256, content, created_at)
        VALUES (@organisation, @id, @size, @sha256, @content, @now)
        """,
        mail);

    /// <exception cref="FileNotFoundException">The row or its file is gone: a fault, never an expected outcome.</exception>
    public async Task<Stream> OpenAsync(Guid organisationId, Guid id, CancellationToken cancel)
    {
        var row = await store.ReadAsync(
            tx => tx.For(organisationId).One<Row>(
                "SELECT size, sha256, content FROM raw_mail WHERE organisation_id = @organisation AND id = @id", new { id }),
            cancel);
        return row switch
        {
            { Content: { } content } => new MemoryStream(content, 0, content.Length, writable: false, publiclyVisible: true),
            not null when spool is not null => await Task.Run(() => spool.Open(organisationId, id), cancel), // a disk or a network may take its time
            _ => throw new FileNotFoundException($"Raw mail {id} is missing"),
        };
    }

    /// <summary>All of it in memory, as what is sent is.</summary>
    /// <exception cref="FileNotFoundException">The row or its file is gone: a fault, never an expected outcome.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(Guid organisationId, Guid id, CancellationToken cancel)
    {
        await using var content = await OpenAsync(organisationId, id, cancel);
        if (content is MemoryStream memory && memory.TryGetBuffer(out var bytes)) return bytes;
        var all = new byte[content.Length];
        await content.ReadExactlyAsync(all, cancel);
        return all;
    }

    /// <summary>Of these what stands in rows, all in one read.</summary>
    public Task<Dictionary<Guid, ReadOnlyMemory<byte>>> ReadRowsAsync(Guid organisationId, IReadOnlyList<Guid> ids, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<Kept>(
            "SELECT id, content FROM raw_mail WHERE organisation_id = @organisation AND id IN @ids AND content IS NOT NULL",
            new { ids = ids.Select(id => ColumnTypes.ToColumn(id, tx.IsPostgres)).ToArray() }) // Dapper takes what is in a list as it is
            .ToDictionary(row => row.Id, row => new ReadOnlyMemory<byte>(row.Content)),
        cancel);

    /// <param name="Content">Null: spooled. Left alone until the transaction has ended.</param>
    internal sealed record New(Guid Id, long Size, byte[] Sha256, ReadOnlyMemory<byte>? Content, DateTimeOffset Now) : IRow
    {
        public void TellTo(IValues values)
        {
            values.Add("id", Id);
            values.Add("size", Size);
            values.Add("sha256", new ReadOnlyMemory<byte>(Sha256));
            values.Add("content", Content);
            values.Add("now", Now);
        }
    }

    /// <param name="Content">Null: spooled.</param>
    private sealed record Row(long Size, byte[] Sha256, byte[]? Content);

    private sealed record Kept
    {
        public required Guid Id { get; init; }
        public required byte[] Content { get; init; }
    }
}
