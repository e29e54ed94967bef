using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail.Tests;

public class SafeHtmlTests
{
    [Theory]
    [InlineData("<p onclick=x>a</p>", "<p>a</p>")]
    [InlineData("<script>alert(1)</script>a", "a")]
    [InlineData("<form action=x><input name=y>a</form>", "a")]
    [InlineData("<a href='javascript:x'>a</a>", "<a>a</a>")]
    [InlineData("<a href='https://x.example/'>a</a>", "<a href=\"https://x.example/\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">a</a>")]
    [InlineData("<img src='cid:logo@x' alt=l>", "<img src=\"cid:logo@x\" alt=\"l\">")]
    [InlineData("<p style='position:fixed;color:red'>a</p>", "<p style=\"color: red\">a</p>")]
    [InlineData("<p style='margin-left:-999px;background:url(https://x.example/a.png)'>a</p>", "<p>a</p>")]
    [InlineData("<style>body{display:none}</style><o:p>a</o:p>", "a")]
    [InlineData("<iframe srcdoc='<b>x</b>'></iframe><svg onload=x><a>t</a></svg>a", "a")]
    [InlineData("<base href=https://x.example><meta http-equiv=refresh content=0><link rel=stylesheet href=x>a", "a")]
    public void Html_can_do_nothing_but_be_looked_at(string html, string safe) => Assert.Equal(safe, SafeHtml.From(html, new ReadingBounds())!.Html);

    [Theory]
    [InlineData("<img src='https://x.example/pixel.gif'>")]
    [InlineData("<img src='//x.example/pixel.gif'>")]
    [InlineData("<img src='data:image/svg+xml;base64,AAAA'>")]
    public void Pictures_from_elsewhere_are_left_out_and_counted(string html)
    {
        SafeHtml safe = SafeHtml.From(html, new ReadingBounds())!;
        Assert.Equal((0, 1), (safe.Html.IndexOf("src", StringComparison.Ordinal) + 1, safe.RemoteImages));
    }

    /// <summary>The rule of the corpora (property.json): after cleaning and parsing again, and once more, nothing is left that acts.</summary>
    [Theory, InlineData("html-dompurify"), InlineData("html-owasp-xss"), InlineData("html-xss-payloadbox"), Corpus]
    public void No_payload_of_the_corpora_survives(string folder)
    {
        var tally = new Tally(folder, "safety property");
        foreach (string payload in Payloads(folder))
        {
            string safe = SafeHtml.From(payload, new ReadingBounds())?.Html ?? "";
            tally.Count(Acting(safe) is null, () => $"{payload}\n  {safe}\n  {Acting(safe)}");
        }
        tally.Reaches();
    }

    private static string? Acting(string html)
    {
        var parser = new HtmlParser();
        using var once = parser.ParseDocument(html);
        using var twice = parser.ParseDocument(once.Body!.InnerHtml); // a parsed document has one
        return new[] { once, twice }.SelectMany(document => document.All.Where(element => element.LocalName is not ("html" or "head" or "body"))).Select(Acting).FirstOrDefault(found => found is not null);
    }

    private static string? Acting(IElement element) =>
        element.LocalName is "script" or "iframe" or "object" or "embed" or "form" or "svg" or "math" or "style" or "base" or "meta" or "link" ? element.LocalName
        : element.Attributes.FirstOrDefault(attribute =>
            attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)
            || attribute.Name is "action" or "formaction" or "srcdoc" or "xlink:href"
            || (attribute.Name is "href" or "src" && Scheme(attribute.Value) is "javascript" or "vbscript" or "livescript")
            || (attribute.Name is "href" or "src" && Bare(attribute.Value).StartsWith("data:text", StringComparison.Ordinal))
            || (attribute.Name is "src" && Scheme(attribute.Value) is "http" or "https")
            || (attribute.Name is "style" && (attribute.Value.Contains("url(", StringComparison.OrdinalIgnoreCase) || attribute.Value.Contains("expression", StringComparison.OrdinalIgnoreCase))))
            is { } acting ? $"{element.LocalName} {acting.Name}={acting.Value}" : null;

    private static string Scheme(string url) => Bare(url).Split(':')[0];

    /// <summary>As browsers read a URL: blanks and control characters do not count (URL standard §4.4).</summary>
    private static string Bare(string url) => string.Concat(url.Where(c => c > ' ')).ToLowerInvariant();

    private static IEnumerable<string> Payloads(string folder) =>
        Directory.EnumerateFiles(Corpora.Folder(folder), "*.txt").Where(file => !Path.GetFileName(file).StartsWith("LICENSE", StringComparison.Ordinal)).SelectMany(File.ReadLines)
            .Concat(Directory.EnumerateFiles(Corpora.Folder(folder), "payloads.json").SelectMany(Strings));

    private static IEnumerable<string> Strings(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return Leaves(json.RootElement).ToList();
    }

    private static IEnumerable<string> Leaves(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => [json.GetString()!],
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Leaves),
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => Leaves(member.Value)),
        _ => [],
    };
}
