using Passerelle.Mail;

namespace Passerelle.Gateway.Doctor;

/// <summary>One <c>Received:</c> header (RFC 5321 §4.4): a server that carried the mail before it reached us.</summary>
/// <param name="By">The host that says it received the mail; empty when it does not say.</param>
/// <param name="From">The host that it names as the sender; empty when it does not say.</param>
/// <param name="At">Its own clock; null when unreadable.</param>
internal sealed record Transit(string By, string From, DateTimeOffset? At);

internal static class TransitHeaders
{
    /// <summary>More than any honest path: Exchange itself stops at 20.</summary>
    private const int MostHops = 40;

    /// <param name="raw">Seekable.</param>
    /// <returns>Oldest first. Broken headers are left out; they are a stranger's claims in any case.</returns>
    public static IReadOnlyList<Transit> In(Stream raw) =>
        [.. MailHeaders.Of(raw, new ReadingBounds()).Where(header => header.Name.Equals("Received", StringComparison.OrdinalIgnoreCase)).Take(MostHops).Select(header => Parse(header.Value)).Reverse()];

    private static Transit Parse(string text)
    {
        var semicolon = text.LastIndexOf(';');
        DateTimeOffset? at = semicolon >= 0 && MimeKit.Utils.DateUtils.TryParse(text[(semicolon + 1)..], out var date)
            ? date.ToUniversalTime()
            : null;
        var words = (semicolon >= 0 ? text[..semicolon] : text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return new(After(words, "by"), After(words, "from"), at);
    }

    private static string After(string[] words, string keyword)
    {
        var place = Array.FindIndex(words, word => word.Equals(keyword, StringComparison.OrdinalIgnoreCase));
        return place >= 0 && place + 1 < words.Length ? words[place + 1].Trim('(', ')', '[', ']') : "";
    }
}
