namespace Passerelle.Gateway.Messages;

/// <summary>One line of a list.</summary>
internal sealed record MessageLine
{
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }
    public required Guid ConversationId { get; init; }
    public required string Kind { get; init; }
    public required string FromAddress { get; init; }
    public required string FromName { get; init; }
    public required string Subject { get; init; }

    /// <summary>The first 160 characters of the text.</summary>
    public required string Preview { get; init; }
    public required string Verdict { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required MessageState State { get; init; }
    public required string StateReason { get; init; }
}

/// <summary>Newest first.</summary>
/// <param name="Next">Pass as <c>before</c> for the next page; null on the last.</param>
internal sealed record MessagePage(IReadOnlyList<MessageLine> Lines, Guid? Next);
