using System.Text.Json;

namespace Passerelle.Gateway.Messages;

/// <summary>A receipt that has been read. Its id is its receipt's: one receipt can never become two messages.</summary>
internal sealed record Message
{
    public required Guid OrganisationId { get; init; }
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }
    public required Guid ReceiptId { get; init; }
    public required Guid RawId { get; init; }
    public required Guid ConversationId { get; init; }

    /// <summary>The design's words: human, auto-reply, bounce, …, unreadable.</summary>
    public required string Kind { get; init; }

    /// <summary>What in the mail shows the kind, for people.</summary>
    public required string KindEvidence { get; init; }

    /// <summary>Folded; empty when the mail has no From.</summary>
    public required string FromAddress { get; init; }
    public required string FromName { get; init; }

    /// <summary>JSON of <see cref="Messages.Parties"/>.</summary>
    public required string PartiesJson { get; init; }
    public required string Subject { get; init; }
    public required string Text { get; init; }

    /// <summary>Sanitised; still shown in a sandbox only.</summary>
    public required string Html { get; init; }

    /// <summary>The Date header; null when absent or nonsense.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Message-ID with angle brackets; empty when absent.</summary>
    public required string InternetId { get; init; }
    public required string InReplyTo { get; init; }

    /// <summary>JSON array, oldest first, each with angle brackets.</summary>
    public required string ReferenceIds { get; init; }

    /// <summary>genuine, unproven or suspicious.</summary>
    public required string Verdict { get; init; }

    /// <summary>JSON array of sentences.</summary>
    public required string VerdictReasons { get; init; }

    /// <summary>Of the last hop, in the words of RFC 8601; empty where it was not judged.</summary>
    public string Spf { get; init; } = "";
    public string Dkim { get; init; } = "";
    public string Dmarc { get; init; } = "";

    /// <summary>Of the chain: none, pass, fail, temperror; empty where it was not judged.</summary>
    public string Arc { get; init; } = "";

    /// <summary>Our whole Authentication-Results field (RFC 8601), CRLF at its end; empty where it was not judged.</summary>
    public string AuthenticationResults { get; init; } = "";

    /// <summary>For people: provider, confirmed name, address; empty where it is not known.</summary>
    public string DeliveredBy { get; init; } = "";

    /// <summary>JSON array of sentences, e.g. <see cref="MessageFindings.IdReused"/>.</summary>
    public required string Findings { get; init; }

    /// <summary>Bytes of the raw mail.</summary>
    public required long Size { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required DateTimeOffset ReadAt { get; init; }
    public required MessageState State { get; init; }

    /// <summary>Why it is held or kept; empty otherwise.</summary>
    public required string StateReason { get; init; }
    public DateTimeOffset? RoutedAt { get; init; }

    /// <summary>When the bytes went, as the app's retention says; null: they are there.</summary>
    public DateTimeOffset? RawPrunedAt { get; init; }

    /// <summary>When text and attachments went; null: they are there.</summary>
    public DateTimeOffset? TextPrunedAt { get; init; }

    /// <summary>clean, infected or not-scanned; empty: no scanner is configured.</summary>
    public string Malware { get; init; } = "";

    /// <summary>ham, spam or not-scanned; empty: no scanner is configured.</summary>
    public string Spam { get; init; } = "";

    /// <summary>Malware was found and nobody has released it.</summary>
    public bool IsQuarantined => State is MessageState.Quarantined && Malware == Infected;

    public const string Infected = "infected";

    /// <summary>Said to whoever wants what only the bytes tell, when they are kept no longer.</summary>
    public const string SourceGone = "The source of this mail is kept no longer: write a new mail from the mailbox";

    /// <summary>Routings begun that failed.</summary>
    public required long Attempts { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public required long Epoch { get; init; }

    public Parties Parties => Messages.Parties.FromJson(PartiesJson);
    public IReadOnlyList<string> References => ReadList(ReferenceIds);
    public IReadOnlyList<string> VerdictReasonList => ReadList(VerdictReasons);
    public IReadOnlyList<string> FindingList => ReadList(Findings);

    private static IReadOnlyList<string> ReadList(string json) => JsonSerializer.Deserialize<string[]>(json) ?? [];
}

/// <summary>Sentences that stand in <see cref="Message.Findings"/>.</summary>
internal static class MessageFindings
{
    public const string IdReused = "Message-ID reused: another mail with different content carries the same one";
    public const string NotForwarded = "Forwarding lost this mail: Passerelle fetched it from the mailbox";
    public const string NoFrom = "The mail has no From header";

    /// <param name="who">Delivered it.</param>
    public static string Stranger(string who) => $"It came from {who}, not from where this app's mail is forwarded";
}
