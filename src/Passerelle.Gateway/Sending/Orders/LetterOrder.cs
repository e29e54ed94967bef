using Passerelle.Mail.Replies;

namespace Passerelle.Gateway.Sending.Orders;

/// <summary>A letter that somebody orders: who gets it, what it says, when it leaves.</summary>
internal sealed record LetterOrder
{
    /// <summary>Chosen by the caller, once a letter; it becomes the letter's id, so asking twice writes one letter. Absent: a new one.</summary>
    public Guid? Key { get; init; }

    /// <summary>Whose mailbox writes; may be absent where <see cref="InAnswerTo"/> says it.</summary>
    public Guid? AppId { get; init; }

    /// <summary>The message that it answers: then recipients, subject and thread come from there, and <see cref="To"/> and <see cref="Cc"/> are empty.</summary>
    public Guid? InAnswerTo { get; init; }

    /// <summary>Answers everybody who got the message.</summary>
    public bool ReplyAll { get; init; }

    public IReadOnlyList<OrderedParty> To { get; init; } = [];
    public IReadOnlyList<OrderedParty> Cc { get; init; } = [];
    public IReadOnlyList<OrderedParty> Bcc { get; init; } = [];

    /// <summary>Bare address where answers go instead of the mailbox; absent: as the app says.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The name beside the mailbox's address; absent: as the app says.</summary>
    public string? FromName { get; init; }
    public string? Subject { get; init; }

    /// <summary>Absent: made from <see cref="Html"/>.</summary>
    public string? Text { get; init; }

    /// <summary>Absent: made from <see cref="Text"/>.</summary>
    public string? Html { get; init; }

    /// <summary>Id or name of a template that gives subject, text and HTML; what the order says itself goes before. Absent: the order says all.</summary>
    public string? Template { get; init; }

    /// <summary>What the template is filled with; a name that it needs and that is missing refuses the order.</summary>
    public System.Text.Json.Nodes.JsonObject? Variables { get; init; }

    public IReadOnlyList<OrderedFile> Files { get; init; } = [];

    /// <summary>No person wrote it: it says so, and counts towards the caps.</summary>
    public bool Automatic { get; init; }

    /// <summary>Leaves when no other letter of the app waits.</summary>
    public bool Bulk { get; init; }

    /// <summary>Absent: no list sends it.</summary>
    public OrderedUnsubscription? Unsubscribe { get; init; }

    /// <summary>The answer to the invitation in <see cref="InAnswerTo"/>.</summary>
    public Attendance? Attendance { get; init; }

    /// <summary>What its orderer calls it, up to 200 characters; told with every event of it. Absent: nothing.</summary>
    public string? Reference { get; init; }

    /// <summary>Up to 2000 characters that are given back as they came, with every event of it. Absent: nothing.</summary>
    public string? Data { get; init; }

    /// <summary>Not before; absent: at once.</summary>
    public DateTimeOffset? SendAt { get; init; }

    /// <summary>After that it is not sent any more; absent: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

internal sealed record OrderedParty(string Address, string? Name = null);

/// <param name="Page">https; absent: there is only an address.</param>
/// <param name="Address">Absent: there is only a page.</param>
/// <param name="OneClick">The page takes the POST of RFC 8058.</param>
internal sealed record OrderedUnsubscription(Uri? Page, string? Address, bool OneClick);

/// <summary>A file by one of three ways: its bytes, an upload made before, or an address that it is fetched from.</summary>
internal sealed record OrderedFile
{
    /// <summary>Absent: the name of the upload, or the last part of the address.</summary>
    public string? Name { get; init; }

    /// <summary>Absent: the upload's, or what the server of the address says.</summary>
    public string? Type { get; init; }

    /// <summary>The bytes in base64.</summary>
    public string? Base64 { get; init; }
    public Guid? Upload { get; init; }

    /// <summary>http or https; redirects are not followed.</summary>
    public Uri? Url { get; init; }

    /// <summary>What the HTML calls it after <c>cid:</c>; absent: a file below the text.</summary>
    public string? ContentId { get; init; }
}

/// <summary>How ordering a letter ended.</summary>
internal abstract record OrderOutcome
{
    private OrderOutcome() { }

    /// <summary>It waits to leave, or had been written before under the same key.</summary>
    public sealed record Written(Guid LetterId) : OrderOutcome;

    /// <summary>The organisation has no such app, message or upload.</summary>
    public sealed record Unknown : OrderOutcome;

    /// <param name="Sentence">What to do about it.</param>
    public sealed record Refused(string Sentence) : OrderOutcome;

    /// <summary>Another order was given under the same key.</summary>
    public sealed record KeyTaken : OrderOutcome;
}
