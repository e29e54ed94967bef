namespace Passerelle.Gateway.Queue.Returns;

/// <summary>What can come back of a letter.</summary>
internal enum ReturnKind
{
    /// <summary>Refused for good on its way.</summary>
    Bounced,

    /// <summary>Still tried by somebody on its way.</summary>
    Delayed,

    /// <summary>A report says that it arrived.</summary>
    Delivered,

    /// <summary>The recipient called it unwanted (RFC 5965).</summary>
    Complained,

    /// <summary>A machine of the recipient answered, e.g. that nobody is in.</summary>
    Answered,
}

/// <summary>What a report, a complaint or a machine's answer tells of a mail that we may have sent.</summary>
internal sealed record ReturnHints
{
    public required Guid MessageId { get; init; }

    /// <summary>One per recipient that it tells of; one without an address where it names none.</summary>
    public required IReadOnlyList<ReturnedRecipient> Recipients { get; init; }

    /// <summary>Message-IDs with angle brackets: of the mail that is enclosed, and those that it answers. The likeliest first.</summary>
    public required IReadOnlyList<string> InternetIds { get; init; }

    /// <summary>Letter ids that stand anywhere in it: in a header of ours that it gives back, or in a Message-ID that was written over.</summary>
    public required IReadOnlyList<Guid> Mentioned { get; init; }

    /// <summary>Contains the letter's subject where the reporter repeats it.</summary>
    public required string Subject { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
}

/// <param name="Address">Bare, lower case, domain in ASCII; empty when not said.</param>
/// <param name="Status">RFC 3463; empty when not said.</param>
/// <param name="Reason">Why, in one word: userunknown, mailboxfull …; empty when nothing tells.</param>
/// <param name="Words">The other side's, one line.</param>
internal sealed record ReturnedRecipient(string Address, ReturnKind Kind, string Status, string Reason, string Words);
