using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Ganss.Xss;

namespace Passerelle.Mail.Bodies;

/// <summary>HTML that can do nothing but be looked at. The first of two walls; the sandboxed frame is the second.</summary>
internal sealed partial record SafeHtml(string Html, int RemoteImages)
{
    /// <summary>Removed with all they contain; everything else unknown only loses its tag.</summary>
    private static readonly HashSet<string> Silenced = Words(
        """
        script style template noscript svg math object embed applet iframe frame frameset noframes noembed audio video canvas
        title meta base link head textarea select option datalist input button dialog portal xmp plaintext listing
        """);

    private static readonly HtmlSanitizer Sanitizer = NewSanitizer();

    private static readonly HashSet<string> Properties = Words(
        """
        background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width border-collapse
        border-color border-left border-left-color border-left-style border-left-width border-radius border-right
        border-right-color border-right-style border-right-width border-spacing border-style border-top border-top-color
        border-top-style border-top-width border-width color direction display font font-family font-size font-style
        font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom margin-left
        margin-right margin-top max-width min-width padding padding-bottom padding-left padding-right padding-top table-layout
        text-align text-decoration text-decoration-line text-indent text-transform vertical-align white-space width
        word-break word-spacing word-wrap
        """);

    /// <param name="remote">Gets the addresses of pictures elsewhere, and each stands in the HTML as its number (<see cref="RemotePictures"/>);
    /// null: they are left out.</param>
    /// <returns>Null when the HTML is too long or too deep to be cleaned in bounded time.</returns>
    public static SafeHtml? From(string html, ReadingBounds bounds, List<string>? remote = null)
    {
        if (html.Length > bounds.MaxHtmlCharacters || HtmlBurden.IsTooHeavy(html)) return null;
        using IHtmlDocument document = new HtmlParser(new HtmlParserOptions { IsScripting = true }).ParseDocument(html); // the sanitiser's own would parse all CSS
        foreach (IElement silenced in document.All.Where(element => Silenced.Contains(element.LocalName)).ToList()) silenced.Remove(); // one walk: selectors are parsed anew each time
        if (document.Body is not { } body) return new SafeHtml("", 0);
        List<(IElement Element, string Style)> styles = TakeStyles(body);
        Sanitizer.SanitizeDom(document, body);
        foreach (var (element, style) in styles) element.SetAttribute("style", style);
        int left = KeepOwnImages(body, remote);
        KeepPlainLinks(body);
        return new SafeHtml(body.InnerHtml, left);
    }

    /// <summary>The sanitiser would parse every style as CSS, which takes most of the time of reading a mail.</summary>
    /// <returns>What may stay of each, to be given back.</returns>
    private static List<(IElement Element, string Style)> TakeStyles(IHtmlElement body)
    {
        var kept = new List<(IElement, string)>();
        foreach (IElement styled in body.Descendants<IElement>().Where(element => element.HasAttribute("style")).ToList())
        {
            if (PlainStyles.Of(styled.GetAttribute("style") ?? "", Properties) is { Length: > 0 } style) kept.Add((styled, style));
            styled.RemoveAttribute("style");
        }
        body.RemoveAttribute("style");
        return kept;
    }

    private static int KeepOwnImages(IHtmlElement body, List<string>? remote)
    {
        int left = 0;
        foreach (IElement image in body.Descendants<IElement>().Where(element => element.HasAttribute("src")).ToList())
        {
            string source = image.GetAttribute("src")!; // it has one
            if (image.LocalName is "img" && OwnImage().IsMatch(source)) continue;
            image.RemoveAttribute("src"); // a picture from elsewhere tells its owner who reads, when and where
            if (image.LocalName is not "img") continue;
            left++;
            if (remote is not { Count: < RemotePictures.Most } || !RemoteImage().IsMatch(source)) continue;
            image.SetAttribute("src", string.Create(CultureInfo.InvariantCulture, $"{RemotePictures.Scheme}{remote.Count}"));
            remote.Add(source);
        }
        return left;
    }

    private static void KeepPlainLinks(IHtmlElement body)
    {
        foreach (IElement link in body.Descendants<IElement>().Where(element => element.HasAttribute("href")).ToList())
        {
            if (link.LocalName is not "a" || !LinkTarget().IsMatch(link.GetAttribute("href")!))
            {
                link.RemoveAttribute("href");
                continue;
            }
            link.SetAttribute("rel", "noopener noreferrer nofollow");
            link.SetAttribute("target", "_blank");
        }
    }

    private static HtmlSanitizer NewSanitizer() => new(new HtmlSanitizerOptions
    {
        AllowedTags = Words(
            """
            a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em
            figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp section small
            span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr
            """),
        AllowedAttributes = Words(
            """
            href src alt title width height align valign bgcolor border cellpadding cellspacing colspan rowspan color face size
            dir lang start type nowrap datetime
            """),
        AllowedSchemes = new HashSet<string>(["http", "https", "mailto", "tel", "cid", "data"], StringComparer.OrdinalIgnoreCase),
        UriAttributes = new HashSet<string>(["href", "src"], StringComparer.OrdinalIgnoreCase),
    })
    {
        KeepChildNodes = true,
    };

    private static HashSet<string> Words(string words) =>
        new(words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"^(cid:[^\s""'<>]+|data:image/(png|gif|jpe?g|webp);base64,[A-Za-z0-9+/=\s]*)$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex OwnImage();

    [GeneratedRegex(@"^https?://[^\s]+$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex RemoteImage();

    [GeneratedRegex(@"^(https?://|mailto:|tel:)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex LinkTarget();
}
