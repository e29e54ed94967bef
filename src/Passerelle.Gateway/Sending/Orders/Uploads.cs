using Microsoft.Extensions.Options;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Sending.Orders;

/// <summary>Files that were uploaded ahead of their letter. One may go with many letters; after a day nobody waits for it any more.</summary>
internal sealed class Uploads(IStore store, IOptions<SendingOptions> options, TimeProvider time)
{
    /// <returns>Its id; null when it is larger than a letter's files may be together.</returns>
    public async Task<Guid?> KeepAsync(Guid organisationId, string name, string type, Stream content, CancellationToken cancel)
    {
        if (await BoundedContent.ReadAsync(content, options.Value.MaxFilesBytes, cancel) is not { } bytes) return null;
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                tx.Across("uploads of yesterday").Execute(
                    "DELETE FROM upload WHERE created_at < @before -- across: uploads of yesterday", new { before = now.AddHours(-options.Value.UploadHours) });
                return tx.For(organisationId).Execute(
                    """
                    INSERT INTO upload (organisation_id, id, name, type, content, created_at)
                    VALUES (@organisation, @id, @name, @type, @bytes, @now)
                    """,
                    new { id, name, type, bytes, now });
            },
            cancel);
        return id;
    }

    /// <returns>Null when the organisation has no such upload (any more).</returns>
    public Task<Upload?> FindAsync(Guid organisationId, Guid id, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).One<Upload>(
            "SELECT name, type, content FROM upload WHERE organisation_id = @organisation AND id = @id", new { id }),
        cancel);
}

internal sealed record Upload
{
    public required string Name { get; init; }
    public required string Type { get; init; }
    public required byte[] Content { get; init; }
}
