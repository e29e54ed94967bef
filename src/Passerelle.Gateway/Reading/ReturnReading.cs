using System.Text.RegularExpressions;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue.Returns;
using Passerelle.Mail;
using Passerelle.Mail.Feedback;

namespace Passerelle.Gateway.Reading;

/// <summary>From a mail that a machine wrote about another mail to what it says of whom.</summary>
internal static partial class ReturnReading
{
    private const int MostScanned = 512 * 1024;
    private const int MostMentions = 50;
    private const int MostIds = 60;

    /// <param name="raw">The bytes as they came: what is enclosed is searched for our own ids. Read from its beginning.</param>
    /// <returns>Null for a mail that tells nothing of another.</returns>
    public static async Task<ReturnHints?> OfAsync(Guid messageId, ReadMail mail, Stream raw, DateTimeOffset receivedAt, CancellationToken cancel)
    {
        var recipients = Recipients(mail).ToList();
        if (recipients.Count == 0) return null;
        var whole = $"{await BeginningAsync(raw, cancel)}\n{mail.Text}";
        return new ReturnHints
        {
            MessageId = messageId,
            Recipients = recipients,
            InternetIds = [.. Ids(mail).Concat(AnyId().Matches(whole).Select(match => match.Value)).Distinct(StringComparer.Ordinal).Take(MostIds)],
            Mentioned = Mentions(whole),
            Subject = mail.Subject,
            ReceivedAt = receivedAt,
        };
    }

    private static IEnumerable<ReturnedRecipient> Recipients(ReadMail mail) => mail switch
    {
        { Kind: MailKind.FeedbackReport, Feedback: FeedbackReport.Abuse { Type: not "not-spam" } abuse } =>
            Named(abuse.Recipients).Select(address => new ReturnedRecipient(address, ReturnKind.Complained, "", "feedback", abuse.Type)),
        { Kind: MailKind.Bounce or MailKind.Delay or MailKind.DeliveryNotice, Reported.Count: > 0 } => mail.Reported.Select(Told),
        { Kind: MailKind.Bounce } => [new ReturnedRecipient("", ReturnKind.Bounced, "", "", mail.Subject)],
        { Kind: MailKind.Delay } => [new ReturnedRecipient("", ReturnKind.Delayed, "", "", mail.Subject)],
        { Kind: MailKind.AutoReply } => [new ReturnedRecipient(AddressText.Fold(mail.From?.Address ?? ""), ReturnKind.Answered, "", "", mail.Subject)],
        _ => [],
    };

    private static IEnumerable<string> Named(IReadOnlyList<string> addresses) => addresses.Count > 0 ? addresses.Select(AddressText.Fold) : [""];

    private static ReturnedRecipient Told(ReportedRecipient told) => new(
        AddressText.Fold(told.Recipient),
        told switch
        {
            { Action: "delayed" } or { Class: 4 } => ReturnKind.Delayed,
            { Class: 2 } => ReturnKind.Delivered,
            _ => ReturnKind.Bounced,
        },
        told.Status ?? "",
        told.Reason,
        told.Diagnostic ?? told.Status ?? "");

    /// <summary>What is enclosed says more than what is answered: a report may stand in a thread of its own.</summary>
    private static IEnumerable<string> Ids(ReadMail mail) =>
        [.. mail.Reported.Select(told => told.OriginalMessageId).OfType<string>(), .. mail.InReplyTo is { } answered ? [answered] : Array.Empty<string>(), .. mail.References.Reverse()];

    private static List<Guid> Mentions(string text) =>
        [.. OurId().Matches(text).Take(MostMentions).Select(match => Guid.ParseExact(match.Groups[1].Value, "N")).Distinct()];

    private static async Task<string> BeginningAsync(Stream raw, CancellationToken cancel)
    {
        raw.Position = 0;
        var bytes = new byte[Math.Min(raw.Length, MostScanned)];
        await raw.ReadExactlyAsync(bytes, cancel);
        return System.Text.Encoding.Latin1.GetString(bytes);
    }

    /// <summary>Whatever stands in brackets as a Message-ID does: some reporters enclose the mail in a form of their own.</summary>
    [GeneratedRegex(@"<[^<>\s@]{1,400}@[^<>\s@]{1,255}>", RegexOptions.NonBacktracking)]
    private static partial Regex AnyId();

    /// <summary>In our header, or before the @ of a Message-ID of ours.</summary>
    [GeneratedRegex(@"(?:X-Passerelle-Letter:\s*|<|&lt;)([0-9a-f]{32})\b", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex OurId();
}
