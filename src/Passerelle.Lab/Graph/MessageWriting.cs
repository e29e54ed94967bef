using System.Text.Json.Nodes;
using MimeKit;
using MimeKit.Utils;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>Turns a message as JSON into a mail, and changes one by what a PATCH names (facts §4.3).</summary>
internal static class MessageWriting
{
    private const int MostHeaders = 5;

    /// <exception cref="GraphFault">400: a part cannot be.</exception>
    public static MimeMessage New(JsonObject message, UserPlace owner)
    {
        var mime = new MimeMessage { Date = owner.Lab.Time.GetUtcNow(), MessageId = MimeUtils.GenerateMessageId(MailAddress.DomainOf(owner.User.Address)) };
        mime.From.Add(new MailboxAddress(owner.User.DisplayName, owner.User.Address));
        Apply(mime, message, owner);
        if (mime.Body is null) Recompose(mime, _ => { });
        return mime;
    }

    public static void Apply(MimeMessage mime, JsonObject message, UserPlace owner)
    {
        if (message.ContainsKey("subject")) mime.Subject = OneLine(message.Text("subject") ?? "");
        Addresses(mime.To, message, "toRecipients");
        Addresses(mime.Cc, message, "ccRecipients");
        Addresses(mime.Bcc, message, "bccRecipients");
        Addresses(mime.ReplyTo, message, "replyTo");
        if (message.Object("from") is { } from) From(mime, Address(from), owner);
        if (message.Text("importance") is { } importance)
        {
            mime.Importance = Enum.TryParse(importance, ignoreCase: true, out MessageImportance parsed) ? parsed
                : throw GraphFault.Bad("Invalid value specified for property 'importance' of resource 'Message'.");
        }

        Headers(mime, [.. message.Objects("internetMessageHeaders")]);
        var body = message.Object("body");
        JsonObject[] attachments = [.. message.Objects("attachments")];
        if (body is not null || attachments.Length > 0)
        {
            Recompose(mime, parts =>
            {
                if (body is not null) Body(parts, body);
                foreach (var attachment in attachments) parts.Attachments.Add(Attachment(attachment));
            });
        }
    }

    public static MimePart Attachment(JsonObject attachment)
    {
        if (attachment.Text("@odata.type") is not (null or "#microsoft.graph.fileAttachment" or "microsoft.graph.fileAttachment"))
            throw GraphFault.Bad("The lab keeps files only: send a fileAttachment.");
        return Attachment(attachment.Text("name").Needed("name", "Attachment"), attachment.Text("contentType"),
            Base64(attachment.Text("contentBytes").Needed("contentBytes", "Attachment")), attachment.Flag("isInline") == true, attachment.Text("contentId"));
    }

    public static MimePart Attachment(string name, string? contentType, byte[] bytes, bool inline, string? contentId)
    {
        var type = contentType is not null && ContentType.TryParse(contentType, out var parsed) ? parsed : new ContentType("application", "octet-stream");
        return new MimePart(type)
        {
            Content = new MimeContent(new MemoryStream(bytes)),
            ContentDisposition = new ContentDisposition(inline ? ContentDisposition.Inline : ContentDisposition.Attachment),
            ContentTransferEncoding = ContentEncoding.Base64,
            ContentId = contentId ?? MimeUtils.GenerateMessageId(),
            FileName = name,
        };
    }

    /// <summary>Builds the body anew: its texts and attachments as they are, changed by the caller.</summary>
    public static void Recompose(MimeMessage mime, Action<BodyBuilder> change)
    {
        var parts = new BodyBuilder { TextBody = mime.TextBody, HtmlBody = mime.HtmlBody };
        foreach (var attachment in Files(mime)) parts.Attachments.Add(attachment);
        change(parts);
        mime.Body = parts.ToMessageBody();
    }

    public static IReadOnlyList<MimePart> Files(MimeMessage mime) => mime.Body is null ? []
        : [.. mime.BodyParts.OfType<MimePart>().Where(part => part.IsAttachment || part.FileName is not null)];

    public static byte[] Bytes(MimeMessage mime)
    {
        using var stream = new MemoryStream();
        mime.WriteTo(new FormatOptions { NewLineFormat = NewLineFormat.Dos }, stream);
        return stream.ToArray();
    }

    /// <summary>Somebody else's name in From: Exchange decides at sending whether it may stand there.</summary>
    private static void From(MimeMessage mime, MailboxAddress from, UserPlace owner)
    {
        mime.From.Clear();
        var known = owner.Directory.UserByAddress(from.Address);
        mime.From.Add(new MailboxAddress(string.IsNullOrEmpty(from.Name) ? known?.DisplayName ?? "" : from.Name, from.Address));
        mime.Sender = owner.User.Answers(from.Address) || known?.Mailbox is not { } other || !other.GrantSendOnBehalfTo.Contains(owner.User.Address, StringComparer.OrdinalIgnoreCase)
            ? null
            : new MailboxAddress(owner.User.DisplayName, owner.User.Address);
    }

    private static void Addresses(InternetAddressList list, JsonObject message, string name)
    {
        if (!message.ContainsKey(name)) return;
        list.Clear();
        list.AddRange(message.Objects(name).Select(Address));
    }

    private static MailboxAddress Address(JsonObject recipient)
    {
        var address = recipient.Object("emailAddress") ?? throw InvalidRecipients();
        return MailboxAddress.TryParse(address.Text("address") ?? "", out var parsed) && MailAddress.TryParse(parsed.Address, out _)
            ? new MailboxAddress(OneLine(address.Text("name") ?? ""), parsed.Address)
            : throw InvalidRecipients();
    }

    public static GraphFault InvalidRecipients() =>
        new(StatusCodes.Status400BadRequest, "ErrorInvalidRecipients", "At least one recipient isn't valid., At least one recipient isn't valid.");

    /// <summary>Only names of one's own: the standard ones are Exchange's.</summary>
    private static void Headers(MimeMessage mime, JsonObject[] headers)
    {
        if (headers.Length > MostHeaders)
            throw new GraphFault(StatusCodes.Status400BadRequest, "InvalidInternetMessageHeaderCollection", "Maximum number of headers in one message should be less than or equal to 5.");
        foreach (var header in headers)
        {
            var name = header.Text("name") ?? "";
            if (!name.StartsWith("x-", StringComparison.OrdinalIgnoreCase) || name.Length < 3 || name.Any(c => c is <= ' ' or ':' or > '~'))
                throw new GraphFault(StatusCodes.Status400BadRequest, "InvalidInternetMessageHeader", $"The internet message header name '{name}' should start with 'x-' or 'X-'.");
            mime.Headers.Replace(name, OneLine(header.Text("value") ?? ""));
        }
    }

    private static void Body(BodyBuilder parts, JsonObject body)
    {
        var html = body.Text("contentType")?.Equals("html", StringComparison.OrdinalIgnoreCase) == true;
        parts.HtmlBody = html ? body.Text("content") ?? "" : null;
        parts.TextBody = html ? null : body.Text("content") ?? "";
    }

    private static byte[] Base64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw GraphFault.Bad("Invalid value specified for property 'contentBytes' of resource 'Attachment'.");
        }
    }

    /// <summary>A line break would start a header of the writer's own making.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
