using System.Collections.Frozen;
using System.Text.RegularExpressions;
using MimeKit.Text;

namespace Passerelle.Mail.NewWords;

/// <summary>What an element's id, class or name says of its content: the names that mail programs use, from <c>wording.json</c>.
/// Programs that rewrite a mail put their mark before them ("x_", "ydp1f2a", "m_-4711").</summary>
internal static partial class Boxes
{
    private static readonly FrozenDictionary<string, LineOrigin> Names = Known();
    private static readonly FrozenSet<string> ToTheEnd = Wording.All.Html.QuoteEverythingAfter.Select(name => name.ToLowerInvariant()).ToFrozenSet(StringComparer.Ordinal);

    /// <param name="toTheEnd">Everything from here on is the past, inside of the element or behind it.</param>
    public static LineOrigin Of(HtmlTagToken tag, out bool toTheEnd)
    {
        toTheEnd = false;
        LineOrigin said = LineOrigin.Unsaid;
        string style = "", type = "";
        foreach (HtmlAttribute attribute in tag.Attributes)
        {
            switch (attribute.Name.ToLowerInvariant())
            {
                case "id" or "class" or "name" or "data-marker" or "data-smartmail":
                    foreach (string word in (attribute.Value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    {
                        string name = Bare(word);
                        toTheEnd |= ToTheEnd.Contains(name);
                        if (Names.TryGetValue(name, out LineOrigin origin)) said = origin;
                        else if (name.StartsWith("yahoo_quoted", StringComparison.Ordinal)) said = LineOrigin.Enclosed;
                    }
                    break;
                case "style":
                    style = attribute.Value ?? "";
                    break;
                case "type":
                    type = attribute.Value ?? "";
                    break;
            }
        }
        if (said is LineOrigin.Unsaid && tag.Id is HtmlTagId.BlockQuote && (type.Equals("cite", StringComparison.OrdinalIgnoreCase) || !Indent().IsMatch(style)))
            return LineOrigin.Cited;
        return said;
    }

    private static string Bare(string word) => Prefix().Replace(word.ToLowerInvariant(), "");

    private static FrozenDictionary<string, LineOrigin> Known()
    {
        HtmlNames html = Wording.All.Html;
        return html.Quotes.Select(name => (name, LineOrigin.Enclosed))
            .Concat(html.Introductions.Select(name => (name, LineOrigin.Introduction)))
            .Concat(html.Signatures.Select(name => (name, LineOrigin.Signature)))
            .ToFrozenDictionary(one => one.name, one => one.Item2, StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^(x_|ydp[0-9a-f]{7,9}|m_-?\d+|yiv\d+|_)+", RegexOptions.NonBacktracking)]
    private static partial Regex Prefix();

    /// <summary>A blockquote without a border only moves the writer's own text to the right.</summary>
    [GeneratedRegex(@"border\s*:\s*(none|0|medium none)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Indent();
}
