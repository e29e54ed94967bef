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

    [Fact]
    public void No_payload_of_the_corpora_survives()
    {
        foreach (string payload in Payloads())
        {
            if (SafeHtml.From(payload, new ReadingBounds()) is not { } safe) continue;
            using var again = new HtmlParser().ParseDocument(safe.Html);
            foreach (IElement element in again.Body!.QuerySelectorAll("*"))
            {
                Assert.True(element.LocalName is not ("script" or "iframe" or "object" or "embed" or "form" or "svg" or "math" or "style" or "base" or "meta" or "link"), $"{payload}\n{safe.Html}");
                foreach (IAttr attribute in element.Attributes)
                {
                    Assert.False(attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase), $"{payload}\n{safe.Html}");
                    Assert.False(attribute.Name is "href" or "src" && attribute.Value.TrimStart().StartsWith("javascript", StringComparison.OrdinalIgnoreCase), $"{payload}\n{safe.Html}");
                    Assert.False(attribute.Name is "src" && attribute.Value.StartsWith("http", StringComparison.OrdinalIgnoreCase), $"{payload}\n{safe.Html}");
                    Assert.False(attribute.Name is "style" && attribute.Value.Contains("url(", StringComparison.OrdinalIgnoreCase), $"{payload}\n{safe.Html}");
                }
            }
        }
    }

    private static IEnumerable<string> Payloads() =>
        File.ReadLines(Directory.EnumerateFiles(Corpora.Folder("html-xss-payloadbox"), "xss-payload-list.txt", SearchOption.AllDirectories).First())
            .Concat(new[] { "html-dompurify", "html-owasp-xss" }.SelectMany(folder => Directory.EnumerateFiles(Corpora.Folder(folder), "*.json", SearchOption.AllDirectories)).SelectMany(Strings));

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
