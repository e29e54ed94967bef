using System.Text.Json;
using MimeKit;
using Passerelle.Mail.Kinds;

namespace Passerelle.Mail.Bounces;

/// <summary>What Amazon SES tells through SNS by mail: a JSON document, or one within the "Message" of another.</summary>
internal static class SesNotice
{
    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 16 };

    public static bool MayBeOne(MimeMessage message) =>
        (message.Headers[HeaderId.From] ?? "").Contains("@sns.", StringComparison.OrdinalIgnoreCase)
        || (message.Subject ?? "").StartsWith("AWS Notification", StringComparison.OrdinalIgnoreCase);

    public static BounceFindings? Read(ReportText text)
    {
        // A server on the way may fold lines over 998 characters with "!" (sendmail): JSON has no line end within a value.
        string json = (text.Own + text.Enclosed).Replace("!\n ", "", StringComparison.Ordinal).Replace('\n', ' ').TrimStart();
        if (!json.StartsWith('{')) return null;
        try
        {
            // What SNS adds below (how to unsubscribe) is no JSON: the first document is read, the rest left.
            var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = 16 });
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.TryGetProperty("Message", out JsonElement wrapped) && wrapped.ValueKind is JsonValueKind.String)
            {
                using var inner = JsonDocument.Parse(wrapped.GetString()!, Bounded); // a string
                return Of(inner.RootElement);
            }
            return Of(document.RootElement);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static BounceFindings? Of(JsonElement notice) => Text(notice, "notificationType") switch
    {
        "Bounce" => Findings(notice, MailKind.Bounce, "bounce", "bouncedRecipients"),
        "Complaint" => Findings(notice, MailKind.FeedbackReport, "complaint", "complainedRecipients"),
        "Delivery" => Findings(notice, MailKind.DeliveryNotice, "delivery", "recipients"),
        _ => null,
    };

    private static BounceFindings? Findings(JsonElement notice, MailKind kind, string about, string list)
    {
        if (!notice.TryGetProperty(about, out JsonElement told) || !told.TryGetProperty(list, out JsonElement recipients) || recipients.ValueKind is not JsonValueKind.Array) return null;
        string? original = OriginalId(notice);
        return new(
            Evidence.Sure(kind, $"notificationType: {about}"),
            [.. recipients.EnumerateArray().Take(500).Select(recipient => Recipient(recipient, kind, told, original))]);
    }

    private static ReportedRecipient Recipient(JsonElement recipient, MailKind kind, JsonElement told, string? original)
    {
        string address = recipient.ValueKind is JsonValueKind.String ? recipient.GetString()! : Text(recipient, "emailAddress") ?? ""; // a string
        string words = Text(recipient, "diagnosticCode") ?? Text(told, "smtpResponse") ?? "";
        string? status = Text(recipient, "status") ?? BounceCodes.StatusIn(words);
        return kind switch
        {
            MailKind.FeedbackReport => new(address, "", null, null, null, original, "feedback"),
            MailKind.DeliveryNotice => new(address, "delivered", status, 2, AddressText.OneLine(words, 1000), original, "delivered"),
            _ => new(address, Text(recipient, "action") ?? "failed", status, BounceCodes.ClassOf(status, words), AddressText.OneLine(words, 1000), original, BounceCodes.Reason(words, "", status)),
        };
    }

    private static string? OriginalId(JsonElement notice) =>
        notice.TryGetProperty("mail", out JsonElement mail) && mail.TryGetProperty("commonHeaders", out JsonElement headers) && Text(headers, "messageId") is { } id
            ? id.StartsWith('<') ? id : $"<{id}>"
            : null;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
