using System.Text.Json.Serialization;
using MimeKit;

namespace Passerelle.Lab.Exchange;

internal enum MailFolder
{
    Inbox,
    SentItems,
    Junk,
    Deleted,

    /// <summary>Held back from the mailbox; only an administrator sees it.</summary>
    Quarantine,

    /// <summary>Not sent yet; its Bcc is still in it.</summary>
    Drafts,
}

/// <summary>What was done with a mail (RFC 3501 §2.3.2; the last is RFC 3503's).</summary>
[Flags]
internal enum MailFlags
{
    None = 0,
    Seen = 1,
    Answered = 2,
    Flagged = 4,
    Deleted = 8,
    Draft = 16,
    MdnSent = 32,
}

/// <summary>What the lists show of one mail; its exact bytes lie beside it.</summary>
internal sealed record StoredMail
{
    public required Guid Id { get; init; }
    /// <summary>Lower case.</summary>
    public required string Mailbox { get; init; }
    public required MailFolder Folder { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    /// <summary>Envelope sender; empty for the null sender.</summary>
    public required string ReversePath { get; init; }
    public required int Bytes { get; init; }
    /// <summary>Which bytes it has: another number after each edit. Known to this run of the host only, as snapshots are.</summary>
    [JsonIgnore]
    public int Revision { get; init; }
    /// <summary>Its number in the folder (RFC 3501 §2.3.1.1); another folder gives it another.</summary>
    public uint Uid { get; init; }
    public MailFlags Flags { get; init; }
    /// <summary>Without angle brackets; null when the mail has none.</summary>
    public string? MessageId { get; init; }
    public string? InReplyTo { get; init; }
    public IReadOnlyList<string> References { get; init; } = [];
    public string Subject { get; init; } = "";
    public string From { get; init; } = "";
    public string To { get; init; } = "";
    /// <summary>The Auto-Submitted header (RFC 3834 §5), or null.</summary>
    public string? AutoSubmitted { get; init; }

    [JsonIgnore]
    public bool IsRead => Flags.HasFlag(MailFlags.Seen);

    /// <summary>True for a mail to or from nobody in particular, which no responder may answer.</summary>
    [JsonIgnore]
    public bool IsAutomatic => ReversePath.Length == 0
        || (AutoSubmitted is { } auto && !auto.StartsWith("no", StringComparison.OrdinalIgnoreCase));

    public StoredMail With(MailFlags flag, bool set) => this with { Flags = set ? Flags | flag : Flags & ~flag };

    public StoredMail Read(ReadOnlyMemory<byte> raw)
    {
        var headers = MessageIds.Headers(raw);
        return this with
        {
            MessageId = MessageIds.First(headers[HeaderId.MessageId]),
            InReplyTo = MessageIds.First(headers[HeaderId.InReplyTo]),
            References = [.. MimeKit.Utils.MimeUtils.EnumerateReferences(headers[HeaderId.References] ?? "")],
            Subject = headers[HeaderId.Subject] ?? "",
            From = headers[HeaderId.From] ?? "",
            To = headers[HeaderId.To] ?? "",
            AutoSubmitted = headers[HeaderId.AutoSubmitted],
        };
    }
}
