using System.Text;
using System.Text.RegularExpressions;
using MimeKit;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail.Bounces;

/// <summary>The words of a mail that may be a report: what its writer says, and what is enclosed of the mail it is about.</summary>
/// <param name="Own">LF line ends; up to the point where the enclosed mail begins.</param>
/// <param name="Enclosed">The rest of that text and every other text of the mail.</param>
internal sealed partial record ReportText(string Own, string Enclosed)
{
    /// <summary>A report tells its news early; what lies behind this is somebody's letter.</summary>
    private const int Longest = 200_000;

    public static ReportText Of(MimeMessage message)
    {
        List<string> texts = [.. Texts(message.Body).Where(text => !string.IsNullOrWhiteSpace(text))];
        if (texts.Count == 0) return new("", "");
        string first = texts[0];
        int at = Beginning(first);
        return new(first[..at], Cut($"{first[at..]}\n{string.Join('\n', texts.Skip(1))}"));
    }

    private static int Beginning(string text) =>
        OriginalBegins().Match(text) is { Success: true } found ? found.Index : text.Length;

    /// <summary>Texts in order; that of an enclosed message last. A multipart whose parts were not found speaks through its preamble.</summary>
    private static IEnumerable<string> Texts(MimeEntity? entity) => entity switch
    {
        Multipart { Count: 0, Preamble: { } preamble } => [Cut(preamble)],
        Multipart multipart => multipart.SelectMany(Texts),
        TextPart { IsHtml: true } html => [Cut(HtmlText.From(Cut(SpokenText.Of(html))))],
        TextPart text => [Cut(SpokenText.Of(text))],
        MimePart { Content: { } content, ContentType: { MediaType: "message" } type } when type.MediaSubtype is not "delivery-status" => [Raw(content)],
        _ => [],
    };

    private static string Raw(IMimeContent content)
    {
        using var bytes = new MemoryStream();
        content.WriteDecodedTo(bytes);
        return Cut(Encoding.Latin1.GetString(bytes.GetBuffer(), 0, (int)Math.Min(bytes.Length, Longest)));
    }

    private static string Cut(string text) => (text.Length <= Longest ? text : text[..Longest]).ReplaceLineEndings("\n");

    /// <summary>How mail programs announce the returned mail, and how its headers begin where they announce nothing.</summary>
    [GeneratedRegex(
        """
        ^[>\ \t]*(?:
        -{2,}\ *(?:below\ this\ line|original\ message|the\ header\ of\ the\ original|this\ is\ a\ copy\ of|unsent\ message|message\ header|returned\ message|copy\ of\ (?:your|the))|
        -*\ ?(?:original\ message\ (?:follows|headers?:)|original\ message:|original\ mail\ as\ follows|message\ headers\ follow|message\ header\ follows|included\ is\ a\ copy\ of\ the\ message)|
        -{3,}\ ?(?:original|returned|unsent)\ (?:message|mail)|
        (?:Received|X-Received):\ ?(?:from|by|\()|
        Return-Path:\ ?<|
        DKIM-Signature:\ ?[av]=
        )
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.Multiline)]
    private static partial Regex OriginalBegins();
}
