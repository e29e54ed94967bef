using MimeKit;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail.Bounces;

/// <summary>Exchange tells the writer, not us, that a mailbox may not forward to the outside: 550 5.7.520 (facts/microsoft365.md §6.4).
/// It reaches us when the writer sends that notice on, within the text or as an attachment.</summary>
internal static class ForbiddenForwarding
{
    private const int DeepestEnclosure = 3;

    /// <returns>The words that say so; null when the mail says nothing of it.</returns>
    public static string? In(MimeMessage message, MailBody body, IReadOnlyList<ReportedRecipient> reported) =>
        reported.FirstOrDefault(one => one.Status is "5.7.520" || Says(one.Diagnostic)) is { } told ? AddressText.OneLine($"{told.Recipient}: {told.Status} {told.Diagnostic}", 500)
        : Line(body.Text) ?? Enclosed(message, DeepestEnclosure);

    private static string? Enclosed(MimeMessage message, int depth)
    {
        if (depth == 0) return null;
        foreach (MailPart part in PartWalk.Of(message))
        {
            if (part.Entity is MessagePart { Message: { } enclosed } && (Line(ReportText.Of(enclosed).Own) ?? Reported(enclosed) ?? Enclosed(enclosed, depth - 1)) is { } found) return found;
        }
        return Reported(message);
    }

    private static string? Reported(MimeMessage message) =>
        DeliveryReport.In(message)?.PerRecipient
            .FirstOrDefault(fields => (fields["Status"] ?? "").Contains("5.7.520", StringComparison.Ordinal) || Says(fields["Diagnostic-Code"])) is { } told
            ? AddressText.OneLine($"{told["Final-Recipient"]}: {told["Diagnostic-Code"]}", 500)
            : null;

    private static string? Line(string text) =>
        Says(text) ? text.Split('\n').Where(Says).Select(line => AddressText.OneLine(line, 500)).FirstOrDefault() : null;

    private static bool Says(string? text) =>
        text is not null && (text.Contains("5.7.520", StringComparison.Ordinal) || text.Contains("does not allow external forwarding", StringComparison.OrdinalIgnoreCase));
}
