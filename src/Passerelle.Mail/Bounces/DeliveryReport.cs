using System.Text.RegularExpressions;
using MimeKit;
using MimeKit.Utils;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail.Bounces;

/// <summary>A delivery status notification (RFC 3464): what became of which recipient.</summary>
internal sealed partial record DeliveryReport(HeaderList PerMessage, IReadOnlyList<HeaderList> PerRecipient, string? OriginalMessageId)
{
    /// <returns>Null when the mail encloses no message/delivery-status part.</returns>
    public static DeliveryReport? In(MimeMessage message)
    {
        var parts = PartWalk.Of(message).ToList();
        if (parts.Select(part => part.Entity).OfType<MessageDeliveryStatus>().FirstOrDefault() is not { } status) return null;
        var groups = status.StatusGroups.Where(group => group.Count > 0).ToList();
        bool IsRecipient(HeaderList group) => group.Contains("Final-Recipient") || group.Contains("Original-Recipient") || group.Contains("Action");
        return new DeliveryReport(
            groups.FirstOrDefault(group => !IsRecipient(group)) ?? [],
            [.. groups.Where(IsRecipient)],
            parts.Select(OriginalId).FirstOrDefault(id => id is not null));
    }

    public IReadOnlyList<ReportedRecipient> Recipients => [.. PerRecipient.Select(Recipient)];

    private ReportedRecipient Recipient(HeaderList fields)
    {
        string action = (fields["Action"] ?? "").Split([' ', '('], 2)[0].Trim().ToLowerInvariant();
        string? diagnostic = fields["Diagnostic-Code"] is { } words ? AddressText.OneLine(words, 1000) : null;
        string? status = StatusIn(fields["Status"]) ?? StatusIn(diagnostic);
        return new ReportedRecipient(
            AddressIn(fields["Final-Recipient"] ?? fields["Original-Recipient"] ?? ""),
            action,
            status,
            status is not null ? status[0] - '0' : ClassOf(action),
            diagnostic,
            OriginalMessageId);
    }

    private static int ClassOf(string action) => action switch
    {
        "delayed" => 4,
        "delivered" or "relayed" or "expanded" => 2,
        _ => 5,
    };

    private static string? StatusIn(string? text) =>
        text is not null && EnhancedStatus().Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>"rfc822; user@host" (RFC 3464 §2.1.2), with the brackets that some servers add.</summary>
    private static string AddressIn(string typed) =>
        AddressText.OneLine(typed[(typed.IndexOf(';') + 1)..], 320).Trim(' ', '<', '>', '"');

    private static string? OriginalId(MailPart part) => part switch
    {
        { Entity: MessagePart { Message.MessageId: { Length: > 0 } id } } => $"<{id}>",
        { Entity: MimePart { Content: { } content }, Type: "text/rfc822-headers" or "message/rfc822-headers" } => IdInHeaders(content),
        _ => null,
    };

    private static string? IdInHeaders(IMimeContent content)
    {
        using var headers = new MemoryStream();
        content.DecodeTo(headers);
        headers.Position = 0;
        try
        {
            return HeaderList.Load(headers)[HeaderId.MessageId] is { } text && MimeUtils.EnumerateReferences(text).FirstOrDefault() is { } id ? $"<{id}>" : null;
        }
        catch (FormatException)
        {
            return null; // the enclosed headers are broken: the report itself still stands
        }
    }

    [GeneratedRegex(@"(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?:$|[^\d.])")]
    private static partial Regex EnhancedStatus();
}
