using System.Text.Json.Serialization;

namespace Passerelle.Lab.State;

/// <summary>Something that goes wrong on purpose, once or more often, at one place of the lab. For failures that the lab's
/// state can cause by itself change the state instead; this is for the rest: an outage, a code that only Microsoft can
/// cause, an answer from something that is not Microsoft.</summary>
internal sealed record Fault
{
    public required Guid Id { get; init; }

    public required FaultPlace Where { get; init; }

    /// <summary>A row of the fault catalogue that fits the place: an AADSTS number, a Graph code, an SMTP reply's key, a
    /// DNS code. Null when <see cref="Reply"/> or <see cref="Http"/> say what is answered, or when the place is only slow.</summary>
    public string? Code { get; init; }

    /// <summary>Words of your own: a whole SMTP reply, or one DNS record ("MX 10 mx.elsewhere.example").</summary>
    public string? Reply { get; init; }

    /// <summary>An HTTP answer as something else would give it: a proxy's HTML page, 503, 429 with Retry-After, 3 MB.</summary>
    public HttpReply? Http { get; init; }

    /// <summary>Never answers: the caller's own time-out ends it.</summary>
    public bool Silent { get; init; }

    /// <summary>Waits before the answer. Alone, the true answer only comes late.</summary>
    public int DelayMilliseconds { get; init; }

    public FaultFilter Only { get; init; } = new();

    /// <summary>How often it still happens; null: until it is disarmed.</summary>
    public int? Left { get; init; } = 1;

    /// <summary>Of each time that it fits, above 0 and at most 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Whether something else than the true answer is given.</summary>
    [JsonIgnore]
    public bool Answers => Code is not null || Reply is not null || Http is not null || Silent;
}

/// <summary>Whom a fault meets; what is null is anybody.</summary>
internal sealed record FaultFilter(string? ClientId = null, string? Mailbox = null, string? Domain = null)
{
    public bool Fits(FaultSubject subject) =>
        (ClientId is null || Same(ClientId, subject.ClientId))
        && (Mailbox is null || Same(Mailbox, subject.Mailbox))
        && (Domain is null || Below(Domain, subject.Domain ?? subject.Mailbox?.Split('@')[^1]));

    private static bool Same(string wanted, string? there) => wanted.Equals(there, StringComparison.OrdinalIgnoreCase);

    private static bool Below(string domain, string? name) =>
        Same(domain, name) || name?.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase) == true;
}

/// <summary>Who stands at a place where something may go wrong; null is not known there.</summary>
internal sealed record FaultSubject(string? ClientId = null, string? Mailbox = null, string? Domain = null);

/// <param name="Body">Null with <paramref name="Bytes"/> above 0 means filler of that length.</param>
internal sealed record HttpReply(
    int Status = 503, string ContentType = "text/html; charset=utf-8", string? Body = null, int Bytes = 0, int? RetryAfterSeconds = null);

/// <summary>Where a fault happens.</summary>
internal enum FaultPlace
{
    [JsonStringEnumMemberName("authorize")] Authorize,
    [JsonStringEnumMemberName("token")] Token,
    [JsonStringEnumMemberName("discovery")] Discovery,
    [JsonStringEnumMemberName("keys")] Keys,
    [JsonStringEnumMemberName("graph")] Graph,

    /// <summary>Instead of the answer to AUTH.</summary>
    [JsonStringEnumMemberName("smtp-auth")] SmtpAuth,
    [JsonStringEnumMemberName("smtp-mail")] SmtpMail,
    [JsonStringEnumMemberName("smtp-rcpt")] SmtpRcpt,

    /// <summary>After the final dot of a submission.</summary>
    [JsonStringEnumMemberName("smtp-data")] SmtpData,

    /// <summary>At RCPT TO of mail from outside.</summary>
    [JsonStringEnumMemberName("mx")] Mx,
    [JsonStringEnumMemberName("dns")] Dns,

    /// <summary>Instead of the answer to AUTHENTICATE.</summary>
    [JsonStringEnumMemberName("imap-auth")] ImapAuth,

    /// <summary>Instead of handing a mail over to a receiver outside.</summary>
    [JsonStringEnumMemberName("relay")] Relay,
}
