using Passerelle.Mail.Calendar;
using Passerelle.Mail.Feedback;
using Passerelle.Mail.NewWords;

namespace Passerelle.Mail;

/// <summary>One mail as understood: everything later rooms need, nothing that needs the raw bytes again
/// (attachment contents excepted: <see cref="MailParts"/>).</summary>
public sealed record ReadMail
{
    public required KindJudgement Judgement { get; init; }

    /// <summary>The envelope's return path as given; "" is the null sender, null is not known.</summary>
    public string? EnvelopeFrom { get; init; }

    /// <summary>First author; null when the mail has no readable From.</summary>
    public MailParty? From { get; init; }

    /// <summary>Number of author addresses over all From headers; anything but 1 is not ordinary (RFC 5322 §3.6).</summary>
    public int Authors { get; init; }

    /// <summary>Null when absent (RFC 5322 §3.6.2: then the author is the sender).</summary>
    public MailParty? Sender { get; init; }
    public IReadOnlyList<MailParty> ReplyTo { get; init; } = [];

    /// <summary>Who really wrote: From, or who stands behind it where a forwarding server or a list put itself there.</summary>
    public MailParty? Correspondent { get; init; }

    /// <summary>Who sent it on (RFC 5322 §3.6.6); the author stays in <see cref="From"/>.</summary>
    public IReadOnlyList<MailParty> ResentFrom { get; init; } = [];
    public IReadOnlyList<MailParty> ResentTo { get; init; } = [];
    public IReadOnlyList<MailParty> To { get; init; } = [];
    public IReadOnlyList<MailParty> Cc { get; init; } = [];

    /// <summary>Decoded, one line, "" when absent.</summary>
    public string Subject { get; init; } = "";

    /// <summary>UTC; null when absent or not a date.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>With its angle brackets; null when absent.</summary>
    public string? MessageId { get; init; }

    /// <summary>With its angle brackets; the last one where several are given.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>With angle brackets, oldest first.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Ids that the mail had before a server gave it another, with angle brackets: answers to it may name either.</summary>
    public IReadOnlyList<string> OtherMessageIds { get; init; } = [];

    /// <summary>What Outlook's Thread-Index begins with (<see cref="Threading.ThreadIndexes.Root"/>); null when absent.</summary>
    public string? ThreadRoot { get; init; }

    /// <summary>Outlook's Thread-Topic: the subject the conversation began with; null when absent.</summary>
    public string? ThreadTopic { get; init; }

    /// <summary>LF line ends; made from the HTML where the mail has no plain text; "" when there is none at all.</summary>
    public string Text { get; init; } = "";

    /// <summary>What the writer newly wrote, and the rest in parts that can be folded.</summary>
    public Reply Reply { get; init; } = Reply.Empty;

    /// <summary>Safe to put into a sandboxed frame: no active content, nothing that loads from elsewhere. Images of the
    /// mail itself stay as <c>cid:</c> references. Null when the mail has no HTML, or HTML too deep to clean.</summary>
    public string? SafeHtml { get; init; }

    /// <summary>How many images were left out because they live on somebody else's server.</summary>
    public int RemoteImages { get; init; }

    public IReadOnlyList<MailAttachment> Attachments { get; init; } = [];

    /// <summary>One per recipient that a delivery report (RFC 3464) names, in its order.</summary>
    public IReadOnlyList<ReportedRecipient> Reported { get; init; } = [];

    /// <summary>What a machine reports of our mail or our domain; null when the mail encloses no such report.</summary>
    public FeedbackReport? Feedback { get; init; }

    /// <summary>Invitations, answers and calendar files, in the mail's order; empty when it has none that can be read.</summary>
    public IReadOnlyList<CalendarObject> Calendars { get; init; } = [];

    /// <summary>Signed or encrypted; a signature is not verified here.</summary>
    public Protection Protection { get; init; }

    /// <summary>The words by which Exchange says that the mailbox may not forward to the outside (5.7.520), in a report, in the
    /// text or in an attached notice; null when nothing says so.</summary>
    public string? ForwardingForbidden { get; init; }

    /// <summary>Number of Received headers: how many servers have seen it.</summary>
    public int Hops { get; init; }

    /// <summary>Why a machine must not answer, found in headers or envelope; null when nothing speaks against it.
    /// <see cref="AutomaticAnswers"/> adds what only the app knows.</summary>
    public string? AutomaticSign { get; init; }

    /// <summary>64 lower-case hex digits: SHA-256 over Message-ID, From, Date, Subject and decoded content. What servers
    /// add on the way does not change it, so a second copy has the same one.</summary>
    public required string Digest { get; init; }

    public MailKind Kind => Judgement.Kind;
}

/// <param name="Address">Bare, as written (the local part may be case-sensitive).</param>
/// <param name="Name">Display name, decoded, one line; null when there is none.</param>
public sealed record MailParty(string Address, string? Name = null)
{
    /// <summary>Lower case and ASCII (A-labels); "" when the address has no domain.</summary>
    public string Domain => AddressText.Domain(Address);

    public override string ToString() => Name is null ? Address : $"{Name} <{Address}>";
}

public sealed record MailAttachment
{
    /// <summary>As IMAP counts (RFC 3501 §6.4.5): "2", "1.3" (what is within a winmail.dat or a text is numbered below it); opens the content with <see cref="MailParts"/>.</summary>
    public required string PartNumber { get; init; }

    /// <summary>As the sender wrote it, path removed; null when the part has no name.</summary>
    public string? Name { get; init; }

    /// <summary>Lower case, without parameters: "application/pdf".</summary>
    public required string Type { get; init; }

    /// <summary>What the content shows it to be, lower case; null when its beginning tells nothing.</summary>
    public string? TrueType { get; init; }

    /// <summary>Why it must not be opened without thought, as a sentence; null when nothing speaks against it.</summary>
    public string? Danger { get; init; }

    /// <summary>Was packed in a winmail.dat, which is listed too.</summary>
    public bool InTnef { get; init; }

    /// <summary>Stands in the text (uuencode), which shows it as it came.</summary>
    public bool InText { get; init; }

    /// <summary>Bytes, decoded.</summary>
    public required long Size { get; init; }

    /// <summary>64 lower-case hex digits over the decoded bytes.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Shown within the text rather than listed below it.</summary>
    public bool Inline { get; init; }

    /// <summary>Without angle brackets; what a <c>cid:</c> reference names.</summary>
    public string? ContentId { get; init; }
}

/// <summary>One recipient of a report: of a delivery report (RFC 3464 §2.3), of a server's words, of a complaint.</summary>
/// <param name="Recipient">Bare address.</param>
/// <param name="Action">failed, delayed, delivered, relayed or expanded; "" when the report names none.</param>
/// <param name="Status">Enhanced status "5.1.1" (RFC 3463); null when the report has none.</param>
/// <param name="Class">2, 4 or 5; null of a complaint.</param>
/// <param name="Diagnostic">The remote server's words, one line; null when the report has none.</param>
/// <param name="OriginalMessageId">Of the mail the report is about, with angle brackets; null when it is not enclosed.</param>
/// <param name="Reason">Why, in the words that Sisimai made common: userunknown, mailboxfull, expired … "onhold" when nothing tells.</param>
public sealed record ReportedRecipient(
    string Recipient, string Action, string? Status, int? Class, string? Diagnostic, string? OriginalMessageId, string Reason);
