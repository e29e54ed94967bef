using System.Text.Json;
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

    /// <summary>So many payloads meet the places in turn; fewer each meet all of them.</summary>
    private const int Many = 1_000;

    /// <summary>Places from which a payload may break out when a second parser closes elements that the first left open: foreign content,
    /// raw text, tables, and the shapes of known mutations.</summary>
    private static readonly string[] Around =
    [
        "{0}", "<svg><style>{0}", "<math><mtext><table><mglyph><style>{0}", "<noscript><p title=\"{0}\">", "<form><math><mtext></form><form><mglyph><style></math>{0}",
        "<svg></p><style><a id=\"</style>{0}\">", "<table><tr><td><svg><desc>{0}", "<select><option><style>{0}", "<p style=\"color:red;{0}\">x",
    ];

    /// <summary>The rule of the corpora (property.json): after cleaning and parsing again, and once more, nothing is left that acts; also
    /// when the payload stands where parsers disagree.</summary>
    [Theory, InlineData("html-dompurify"), InlineData("html-owasp-xss"), InlineData("html-xss-payloadbox"), Corpus]
    public void No_payload_of_the_corpora_survives(string folder)
    {
        var tally = new Tally(folder, "safety property");
        List<string> payloads = [.. Payloads(folder)];
        for (int i = 0; i < payloads.Count; i++)
        {
            string payload = payloads[i];
            IEnumerable<string> places = payloads.Count < Many ? Around : [Around[0], Around[1 + (i % (Around.Length - 1))]];
            string? acting = places.Select(around => around.Replace("{0}", payload, StringComparison.Ordinal))
                .Select(html => HtmlSafety.FirstActing(SafeHtml.From(html, new ReadingBounds())?.Html ?? "")).FirstOrDefault(found => found is not null);
            tally.Count(acting is null, () => $"{payload}\n  {acting}");
        }
        tally.Reaches();
    }

    [Theory]
    [InlineData("<script>x</script>")]
    [InlineData("<p onclick=x>a</p>")]
    [InlineData("<a href='&#106;avascript:x'>a</a>")]
    [InlineData("<svg><a xlink:href='https://x.example'>a</a></svg>")]
    [InlineData("<math><mi>a</mi></math>")]
    [InlineData("<p style='background:url(https://x.example)'>a</p>")]
    [InlineData("<p style='position:fixed'>a</p>")]
    [InlineData("<!-- a -->")]
    [InlineData("<img src='https://x.example/a.png'>")]
    [InlineData("<svg></p><style><a id=\"</style><img src=1 onerror=x>\">")]
    public void The_property_sees_what_acts(string html) => Assert.NotNull(HtmlSafety.FirstActing(html));

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
