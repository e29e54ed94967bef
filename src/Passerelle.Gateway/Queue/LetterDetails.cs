using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

/// <summary>One letter as people and clients see it: where it stands, and what is known of each recipient.</summary>
internal sealed record LetterDetails
{
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }
    public required Guid ConversationId { get; init; }

    /// <summary>waiting, claimed, submitting, blocked, settled, dead, unclear.</summary>
    public required string State { get; init; }

    /// <summary>The server's last words, or why it waits.</summary>
    public required string StateReason { get; init; }
    public required string Origin { get; init; }
    public required string Subject { get; init; }

    /// <summary>Message-ID with angle brackets.</summary>
    public required string InternetId { get; init; }
    public required long Attempts { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset? NotBefore { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>What its orderer calls it; null: nothing.</summary>
    public string? Reference { get; init; }

    /// <summary>What its orderer gave along; null: nothing.</summary>
    public string? Data { get; init; }
    public IReadOnlyList<RecipientDetails> Recipients { get; init; } = [];

    public static LetterDetails? Find(Tx tx, Guid organisationId, Guid letterId)
    {
        var letter = tx.For(organisationId).One<LetterDetails>(
            """
            SELECT l.id, l.app_id, l.conversation_id, l.state, l.state_reason, l.origin, l.subject, l.internet_id, l.attempts, l.created_at, l.due_at,
                l.not_before, l.expires_at, l.settled_at, r.reference, r.data
            FROM letter l LEFT JOIN letter_reference r ON r.organisation_id = l.organisation_id AND r.letter_id = l.id
            WHERE l.organisation_id = @organisation AND l.id = @letterId
            """,
            new { letterId });
        if (letter is null) return null;
        var recipients = tx.For(organisationId).List<RecipientDetails>(
            """
            SELECT address, outcome, words, came_back, came_back_at FROM letter_recipient
            WHERE organisation_id = @organisation AND letter_id = @letterId ORDER BY address
            """,
            new { letterId });
        return letter with { Recipients = recipients };
    }
}

internal sealed record RecipientDetails
{
    public required string Address { get; init; }

    /// <summary>waiting, accepted, refused: what the server said.</summary>
    public required string Outcome { get; init; }
    public required string Words { get; init; }

    /// <summary>bounced, delayed, delivered, complained, answered; empty: nothing yet.</summary>
    public required string CameBack { get; init; }
    public DateTimeOffset? CameBackAt { get; init; }
}
