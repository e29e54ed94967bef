using MimeKit;
using MimeKit.Utils;

namespace Passerelle.Lab.Exchange;

/// <summary>What a person of the lab writes.</summary>
internal sealed record Draft
{
    public required IReadOnlyList<string> To { get; init; }
    public IReadOnlyList<string> Cc { get; init; } = [];
    public string Subject { get; init; } = "";
    public string Text { get; init; } = "";

    /// <summary>Null: plain text only.</summary>
    public string? Html { get; init; }

    /// <summary>Message-ID of the mail that is answered, with or without angle brackets.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>Of the mail that is answered, oldest first; the answered one is added.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>An answer to everybody of the mail but oneself.</summary>
    public static Draft Answer(StoredMail mail, string text) => new()
    {
        To = [AddressIn(mail.From)],
        Subject = mail.Subject.StartsWith("Re:", StringComparison.OrdinalIgnoreCase) ? mail.Subject : $"Re: {mail.Subject}",
        Text = text,
        InReplyTo = mail.MessageId,
        References = mail.References,
    };

    private static string AddressIn(string from) =>
        InternetAddressList.TryParse(from, out var list) ? list.Mailboxes.FirstOrDefault()?.Address ?? "" : "";
}

/// <summary>Writes and submits as a person of the lab, by the same way as that person's own mail program.</summary>
internal sealed class Composer(Transport transport)
{
    public const int MostRecipients = 100;

    /// <returns>The Message-ID, or null when an address cannot be read, or there are none or too many.</returns>
    public async Task<string?> SendAsync(Submitter submitter, Draft draft, CancellationToken cancel)
    {
        string[] recipients = [.. draft.To.Concat(draft.Cc)];
        if (recipients.Length is 0 or > MostRecipients || !recipients.All(IsAddress)) return null;
        return await transport.SubmitAsync(
            submitter, submitter.Address, recipients, Write(submitter, draft), $"webmail.{submitter.Domain}", cancel);
    }

    private static bool IsAddress(string text) =>
        MailboxAddress.TryParse(text, out var mailbox) && MailAddress.TryParse(mailbox.Address, out _) && mailbox.Address == text;

    private static byte[] Write(Submitter submitter, Draft draft)
    {
        using var mail = new MimeMessage { Date = submitter.Lab.Time.GetUtcNow(), Subject = OneLine(draft.Subject) };
        mail.From.Add(new MailboxAddress(submitter.DisplayName, submitter.Address));
        mail.To.AddRange(draft.To.Select(to => new MailboxAddress("", to)));
        mail.Cc.AddRange(draft.Cc.Select(cc => new MailboxAddress("", cc)));
        mail.MessageId = MimeUtils.GenerateMessageId(submitter.Domain);
        foreach (var reference in draft.References) Thread(mail, reference);
        if (MessageIds.First(Bracketed(draft.InReplyTo ?? "")) is { } answered)
        {
            mail.InReplyTo = answered;
            Thread(mail, answered);
        }

        mail.Body = new BodyBuilder { TextBody = draft.Text, HtmlBody = draft.Html }.ToMessageBody();
        using var stream = new MemoryStream();
        mail.WriteTo(new FormatOptions { NewLineFormat = NewLineFormat.Dos }, stream);
        return stream.ToArray();
    }

    private static void Thread(MimeMessage mail, string reference)
    {
        if (MessageIds.First(Bracketed(reference)) is { } id && !mail.References.Contains(id)) mail.References.Add(id);
    }

    private static string Bracketed(string id) => $"<{id.Trim('<', '>')}>";

    /// <summary>A line break in a subject would start a header of the writer's own making.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
