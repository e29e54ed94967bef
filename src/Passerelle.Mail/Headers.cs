using MimeKit;
using MimeKit.Utils;

namespace Passerelle.Mail;

/// <summary>The parties, dates and ids of a mail. Leaves everything that needs the body to the reader.</summary>
internal static class Headers
{
    public static ReadMail Of(MimeMessage message)
    {
        var authors = AllOf(message, HeaderId.From);
        return new ReadMail
        {
            Judgement = Undecided,
            Digest = "",
            From = authors.Count > 0 ? authors[0] : null,
            Authors = authors.Count,
            Sender = AllOf(message, HeaderId.Sender) is [var sender, ..] ? sender : null,
            ReplyTo = AllOf(message, HeaderId.ReplyTo),
            To = AllOf(message, HeaderId.To),
            Cc = AllOf(message, HeaderId.Cc),
            Subject = message.Headers.FirstOrDefault(header => header.Id is HeaderId.Subject) is { } subject ? AddressText.OneLine(HeaderText.Of(subject, message)) : "",
            Date = DateOf(message),
            MessageId = Ids(message, HeaderId.MessageId) is [var id, ..] ? id : BareId(message),
            InReplyTo = Ids(message, HeaderId.InReplyTo) is [.., var parent] ? parent : null,
            References = Ids(message, HeaderId.References),
            OtherMessageIds = [.. RewrittenIds.SelectMany(name => Ids(message, name)).Distinct(StringComparer.Ordinal)],
            ThreadRoot = Threading.ThreadIndexes.Root(message.Headers["Thread-Index"]),
            ThreadTopic = message.Headers["Thread-Topic"] is { } topic ? AddressText.OneLine(topic) : null,
            Hops = message.Headers.Count(header => header.Id is HeaderId.Received),
        };
    }

    /// <summary>Where servers keep the Message-ID that they replaced.</summary>
    private static readonly string[] RewrittenIds = ["X-Microsoft-Original-Message-ID", "X-Original-Message-ID", "X-Google-Original-Message-ID", "Original-Message-ID"];

    /// <summary>Addresses of every header of that name; groups are opened, what is not an address is left out.</summary>
    public static List<MailParty> AllOf(MimeMessage message, HeaderId id) => AllOf(message, message.Headers.Where(header => header.Id == id));

    public static List<MailParty> AllOf(MimeMessage message, string name) =>
        AllOf(message, message.Headers.Where(header => header.Field.Equals(name, StringComparison.OrdinalIgnoreCase)));

    private static List<MailParty> AllOf(MimeMessage message, IEnumerable<Header> headers)
    {
        var parties = new List<MailParty>();
        foreach (Header header in headers)
        {
            if (!InternetAddressList.TryParse(HeaderText.AsUtf8(header, message), out var list) && !TryEach(header.Value, out list)) list = [];
            List<MailParty> found = [.. list.Mailboxes.Where(box => box.Address.Trim('"', ' ').Length > 0).Select(box => new MailParty(
                AddressText.OneLine(box.Address),
                string.IsNullOrWhiteSpace(box.Name) ? null : AddressText.OneLine(box.Name)))];
            parties.AddRange(found.Exists(party => party.Address.Contains('@')) || StrayAddress.In(header.Value) is not { } stray ? found : [stray]);
        }
        return parties;
    }

    /// <summary>One bad address must not cost the others: each is read by itself.</summary>
    private static bool TryEach(string header, out InternetAddressList list)
    {
        list = [];
        foreach (string one in header.Split([',', ';'], 1_000))
        {
            if (one.Contains('@') && InternetAddressList.TryParse(one, out var found)) list.AddRange(found);
        }
        return list.Count > 0;
    }

    private static KindJudgement Undecided { get; } = new(MailKind.Unreadable, Certainty.Likely, "");

    /// <remarks>RFC 5322 §3.3 has no years before 1900; MimeKit's fallback for nonsense is the minimum.</remarks>
    private static DateTimeOffset? DateOf(MimeMessage message) =>
        message.Headers[HeaderId.Date] is { } text && DateUtils.TryParse(text, out DateTimeOffset date) && date.Year > 1900
            ? date.ToUniversalTime()
            : null;

    /// <summary>Only what stands in angle brackets or looks like an id; Outlook's free text in In-Reply-To falls away.</summary>
    private static List<string> Ids(MimeMessage message, HeaderId id) => Ids(message.Headers.Where(header => header.Id == id));

    /// <summary>Some programs leave the brackets out.</summary>
    private static string? BareId(MimeMessage message) =>
        message.Headers[HeaderId.MessageId]?.Trim() is { Length: > 2 and <= 998 } bare && bare.IndexOf('@') is var at and > 0 && at < bare.Length - 1 && !bare.Any(c => c is ' ' or '\t' or '\r' or '\n' or '<' or '>') ? $"<{AddressText.OneLine(bare)}>" : null;

    private static List<string> Ids(MimeMessage message, string name) =>
        Ids(message.Headers.Where(header => header.Field.Equals(name, StringComparison.OrdinalIgnoreCase)));

    private static List<string> Ids(IEnumerable<Header> headers) =>
        [.. headers
            .SelectMany(header => MimeUtils.EnumerateReferences(header.RawValue, 0, header.RawValue.Length))
            .Where(reference => reference.Length is > 0 and <= 998)
            .Select(reference => $"<{AddressText.OneLine(reference)}>")];
}
