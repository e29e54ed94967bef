using MimeKit;
using Passerelle.Mail.Bodies;
using Passerelle.Mail.Bounces;

namespace Passerelle.Mail.Kinds;

/// <summary>Decides the kind: what the structure says before what headers say before what habits say.</summary>
internal static class KindJudge
{
    public static KindJudgement Judge(MimeMessage message, MailBody body, DeliveryReport? report, string? sign, ReadingContext context) =>
        Canary(message, context)
        ?? Report(message, report)
        ?? AggregateReport(message, body)
        ?? NonStandardBounce(message, context)
        ?? ForwardingConfirmation(message)
        ?? Calendar(body)
        ?? AutoReply(message)
        ?? MailingList(message)
        ?? Signed(sign)
        ?? Habit(message)
        ?? new KindJudgement(MailKind.Human, Certainty.Likely, "nothing speaks against a person");

    private static KindJudgement Sure(MailKind kind, string evidence) => new(kind, Certainty.Sure, AddressText.OneLine(evidence, 200));

    private static KindJudgement Likely(MailKind kind, string evidence) => new(kind, Certainty.Likely, AddressText.OneLine(evidence, 200));

    private static KindJudgement? Canary(MimeMessage message, ReadingContext context) =>
        message.Headers["X-Passerelle-Canary"]?.Trim() is { Length: > 0 } value && context.IsCanary(value)
            ? Sure(MailKind.Canary, "X-Passerelle-Canary")
            : null;

    /// <summary>multipart/report (RFC 6522), and the parts that some servers send without that wrapping.</summary>
    private static KindJudgement? Report(MimeMessage message, DeliveryReport? report)
    {
        if (report is { PerRecipient.Count: > 0 }) return Delivery(report);
        if (PartWalk.Of(message).FirstOrDefault(part => part.Type is "message/feedback-report" or "application/tlsrpt+gzip" or "application/tlsrpt+json") is { } feedback)
            return Sure(MailKind.FeedbackReport, feedback.Type);
        if (PartWalk.Of(message).Any(part => part.Type is "message/disposition-notification"))
            return Sure(MailKind.ReadReceipt, "message/disposition-notification");
        return message.Body?.ContentType.Parameters["report-type"]?.ToLowerInvariant() switch
        {
            "delivery-status" => Sure(MailKind.Bounce, "multipart/report; report-type=delivery-status"),
            "feedback-report" or "tlsrpt" => Sure(MailKind.FeedbackReport, "multipart/report"),
            "disposition-notification" => Sure(MailKind.ReadReceipt, "multipart/report; report-type=disposition-notification"),
            _ => null,
        };
    }

    /// <summary>One failed recipient makes it a bounce, whatever became of the others.</summary>
    private static KindJudgement Delivery(DeliveryReport report)
    {
        IReadOnlyList<ReportedRecipient> recipients = report.Recipients;
        ReportedRecipient worst = recipients.OrderByDescending(recipient => recipient.Action is "failed" or "" ? 9 : recipient.Class).First();
        MailKind kind = worst.Action switch
        {
            "delayed" => MailKind.Delay,
            "delivered" or "relayed" or "expanded" => MailKind.DeliveryNotice,
            _ => MailKind.Bounce,
        };
        return Sure(kind, $"Action: {worst.Action}, Status: {worst.Status}");
    }

    private static KindJudgement? AggregateReport(MimeMessage message, MailBody body) =>
        Habits.ComplaintSubject().IsMatch(message.Subject ?? "") || (Habits.DmarcSubject().IsMatch(message.Subject ?? "") && (message.Headers[HeaderId.AutoSubmitted] is not null || body.Attachments.Any(file =>
            file.Type is "application/zip" or "application/gzip" or "application/x-gzip" or "text/xml" or "application/xml" or "application/octet-stream")))
            ? Likely(MailKind.FeedbackReport, $"Subject: {message.Subject}")
            : null;

    private static KindJudgement? NonStandardBounce(MimeMessage message, ReadingContext context)
    {
        if (message.Headers.FirstOrDefault(header => header.Field.ToLowerInvariant() is "x-ms-exchange-message-is-ndr" or "x-failed-recipients") is { } ndr)
            return Sure(MailKind.Bounce, ndr.Field);
        bool machine = BounceSender.Wrote(message, context);
        bool subject = Habits.BounceSubject().IsMatch(message.Subject ?? "");
        if (!machine || (!subject && Habits.AutoReplySubject().IsMatch(message.Subject ?? ""))) return null;
        if (!subject && message.Headers[HeaderId.AutoSubmitted] is not null) return null; // an answering machine with a null sender
        return Likely(Habits.DelaySubject().IsMatch(message.Subject ?? "") ? MailKind.Delay : MailKind.Bounce, $"a mail server wrote it: {message.Subject}");
    }

    private static KindJudgement? ForwardingConfirmation(MimeMessage message) =>
        Headers.AllOf(message, HeaderId.From) is [{ Address: var from }, ..] && AddressText.Same(from, ForwardingRequest.GoogleSender)
            ? Likely(MailKind.ForwardingConfirmation, from)
            : null;

    private static KindJudgement? Calendar(MailBody body) => body.CalendarMethod switch
    {
        null => null,
        "" => Likely(MailKind.Calendar, "text/calendar"),
        var method => Sure(MailKind.Calendar, $"text/calendar; method={method}"),
    };

    private static KindJudgement? AutoReply(MimeMessage message) =>
        message.Headers[HeaderId.AutoSubmitted]?.Trim() is { } value && !value.StartsWith("no", StringComparison.OrdinalIgnoreCase)
            ? Sure(MailKind.AutoReply, $"Auto-Submitted: {value}")
            : message.Headers["X-Autoreply"] is not null || message.Headers["X-Autorespond"] is not null
                ? Sure(MailKind.AutoReply, "X-Autoreply")
                : Habits.AutoReplySubject().IsMatch(message.Subject ?? "")
                    ? Likely(MailKind.AutoReply, $"Subject: {message.Subject}")
                    : null;

    private static KindJudgement? MailingList(MimeMessage message) =>
        message.Headers.Contains(HeaderId.ListId) || message.Headers.Contains(HeaderId.ListPost)
            ? Sure(MailKind.MailingList, $"List-Id: {message.Headers[HeaderId.ListId]}")
            : message.Headers[HeaderId.Precedence]?.Trim().ToLowerInvariant() is "list" or "bulk" || message.Headers.Contains(HeaderId.ListUnsubscribe)
                ? Likely(MailKind.MailingList, "Precedence or List-Unsubscribe")
                : null;

    /// <summary>A machine wrote it, though it does not say which; a person's client may set X-Auto-Response-Suppress or X-Loop.</summary>
    private static KindJudgement? Signed(string? sign) => sign switch
    {
        null => null,
        _ when sign.StartsWith("X-Auto-Response-Suppress", StringComparison.OrdinalIgnoreCase) => null,
        _ when sign.StartsWith("X-Loop", StringComparison.OrdinalIgnoreCase) => null,
        _ => Likely(MailKind.AutoReply, sign),
    };

    private static KindJudgement? Habit(MimeMessage message) =>
        Habits.BounceSubject().IsMatch(message.Subject ?? "") && Headers.AllOf(message, HeaderId.From).Count == 0
            ? Likely(MailKind.Bounce, $"Subject: {message.Subject}")
            : null;
}
