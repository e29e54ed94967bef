using MimeKit;
using Passerelle.Mail.Bodies;
using Passerelle.Mail.Bounces.Dialects;
using Passerelle.Mail.Kinds;

namespace Passerelle.Mail.Bounces;

/// <summary>Reads what a mail tells of another's delivery: the standard form first, then a service's notice, then the dialects.</summary>
internal static class BounceReader
{
    /// <returns>Null when the mail is no such report.</returns>
    public static BounceFindings? Read(MimeMessage message, ReadingContext context)
    {
        DeliveryReport? report = DeliveryReport.In(message);
        if (report is null && !MayBeOne(message, context)) return null;
        var text = ReportText.Of(message);
        var original = OriginalMail.In(message, text);
        return Standard(report, message, text, original)
            ?? SesNotice.Read(text)
            ?? Enclosed(message, context)
            ?? InDialect(message, text, original, context)
            ?? Unspecific(message, text, original, context);
    }

    /// <summary>A gateway that wraps the report it got into one of its own.</summary>
    private static BounceFindings? Enclosed(MimeMessage message, ReadingContext context) =>
        BounceSender.Wrote(message, context) || NamesItself(message) is not null
            ? PartWalk.Of(message).Select(part => part.Entity).OfType<MessagePart>().Select(part => part.Message)
                .Where(enclosed => enclosed is not null && DeliveryReport.In(enclosed) is not null)
                .Select(enclosed => Read(enclosed!, new ReadingContext { Bounds = context.Bounds })).FirstOrDefault(found => found is not null)
            : null;

    /// <summary>Whether it is worth to read the words: ordinary mail is not searched for dialects.</summary>
    private static bool MayBeOne(MimeMessage message, ReadingContext context) =>
        BounceSender.Wrote(message, context)
        || BounceSender.IsMachine(message)
        || NamesItself(message) is not null
        || SesNotice.MayBeOne(message)
        || Habits.BounceSubject().IsMatch(message.Subject ?? "");

    private static BounceFindings? Standard(DeliveryReport? report, MimeMessage message, ReportText text, OriginalMail original)
    {
        if (report is not { PerRecipient.Count: > 0 }) return null;
        var told = DialectReader.Read(message, text);
        List<ReportedRecipient> recipients = report.Recipients(text, told?.Failures ?? [], told?.Dialect.Command ?? "", original);
        if (recipients.Count == 1 && !recipients[0].Recipient.Contains('@') && Named(message, original).FirstOrDefault() is { } named)
            recipients = [recipients[0] with { Recipient = named }];
        // One failed recipient makes it a bounce, whatever became of the others.
        ReportedRecipient worst = recipients.OrderByDescending(recipient => recipient.Action is "failed" or "" ? 9 : recipient.Class).First();
        MailKind kind = worst.Action switch
        {
            "delayed" => MailKind.Delay,
            "delivered" or "relayed" or "expanded" => MailKind.DeliveryNotice,
            _ => MailKind.Bounce,
        };
        return new(Evidence.Sure(kind, $"Action: {worst.Action}, Status: {worst.Status}"), recipients);
    }

    private static BounceFindings? InDialect(MimeMessage message, ReportText text, OriginalMail original, ReadingContext context)
    {
        if (DialectReader.Read(message, text) is not { } told) return null;
        bool delayed = Habits.DelaySubject().IsMatch(message.Subject ?? "") || Habits.StillTrying().IsMatch(text.Own);
        string evidence = $"the words of {told.Dialect.Name}: {message.Subject}";
        MailKind kind = delayed ? MailKind.Delay : MailKind.Bounce;
        return new(
            BounceSender.Wrote(message, context) ? Evidence.Sure(kind, evidence) : Evidence.Likely(kind, evidence),
            Recipients(told.Failures, message, text, original, delayed, told.Dialect));
    }

    /// <summary>No dialect that we know, but a mail server wrote it, or it says so in a header.</summary>
    private static BounceFindings? Unspecific(MimeMessage message, ReportText text, OriginalMail original, ReadingContext context)
    {
        bool subject = Habits.BounceSubject().IsMatch(message.Subject ?? "");
        bool delayed = Habits.DelaySubject().IsMatch(message.Subject ?? "");
        List<ReportedRecipient> Guess() => Recipients(DialectReader.Guess(text), message, text, original, delayed, null);
        if (NamesItself(message) is { } field) return new(Evidence.Sure(MailKind.Bounce, field), Guess());
        if (!BounceSender.Wrote(message, context) || (!subject && AbsenceNotice.IsSubject(message.Subject ?? ""))) return null;
        if (!subject && message.Headers[HeaderId.AutoSubmitted] is not null) return null; // an answering machine with a null sender
        return new(Evidence.Likely(delayed ? MailKind.Delay : MailKind.Bounce, $"a mail server wrote it: {message.Subject}"), Guess());
    }

    /// <returns>A header that only reports carry; null without one.</returns>
    private static string? NamesItself(MimeMessage message) =>
        message.Headers.FirstOrDefault(header => header.Field.ToLowerInvariant() is "x-ms-exchange-message-is-ndr" or "x-failed-recipients")?.Field
        ?? (message.Body?.ContentType.Parameters["report-type"]?.ToLowerInvariant() is "delivery-status" ? "report-type=delivery-status" : null);

    private static List<ReportedRecipient> Recipients(
        IReadOnlyList<ToldFailure> told, MimeMessage message, ReportText text, OriginalMail original, bool delayed, Dialect? dialect)
    {
        if (told.Count == 0) told = [.. Named(message, original).Select(address => new ToldFailure(address, text.Own))];
        return [.. told.Select(failure =>
        {
            string around = told.Count == 1 ? text.Own : "";
            string? status = BounceCodes.StatusIn(failure.Words) ?? BounceCodes.StatusIn(around);
            return new ReportedRecipient(
                failure.Recipient,
                delayed ? "delayed" : "failed",
                status,
                BounceCodes.ClassOf(status, delayed ? $"will be retried {failure.Words}" : failure.Words),
                AddressText.OneLine(failure.Words, 1000),
                original.MessageId,
                dialect?.Reason ?? BounceCodes.Reason(delayed ? $"{failure.Words} (has been delayed)" : failure.Words, around, status, dialect?.Command ?? ""));
        })];
    }

    /// <summary>For whom it failed, where the words name nobody: a header that says it, else whom the returned mail was written to.</summary>
    private static IEnumerable<string> Named(MimeMessage message, OriginalMail original) =>
        message.Headers["X-Failed-Recipients"] is { } named && InternetAddressList.TryParse(named, out var list) && list.Count > 0
            ? list.Mailboxes.Select(box => AddressText.OneLine(box.Address))
            : original.To.Take(1);
}
