using MimeKit;
using MimeKit.Utils;

namespace Passerelle.Lab.Exchange;

/// <summary>What a mailbox answers by itself.</summary>
internal static class AutoReply
{
    /// <summary>Even the naive responder stops somewhere, or two of them would fill the lab's disk.</summary>
    private const int LongestThread = 20;

    /// <returns>Null when this mail is not answered. The null sender never is: there is nobody to answer.</returns>
    public static (string ReversePath, byte[] Raw)? To(StoredMail received, Submitter owner, AutoResponder responder) => responder switch
    {
        AutoResponder.OutOfOffice when !received.IsAutomatic => ("", Write(received, owner, automatic: true)),
        AutoResponder.Naive when received.ReversePath.Length > 0 && received.References.Count < LongestThread
            => (owner.Address, Write(received, owner, automatic: false)),
        _ => null,
    };

    private static byte[] Write(StoredMail received, Submitter owner, bool automatic)
    {
        using var reply = new MimeMessage { Date = owner.Lab.Time.GetUtcNow() };
        reply.From.Add(new MailboxAddress(owner.DisplayName, owner.Address));
        reply.To.Add(new MailboxAddress("", received.ReversePath));
        reply.Subject = $"{(automatic ? "Automatic reply" : "Re")}: {received.Subject}";
        reply.MessageId = MimeUtils.GenerateMessageId(owner.Domain);
        foreach (var reference in received.References) reply.References.Add(reference);
        if (received.MessageId is { } id)
        {
            reply.InReplyTo = id;
            reply.References.Add(id);
        }

        if (automatic)
        {
            reply.Headers.Add(HeaderId.AutoSubmitted, "auto-replied");
            reply.Headers.Add("X-Auto-Response-Suppress", "All");
        }

        reply.Body = new TextPart("plain") { Text = "I am out of the office and will answer when I am back.\r\n" };
        using var stream = new MemoryStream();
        reply.WriteTo(new FormatOptions { NewLineFormat = NewLineFormat.Dos }, stream);
        return stream.ToArray();
    }
}
