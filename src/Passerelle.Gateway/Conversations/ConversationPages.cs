using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Conversations;

/// <summary>The thread of messages with one correspondent about one thing.</summary>
internal sealed record ConversationLine
{
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }

    /// <summary>Lower-case address.</summary>
    public required string Correspondent { get; init; }

    /// <summary>Of the message that began it.</summary>
    public required string Subject { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of the last message or letter.</summary>
    public required DateTimeOffset LastAt { get; init; }
}

/// <summary>Those that began last first.</summary>
/// <param name="Next">Pass as <c>before</c> for the next page; null on the last.</param>
internal sealed record ConversationPage(IReadOnlyList<ConversationLine> Lines, Guid? Next);

/// <summary>Conversations, page by page.</summary>
internal sealed class ConversationPages(IStore store)
{
    /// <param name="app">Null: of all apps.</param>
    /// <param name="correspondent">Bare address; null: with anybody.</param>
    /// <param name="limit">1 to 200.</param>
    public async Task<ConversationPage> ListAsync(Guid organisationId, Guid? app, string? correspondent, Guid? before, int limit, CancellationToken cancel)
    {
        var take = ListPage.Of(limit);
        var lines = await store.ReadAsync(
            tx => tx.For(organisationId).List<ConversationLine>(
                $"""
                SELECT id, app_id, correspondent, subject, created_at, last_at FROM conversation
                WHERE organisation_id = @organisation AND id < @before{(app is null ? "" : " AND app_id = @app")}{(correspondent is null ? "" : " AND correspondent = @address")}
                ORDER BY id DESC LIMIT @limit
                """,
                new { app, address = correspondent is null ? null : Messages.AddressText.Fold(correspondent), before = before ?? Guid.AllBitsSet, limit = take + 1 }),
            cancel);
        return lines.Count > take ? new(lines.GetRange(0, take), lines[take - 1].Id) : new(lines, null);
    }

    /// <returns>Null when the organisation has no such conversation.</returns>
    public Task<ConversationLine?> FindAsync(Guid organisationId, Guid id, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).One<ConversationLine>(
            "SELECT id, app_id, correspondent, subject, created_at, last_at FROM conversation WHERE organisation_id = @organisation AND id = @id", new { id }),
        cancel);
}
