using MimeKit;
using MimeKit.Utils;

namespace Passerelle.Lab.Exchange;

/// <summary>The new mail that a mailbox's rule writes when it forwards (a redirect keeps the mail, a forward does not:
/// facts/microsoft365.md §6.1, §6.3).</summary>
internal static class RuleForward
{
    public static byte[] Write(Transit mail, Submitter owner, string to, bool asAttachment)
    {
        using var original = MimeMessage.Load(new MemoryStream(mail.Raw, writable: false));
        using var forward = new MimeMessage { Date = owner.Lab.Time.GetUtcNow(), Subject = $"FW: {original.Subject}" };
        forward.From.Add(new MailboxAddress(owner.DisplayName, owner.Address));
        forward.To.Add(new MailboxAddress("", to));
        forward.MessageId = MimeUtils.GenerateMessageId(owner.Domain);
        if (original.MessageId is { Length: > 0 } id)
        {
            forward.References.Add(id);
            forward.Headers.Add("X-MS-Exchange-Parent-Message-Id", $"<{id}>");
        }

        forward.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        forward.Headers.Add("X-MS-Exchange-Generated-Message-Source", "Mailbox Rules Agent");
        forward.Headers.Add(InboxRules.LoopHeader, owner.Address);
        forward.Body = asAttachment ? Attached(original) : Quoted(original);
        using var stream = new MemoryStream();
        forward.WriteTo(new FormatOptions { NewLineFormat = NewLineFormat.Dos }, stream);
        return stream.ToArray();
    }

    private static Multipart Attached(MimeMessage original) =>
        [new TextPart("plain") { Text = "" }, new MessagePart("rfc822") { Message = original }];

    private static MimeEntity Quoted(MimeMessage original)
    {
        var builder = new BodyBuilder
        {
            TextBody = $"""
                ________________________________
                From: {original.From}
                Sent: {original.Date:R}
                To: {original.To}
                Subject: {original.Subject}

                {original.TextBody ?? original.HtmlBody}
                """,
        };
        foreach (var attachment in original.Attachments) builder.Attachments.Add(attachment);
        return builder.ToMessageBody();
    }
}
