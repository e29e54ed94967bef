using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Passerelle.Mail.Verdicts;
using Passerelle.Mail.Verdicts.Dkim;
using Passerelle.Mail.Verdicts.Dmarc;
using Passerelle.Mail.Verdicts.Spf;

namespace Passerelle.Mail;

/// <summary>One line of <c>passerelle inspect --json</c> (design §10). Null means not evaluated, never "none".</summary>
public sealed record InspectReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a JSON line for terminals and files, never put into a page
    };

    public required string File { get; init; }
    public string? Kind { get; init; }
    public string? Certainty { get; init; }
    public string? From { get; init; }
    public IReadOnlyList<string> To { get; init; } = [];
    public IReadOnlyList<string> Cc { get; init; } = [];
    public string? Subject { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    public string? Date { get; init; }
    public string? MessageId { get; init; }
    public string? InReplyTo { get; init; }
    public IReadOnlyList<string> References { get; init; } = [];
    public string? Text { get; init; }
    public string? ReplyText { get; init; }
    public string? Html { get; init; }
    public IReadOnlyList<InspectedAttachment> Attachments { get; init; } = [];
    public IReadOnlyList<InspectedBounce> Bounces { get; init; } = [];

    public IReadOnlyList<InspectedCalendar> Calendar { get; init; } = [];
    public InspectedVerdict? Verdict { get; init; }

    /// <summary>Why the file could not be read, or the bound that the mail breaks; null when all went well.</summary>
    public string? Error { get; init; }

    public static InspectReport Of(string file, ReadMail mail, Verdict? verdict = null) => new()
    {
        File = file,
        Kind = mail.Kind.Word(),
        Certainty = mail.Judgement.Certainty.Word(),
        From = mail.From?.Address,
        To = [.. mail.To.Select(party => party.Address)],
        Cc = [.. mail.Cc.Select(party => party.Address)],
        Subject = mail.Subject,
        Date = mail.Date?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        MessageId = mail.MessageId,
        InReplyTo = mail.InReplyTo,
        References = mail.References,
        Text = mail.Text,
        ReplyText = mail.Reply.Text,
        Html = mail.SafeHtml,
        Attachments = [.. mail.Attachments.Select(file => new InspectedAttachment(file.Name, file.Type, file.Size, file.Sha256))],
        Bounces = mail.Kind is MailKind.Bounce or MailKind.Delay or MailKind.DeliveryNotice or MailKind.FeedbackReport
            ? [.. mail.Reported.Select(told => new InspectedBounce(told.Recipient, told.Status, told.Class, told.Reason, told.OriginalMessageId))]
            : [],
        Calendar = [.. mail.Calendars.Select(InspectedCalendar.Of)],
        Verdict = verdict is null ? null : InspectedVerdict.Of(verdict),
        Error = mail.Kind is MailKind.Unreadable ? mail.Judgement.Evidence : null,
    };

    public static InspectReport Failed(string file, string error) => new() { File = file, Error = error };

    /// <summary>One line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

public sealed record InspectedAttachment(string? Name, string Type, long Size, string Sha256);

/// <param name="Class">2, 4 or 5; null of a complaint.</param>
public sealed record InspectedBounce(string Recipient, string? Status, int? Class, string Reason, string? OriginalMessageId);

/// <summary>Words of RFC 8601; null where not evaluated.</summary>
public sealed record InspectedVerdict(string? Spf, string? Dkim, string? Dmarc, string? Arc, string Summary)
{
    internal static InspectedVerdict Of(Verdict verdict) => new(
        verdict.Spf?.Result.Word(), verdict.Dkim?.Best().Word(), verdict.Dmarc?.Result.Word(), verdict.Arc.Chain.Word(), verdict.Summary.Word());
}
