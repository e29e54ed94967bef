using System.Net;
using System.Text.RegularExpressions;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail.Replies;

/// <summary>One half of a letter made from the other, so that every reader has the one that he shows.</summary>
public static partial class Alternatives
{
    /// <summary>Paragraphs and lines as they stand; addresses of the web become links.</summary>
    public static string HtmlOf(string text) => string.Concat(
        Paragraph().Split(LineEnd().Replace(text, "\n").Trim('\n')).Where(part => part.Length > 0).Select(part => $"<p>{Lines(part)}</p>\n"));

    public static string TextOf(string html) => HtmlText.From(html);

    private static string Lines(string paragraph) => string.Join("<br>\n", paragraph.Split('\n').Select(Line));

    private static string Line(string line)
    {
        var html = new System.Text.StringBuilder();
        var from = 0;
        foreach (Match link in Link().Matches(line))
        {
            var address = WebUtility.HtmlEncode(link.Value);
            html.Append(WebUtility.HtmlEncode(line[from..link.Index])).Append("<a href=\"").Append(address).Append("\">").Append(address).Append("</a>");
            from = link.Index + link.Length;
        }
        return html.Append(WebUtility.HtmlEncode(line[from..])).ToString();
    }

    [GeneratedRegex("\r\n|\r")]
    private static partial Regex LineEnd();

    [GeneratedRegex("\n{2,}", RegexOptions.NonBacktracking)]
    private static partial Regex Paragraph();

    /// <summary>Without the point, bracket or comma that ends the sentence.</summary>
    [GeneratedRegex("""https?://[^\s<>"']*[^\s<>"'.,;:!?)\]}]""", RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
