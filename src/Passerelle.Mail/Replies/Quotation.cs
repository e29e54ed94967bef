using System.Globalization;
using System.Net;

namespace Passerelle.Mail.Replies;

/// <summary>The original below the answer, as every mail program writes and recognises it.</summary>
internal static class Quotation
{
    public static string Below(string text, ReadMail original) =>
        $"{text.TrimEnd()}\n\n{Introduction(original)}\n{string.Join('\n', original.Text.TrimEnd().Split('\n').Select(Line))}\n";

    /// <summary>Only HTML that was cleaned, or the text escaped: what a stranger wrote never becomes our markup.</summary>
    public static string BelowHtml(string html, ReadMail original) =>
        $"{html}<br><div>{WebUtility.HtmlEncode(Introduction(original))}</div><blockquote type=\"cite\">{original.SafeHtml ?? $"<pre>{WebUtility.HtmlEncode(original.Text)}</pre>"}</blockquote>";

    private static string Line(string line) => line.StartsWith('>') ? $">{line}" : $"> {line}";

    private static string Introduction(ReadMail original) =>
        $"On {original.Date?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "an unknown date"}, {AddressText.OneLine(original.From?.ToString() ?? "somebody")} wrote:";
}
