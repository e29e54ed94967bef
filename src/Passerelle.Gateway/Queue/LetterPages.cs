using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

/// <summary>One letter of a list.</summary>
internal sealed record LetterLine
{
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }
    public required Guid ConversationId { get; init; }

    /// <summary>The first recipient.</summary>
    public required string Correspondent { get; init; }
    public required string Subject { get; init; }

    /// <summary>acknowledgement, flow, person, test, order or alarm.</summary>
    public required string Origin { get; init; }

    /// <summary>waiting, claimed, submitting, blocked, settled, dead, unclear.</summary>
    public required string State { get; init; }

    /// <summary>The server's last words, or why it waits.</summary>
    public required string StateReason { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
}

/// <summary>Newest first.</summary>
/// <param name="Next">Pass as <c>before</c> for the next page; null on the last.</param>
internal sealed record LetterPage(IReadOnlyList<LetterLine> Lines, Guid? Next);

/// <summary>All letters of an organisation, page by page, whatever their state. A letter whose id its orderer chose stands where that id falls.</summary>
internal sealed class LetterPages(IStore store)
{
    private const string Columns = "id, app_id, conversation_id, correspondent, subject, origin, state, state_reason, created_at, due_at, settled_at";

    public static IReadOnlyList<string> States { get; } = ["waiting", "claimed", "submitting", "blocked", "settled", "dead", "unclear"];

    /// <param name="app">Null: of all apps.</param>
    /// <param name="state">Null: in any state.</param>
    /// <param name="limit">1 to 200.</param>
    public async Task<LetterPage> ListAsync(Guid organisationId, Guid? app, string? state, Guid? before, int limit, CancellationToken cancel)
    {
        var take = ListPage.Of(limit);
        var lines = await store.ReadAsync(
            tx => tx.For(organisationId).List<LetterLine>(
                $"""
                SELECT {Columns} FROM letter
                WHERE organisation_id = @organisation AND id < @before{(app is null ? "" : " AND app_id = @app")}{(state is null ? "" : " AND state = @state")}
                ORDER BY id DESC LIMIT @limit
                """,
                new { app, state, before = before ?? Guid.AllBitsSet, limit = take + 1 }),
            cancel);
        return lines.Count > take ? new(lines.GetRange(0, take), lines[take - 1].Id) : new(lines, null);
    }

    /// <returns>In the order in which they were written; at most 1000.</returns>
    public Task<List<LetterLine>> ConversationAsync(Guid organisationId, Guid conversationId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<LetterLine>(
            $"""
            SELECT {Columns} FROM letter
            WHERE organisation_id = @organisation AND conversation_id = @conversationId ORDER BY sequence LIMIT 1000
            """,
            new { conversationId }),
        cancel);
}
