using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Passerelle.Mail.Tests;

/// <summary>Judges HTML by what a browser would make of it: the HTML5 parser of AngleSharp, with and without scripts, and what it writes
/// parsed again twice. A list of what may stand there, kept apart from the cleaner's own; whatever else is found acts.</summary>
internal static class HtmlSafety
{
    private const int Rounds = 3;

    private static readonly HashSet<string> Elements = Words(
        """
        html head body a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure font
        footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp section small span strike strong sub sup table tbody td tfoot th
        thead time tr tt u ul var wbr
        """);

    private static readonly HashSet<string> Attributes = Words(
        "href src alt title width height align valign bgcolor border cellpadding cellspacing colspan rowspan color face size dir lang start type nowrap datetime style rel target");

    private static readonly string[] Places = ["http:", "https:", "mailto:", "tel:"];
    private static readonly string[] Pictures = ["cid:", "data:image/png", "data:image/gif", "data:image/jpeg", "data:image/jpg", "data:image/webp"];

    /// <summary>What no harmless style needs: loading, calling, escaping, commenting, leaving its box.</summary>
    private static readonly string[] Styles = ["url", "image", "expression", "javascript", "behavior", "binding", "import", "position", "\\", "/*", "<", "@", "&", "var(", "content", "opacity", "z-index"];

    /// <returns>Null when nothing acts.</returns>
    public static string? FirstActing(string html) =>
        new[] { false, true }.Select(scripts => FirstActing(html, scripts)).FirstOrDefault(found => found is not null);

    private static string? FirstActing(string html, bool scripts)
    {
        var parser = new HtmlParser(new HtmlParserOptions { IsScripting = scripts });
        for (int round = 0; round < Rounds; round++)
        {
            using var document = parser.ParseDocument(html);
            if (document.Descendants().Select(Acting).FirstOrDefault(found => found is not null) is { } acting) return $"{acting} in {html}";
            html = document.Body!.InnerHtml; // a parsed document has one
        }
        return null;
    }

    private static string? Acting(INode node) => node switch
    {
        IElement element when element.NamespaceUri != "http://www.w3.org/1999/xhtml" || !Elements.Contains(element.LocalName) => $"<{element.LocalName}>",
        IElement element => element.Attributes.Where(attribute => Acts(attribute.LocalName, attribute.Value)).Select(attribute => $"{element.LocalName} {attribute.Name}={attribute.Value}").FirstOrDefault(),
        IText => null,
        _ => node.NodeType.ToString(), // a comment, an instruction
    };

    private static bool Acts(string name, string value) => !Attributes.Contains(name) || name switch
    {
        "href" => !Places.Any(Bare(value).StartsWith),
        "src" => !Pictures.Any(Bare(value).StartsWith),
        "style" => Styles.Any(Bare(value).Contains),
        _ => false,
    };

    /// <summary>As browsers read a URL: blanks and control characters do not count (URL standard §4.4).</summary>
    private static string Bare(string url) => string.Concat(url.Where(c => c > ' ')).ToLowerInvariant();

    private static HashSet<string> Words(string words) => new(words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
}
