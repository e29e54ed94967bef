using MimeKit;
using Passerelle.Mail.Bodies;
using Passerelle.Mail.Bounces;
using Passerelle.Mail.Feedback;
using Passerelle.Mail.Threading;

namespace Passerelle.Mail.Kinds;

/// <summary>Decides the kind: what the structure says before what headers say before what habits say.</summary>
internal static class KindJudge
{
    public static KindJudgement Judge(MimeMessage message, MailBody body, FeedbackReport? feedback, BounceFindings? bounce, string? sign, string? absence, ReadingContext context) =>
        Canary(message, context)
        ?? Feedback(feedback, message)
        ?? Report(message)
        ?? AggregateReport(message, body)
        ?? bounce?.Judgement
        ?? ForwardingConfirmation(message)
        ?? Calendar(body)
        ?? AutoReply(message, absence)
        ?? MailingList(message)
        ?? Signed(sign)
        ?? Habit(message)
        ?? new KindJudgement(MailKind.Human, Certainty.Likely, "nothing speaks against a person");

    private static KindJudgement? Canary(MimeMessage message, ReadingContext context) =>
        message.Headers["X-Passerelle-Canary"]?.Trim() is { Length: > 0 } value && context.IsCanary(value)
            ? Evidence.Sure(MailKind.Canary, "X-Passerelle-Canary")
            : null;

    /// <summary>A report answers nothing and forwards nothing: one attached to such a mail is what a person speaks of.</summary>
    private static KindJudgement? Feedback(FeedbackReport? feedback, MimeMessage message) => feedback switch
    {
        FeedbackReport.DmarcAggregate or FeedbackReport.Tls when IsOfPerson(message) => null,
        FeedbackReport.Abuse abuse => Evidence.Sure(MailKind.FeedbackReport, $"message/feedback-report: {abuse.Type}"),
        FeedbackReport.DmarcAggregate dmarc => Evidence.Sure(MailKind.FeedbackReport, $"DMARC report of {dmarc.Organisation} on {dmarc.Domain}"),
        FeedbackReport.Tls tls => Evidence.Sure(MailKind.FeedbackReport, $"TLS report of {tls.Organisation}"),
        _ => null,
    };

    /// <summary>multipart/report (RFC 6522), and the parts that some servers send without that wrapping.</summary>
    private static KindJudgement? Report(MimeMessage message)
    {
        if (PartWalk.Of(message).FirstOrDefault(part => part.Type is "message/feedback-report" or "application/tlsrpt+gzip" or "application/tlsrpt+json") is { } feedback)
            return Evidence.Sure(MailKind.FeedbackReport, feedback.Type);
        if (PartWalk.Of(message).Any(part => part.Type is "message/disposition-notification"))
            return Evidence.Sure(MailKind.ReadReceipt, "message/disposition-notification");
        return message.Body?.ContentType.Parameters["report-type"]?.ToLowerInvariant() switch
        {
            "feedback-report" or "tlsrpt" => Evidence.Sure(MailKind.FeedbackReport, "multipart/report"),
            "disposition-notification" => Evidence.Sure(MailKind.ReadReceipt, "multipart/report; report-type=disposition-notification"),
            _ => null,
        };
    }

    private static bool IsOfPerson(MimeMessage message) =>
        message.Headers[HeaderId.AutoSubmitted] is null && (message.InReplyTo is not null || BaseSubject.OfAnyLanguage(message.Subject ?? "").IsReplyOrForward);

    private static KindJudgement? AggregateReport(MimeMessage message, MailBody body) =>
        IsOfPerson(message) ? null : Habits.ComplaintSubject().IsMatch(message.Subject ?? "") || (Habits.DmarcSubject().IsMatch(message.Subject ?? "") && (message.Headers[HeaderId.AutoSubmitted] is not null || body.Attachments.Any(file =>
            file.Type is "application/zip" or "application/gzip" or "application/x-gzip" or "text/xml" or "application/xml" or "application/octet-stream")))
            ? Evidence.Likely(MailKind.FeedbackReport, $"Subject: {message.Subject}")
            : null;

    private static KindJudgement? ForwardingConfirmation(MimeMessage message) =>
        Headers.AllOf(message, HeaderId.From) is [{ Address: var from }, ..] && AddressText.Same(from, ForwardingRequest.GoogleSender)
            ? Evidence.Likely(MailKind.ForwardingConfirmation, from)
            : null;

    private static KindJudgement? Calendar(MailBody body) => body.CalendarMethod switch
    {
        null => null,
        "" => Evidence.Likely(MailKind.Calendar, "text/calendar"),
        var method => Evidence.Sure(MailKind.Calendar, $"text/calendar; method={method}"),
    };

    /// <param name="absence">What its words say: <see cref="AbsenceNotice"/>.</param>
    private static KindJudgement? AutoReply(MimeMessage message, string? absence) =>
        message.Headers[HeaderId.AutoSubmitted]?.Trim() is { } value && !value.StartsWith("no", StringComparison.OrdinalIgnoreCase)
            ? Evidence.Sure(MailKind.AutoReply, $"Auto-Submitted: {value}")
            : message.Headers.FirstOrDefault(AutomaticSigns.IsOfAnsweringMachine) is { } header
                ? Evidence.Sure(MailKind.AutoReply, $"{header.Field}: {header.Value}")
                : absence is not null
                    ? Evidence.Likely(MailKind.AutoReply, absence)
                    : null;

    private static KindJudgement? MailingList(MimeMessage message) =>
        message.Headers.Contains(HeaderId.ListId) || message.Headers.Contains(HeaderId.ListPost)
            ? Evidence.Sure(MailKind.MailingList, $"List-Id: {message.Headers[HeaderId.ListId]}")
            : message.Headers[HeaderId.Precedence]?.Trim().ToLowerInvariant() is "list" or "bulk" || message.Headers.Contains(HeaderId.ListUnsubscribe)
                ? Evidence.Likely(MailKind.MailingList, "Precedence or List-Unsubscribe")
                : null;

    /// <summary>A machine wrote it, though it does not say which; a person's client may set X-Auto-Response-Suppress or X-Loop.</summary>
    private static KindJudgement? Signed(string? sign) => sign switch
    {
        null => null,
        _ when sign.StartsWith("X-Auto-Response-Suppress", StringComparison.OrdinalIgnoreCase) => null,
        _ when sign.StartsWith("X-Loop", StringComparison.OrdinalIgnoreCase) => null,
        _ => Evidence.Likely(MailKind.AutoReply, sign),
    };

    private static KindJudgement? Habit(MimeMessage message) =>
        Habits.BounceSubject().IsMatch(message.Subject ?? "") && Headers.AllOf(message, HeaderId.From).Count == 0
            ? Evidence.Likely(MailKind.Bounce, $"Subject: {message.Subject}")
            : null;
}
