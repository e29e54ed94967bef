using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using MimeKit;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Graph;

/// <summary>A stored mail in Graph's shape.</summary>
internal static class MessageJson
{
    private const int PreviewLength = 255;

    /// <summary>What comes without <c>$select</c>: everything but the headers.</summary>
    public static readonly string[] Usual =
    [
        "@odata.etag", "id", "createdDateTime", "lastModifiedDateTime", "changeKey", "categories", "receivedDateTime", "sentDateTime",
        "hasAttachments", "internetMessageId", "subject", "bodyPreview", "importance", "parentFolderId", "conversationId",
        "isDeliveryReceiptRequested", "isReadReceiptRequested", "isRead", "isDraft", "webLink", "inferenceClassification", "body", "sender",
        "from", "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "flag",
    ];

    public static string IdOf(Guid mail) => "AAMkA" + WebEncoders.Base64UrlEncode(mail.ToByteArray()) + "=";

    /// <returns>Null when it is no id of ours.</returns>
    public static Guid? Id(string id)
    {
        try
        {
            return id.StartsWith("AAMkA", StringComparison.Ordinal) && WebEncoders.Base64UrlDecode(id[5..].TrimEnd('=')) is { Length: 16 } bytes ? new Guid(bytes) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public static JsonObject Of(StoredMail mail, MimeMessage mime)
    {
        var sent = mime.Date == default ? mail.ReceivedAt : mime.Date;
        return new JsonObject
        {
            ["@odata.etag"] = $"W/\"{mail.Id:N}{mail.Bytes}\"",
            ["id"] = IdOf(mail.Id),
            ["createdDateTime"] = GraphJson.Moment(mail.ReceivedAt),
            ["lastModifiedDateTime"] = GraphJson.Moment(mail.ReceivedAt),
            ["changeKey"] = $"{mail.Id:N}{mail.Bytes}",
            ["categories"] = new JsonArray(),
            ["receivedDateTime"] = GraphJson.Moment(mail.ReceivedAt),
            ["sentDateTime"] = GraphJson.Moment(sent),
            ["hasAttachments"] = mime.Attachments.Any(),
            ["internetMessageId"] = mail.MessageId is { } id ? $"<{id}>" : null,
            ["subject"] = mime.Subject ?? "",
            ["bodyPreview"] = Preview(mime),
            ["importance"] = mime.Importance.ToString().ToLowerInvariant(),
            ["parentFolderId"] = MailFolders.IdOf(mail.Folder),
            ["conversationId"] = "AAQkA" + ((mail.References is [var first, ..] ? first : null) ?? mail.InReplyTo ?? mail.MessageId ?? mail.Id.ToString()),
            ["isDeliveryReceiptRequested"] = null,
            ["isReadReceiptRequested"] = false,
            ["isRead"] = mail.IsRead,
            ["isDraft"] = mail.Folder is MailFolder.Drafts,
            ["webLink"] = $"https://outlook.office365.com/owa/?ItemID={Uri.EscapeDataString(IdOf(mail.Id))}&exvsurl=1&viewmodel=ReadMessageItem",
            ["inferenceClassification"] = "focused",
            ["body"] = Body(mime),
            ["sender"] = Recipient(mime.Sender ?? mime.From.Mailboxes.FirstOrDefault()),
            ["from"] = Recipient(mime.From.Mailboxes.FirstOrDefault()),
            ["toRecipients"] = Recipients(mime.To),
            ["ccRecipients"] = Recipients(mime.Cc),
            ["bccRecipients"] = Recipients(mime.Bcc),
            ["replyTo"] = Recipients(mime.ReplyTo),
            ["flag"] = new JsonObject { ["flagStatus"] = "notFlagged" },
            ["internetMessageHeaders"] = GraphJson.List(mime.Headers.Select(h => new JsonObject { ["name"] = h.Field, ["value"] = h.Value })),
        };
    }

    private static JsonObject Body(MimeMessage mime) => mime.HtmlBody is { } html
        ? new JsonObject { ["contentType"] = "html", ["content"] = html }
        : new JsonObject { ["contentType"] = "text", ["content"] = mime.TextBody ?? "" };

    private static string Preview(MimeMessage mime)
    {
        var text = mime.TextBody ?? new AngleSharp.Html.Parser.HtmlParser().ParseDocument(mime.HtmlBody ?? "").Body?.TextContent ?? "";
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= PreviewLength ? text : text[..PreviewLength];
    }

    private static JsonArray Recipients(InternetAddressList list) => GraphJson.List(list.Mailboxes.Select(Recipient));

    private static JsonObject? Recipient(MailboxAddress? address) => address is null ? null : new JsonObject
    {
        ["emailAddress"] = new JsonObject
        {
            ["name"] = string.IsNullOrEmpty(address.Name) ? address.Address : address.Name,
            ["address"] = address.Address,
        },
    };
}
