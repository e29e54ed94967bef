namespace Passerelle.Mail.Replies;

/// <summary>What to write. The composer reads no clock and invents no id: both are given.</summary>
public sealed record Draft
{
    /// <summary>Display name and email id of the app.</summary>
    public required MailParty From { get; init; }

    /// <summary>With angle brackets; made by the caller from the letter's id.</summary>
    public required string MessageId { get; init; }

    public required DateTimeOffset Date { get; init; }

    public required string Text { get; init; }

    /// <summary>Alternative of the text, trusted; null for plain text only.</summary>
    public string? Html { get; init; }

    /// <summary>Written by a machine: gets Auto-Submitted (RFC 3834 §5) and X-Auto-Response-Suppress, and goes to the author
    /// only, never to Reply-To: otherwise anyone could aim our answers at a third person.</summary>
    public bool Automatic { get; init; }

    /// <summary>Quotes the original below the answer.</summary>
    public bool Quote { get; init; }

    /// <summary>Answers everybody who got the original, except <see cref="OwnAddresses"/>.</summary>
    public bool ToAll { get; init; }

    public IReadOnlyCollection<string> OwnAddresses { get; init; } = [];

    /// <summary>Bare address where answers go instead of <see cref="From"/>; empty for no Reply-To.</summary>
    public string ReplyTo { get; init; } = "";

    /// <summary>Stands below the text, above what is quoted, after the line "-- " (RFC 3676 §4.3); empty for none.</summary>
    public string Signature { get; init; } = "";

    /// <summary>Who gets it, and is named nowhere in it.</summary>
    public IReadOnlyList<MailParty> Bcc { get; init; } = [];

    /// <summary>Files below the text, and images that the HTML shows.</summary>
    public IReadOnlyList<Enclosure> Enclosures { get; init; } = [];

    /// <summary>Null for a letter that no list sends.</summary>
    public Unsubscription? Unsubscription { get; init; }

    /// <summary>An iTIP REPLY that <see cref="CalendarAnswer"/> wrote; null for a letter that answers no invitation.</summary>
    public string? Calendar { get; init; }

    /// <summary>Overrides the subject derived from the original; needed for a new mail.</summary>
    public string? Subject { get; init; }
}

public abstract record Composition
{
    private Composition() { }

    /// <param name="EnvelopeFrom">Bare address for MAIL FROM.</param>
    /// <param name="Recipients">Bare addresses for RCPT TO, each once.</param>
    /// <param name="Bytes">CRLF line ends, no line over 998 characters; 7-bit, but for the headers of a mail with an address that only SMTPUTF8
    /// carries (RFC 6532).</param>
    public sealed record Composed(
        string MessageId, string Subject, string EnvelopeFrom, IReadOnlyList<string> Recipients, byte[] Bytes) : Composition;

    /// <param name="Reason">A sentence: "customer is not an address".</param>
    public sealed record Impossible(string Reason) : Composition;
}
