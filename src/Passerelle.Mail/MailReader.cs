using MimeKit;
using Passerelle.Mail.Bodies;
using Passerelle.Mail.Bounces;
using Passerelle.Mail.Calendar;
using Passerelle.Mail.Feedback;
using Passerelle.Mail.Kinds;
using Passerelle.Mail.NewWords;
using Passerelle.Mail.Threading;

namespace Passerelle.Mail;

/// <summary>Turns raw bytes into a <see cref="ReadMail"/>. Any bytes: what cannot be read is a mail of kind unreadable,
/// never an exception. Pure and thread-safe.</summary>
public static class MailReader
{
    public static ReadMail Read(ReadOnlyMemory<byte> raw, ReadingContext context)
    {
        using var stream = RawMail.Open(raw);
        return Read(stream, context);
    }

    /// <param name="raw">Seekable, read from its start; its own I/O errors pass through. Left open.</param>
    public static ReadMail Read(Stream raw, ReadingContext context)
    {
        using Stream? lines = RawMail.WithLineFeeds(raw);
        return ReadLines(lines ?? raw, context);
    }

    private static ReadMail ReadLines(Stream raw, ReadingContext context)
    {
        try
        {
            using MimeMessage message = RawMail.ParseOpened(raw, context.Bounds);
            return Read(message, context);
        }
        catch (BoundBrokenException broken)
        {
            return Unreadable.Because(broken.Message, raw, context);
        }
        catch (FormatException)
        {
            return Unreadable.Because("It does not begin with headers, so it is not a mail", raw, context);
        }
        catch (Exception failure) when (failure is not (IOException or ObjectDisposedException or OutOfMemoryException))
        {
            // A parser that trips over hostile bytes must cost us one mail, not the worker.
            return Unreadable.Because($"Parser failed: {failure.GetType().Name}", raw, context);
        }
    }

    private static ReadMail Read(MimeMessage message, ReadingContext context)
    {
        MailBody body = MailBody.Of(message, context.Bounds);
        FeedbackReport? feedback = FeedbackReader.Read(message);
        BounceFindings? bounce = feedback is null ? BounceReader.Read(message, context) : null;
        string? sign = AutomaticSigns.First(message, context);
        IReadOnlyList<ReportedRecipient> reported = bounce?.Recipients ?? Complaints.Of(feedback, message);
        ReadMail headers = Headers.Of(message);
        Reply reply = ReplyOf(body, context.Bounds);
        return headers with
        {
            Correspondent = Correspondent.Of(message, headers, context),
            ResentFrom = Headers.AllOf(message, HeaderId.ResentFrom),
            ResentTo = Headers.AllOf(message, HeaderId.ResentTo),
            Protection = ProtectionFinder.Of(message, body),
            ForwardingForbidden = ForbiddenForwarding.In(message, body, reported),
            EnvelopeFrom = context.EnvelopeFrom,
            Text = body.Text,
            Reply = reply,
            SafeHtml = body.SafeHtml,
            RemoteImages = body.RemoteImages,
            Attachments = body.Attachments,
            Reported = reported,
            Feedback = feedback,
            Calendars = CalendarParts.In(message),
            AutomaticSign = sign,
            Judgement = KindJudge.Judge(message, body, feedback, bounce, sign, AbsenceNotice.In(headers.Subject, Answers(headers), reply), context),
            Digest = ContentDigest.Of(message, body),
        };
    }

    private static bool Answers(ReadMail mail) => mail.InReplyTo is not null || mail.References.Count > 0 || BaseSubject.OfAnyLanguage(mail.Subject).Depth > 0;

    /// <summary>HTML is only asked where there is no plain text: the person's program wrote both from the same words.</summary>
    private static Reply ReplyOf(MailBody body, ReadingBounds bounds) =>
        string.IsNullOrWhiteSpace(body.WholeText) && body.WholeHtml.Length > 0
            ? ReplyText.CutHtml(body.WholeHtml.Length <= bounds.MaxHtmlCharacters ? body.WholeHtml : body.WholeHtml[..bounds.MaxHtmlCharacters])
            : ReplyText.Cut(body.Prose);
}
