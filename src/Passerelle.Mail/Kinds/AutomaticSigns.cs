using System.Text.RegularExpressions;
using MimeKit;

namespace Passerelle.Mail.Kinds;

/// <summary>Signs in headers and envelope that no machine may answer this mail (RFC 3834 §2, design §8.4). Feedback-ID is none:
/// senders of ordinary mail carry it too.</summary>
internal static partial class AutomaticSigns
{
    /// <returns>The first sign as "Header: value"; null when there is none.</returns>
    public static string? First(MimeMessage message, ReadingContext context)
    {
        if (context.EnvelopeFrom is "" or "<>") return "null envelope sender";
        foreach (Header header in message.Headers)
        {
            if (IsSign(header.Field.ToLowerInvariant(), header.Value?.Trim() ?? "", context))
                return AddressText.OneLine($"{header.Field}: {header.Value}", 200);
        }
        return MachineSender(message) ?? Report(message);
    }

    private static bool IsSign(string field, string value, ReadingContext context) => field switch
    {
        "auto-submitted" => !FirstWord(value).Equals("no", StringComparison.OrdinalIgnoreCase),
        "x-auto-response-suppress" => SuppressesAnswers(value),
        "precedence" or "x-precedence" => FirstWord(value).ToLowerInvariant() is "bulk" or "junk" or "list" or "auto_reply",
        "list-id" or "list-post" or "list-unsubscribe" or "list-help" or "list-subscribe" or "list-owner" or "list-archive" => true,
        "x-autoreply" or "x-autorespond" or "x-autoresponder" or "x-auto-reply" => !value.Equals("no", StringComparison.OrdinalIgnoreCase),
        "x-loop" or "x-mlserver" or "x-ms-exchange-message-is-ndr" or "x-failed-recipients" or "x-ms-exchange-generated-message-source" => true,
        // A rule that forwards our own mailbox stamps our own address; anyone else's is a loop guard.
        "x-ms-exchange-inbox-rules-loop" => !value.In(context.OwnAddresses),
        _ => false,
    };

    /// <summary>DR, RN and NRN suppress receipts only; OOF, AutoReply and All suppress answers (MS-OXCMAIL §2.1.3.2.19).</summary>
    private static bool SuppressesAnswers(string value) =>
        value.Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries)
            .Any(word => word.ToUpperInvariant() is not ("NONE" or "DR" or "RN" or "NRN"));

    private static string FirstWord(string value) => value.Split([' ', ';', ',', '('], 2)[0];

    /// <remarks>Not the return path: every forwarded mail comes from "bounces+SRS=…" (facts/microsoft365.md §6.3).</remarks>
    private static string? MachineSender(MimeMessage message) =>
        new[] { HeaderId.From, HeaderId.Sender }
            .SelectMany(id => Headers.AllOf(message, id))
            .FirstOrDefault(party => MachineName().IsMatch(AddressText.LocalPart(party.Address))) is { } machine
            ? $"sender {AddressText.OneLine(machine.Address, 150)}"
            : EmptyReturnPath(message);

    private static string? EmptyReturnPath(MimeMessage message) =>
        message.Headers.Any(header => header.Id is HeaderId.ReturnPath && header.Value.Trim() is "<>") ? "Return-Path: <>" : null;

    private static string? Report(MimeMessage message) =>
        message.Body?.ContentType is { } type && type.IsMimeType("multipart", "report") ? "multipart/report" : null;

    [GeneratedRegex(@"^(mailer[-_.]?daemon|post_?master|mail[-_.]?delivery[-_.]?(sub)?system|(do)?[-_.]?not?[-_.]?reply|noreply|no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply|bounces?|autoreply|auto[-_.]?responder|microsoftexchange[0-9a-f]{32})([-_+.=].*)?$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex MachineName();
}
