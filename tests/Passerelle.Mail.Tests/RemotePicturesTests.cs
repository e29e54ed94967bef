using System.Text;

namespace Passerelle.Mail.Tests;

/// <summary>A mail's HTML with places for pictures that lie elsewhere.</summary>
public sealed class RemotePicturesTests
{
    private const string Html = """
        <p>Hello</p><img src="https://shop.adatum.example/one.png?a=1&amp;b=2" alt="One"><img src="cid:own@x"><img><img src="/relative.png">
        <img src="remote:7"><img src="HTTP://shop.adatum.example/two.png"><img src="javascript:alert(1)"><img src="https://a.example/ b.png">
        <script>alert(1)</script><input type="image" src="https://shop.adatum.example/three.png"><table background="https://shop.adatum.example/four.png"></table>
        """;

    [Fact]
    public void Each_picture_elsewhere_stands_as_its_number_and_nothing_else_gets_through()
    {
        var found = Find(Html);
        Assert.NotNull(found);
        Assert.Equal(["https://shop.adatum.example/one.png?a=1&b=2", "HTTP://shop.adatum.example/two.png"], found.Addresses);
        Assert.Contains("""<img alt="One" src="remote:0">""", found.SafeHtml, StringComparison.Ordinal);
        Assert.Contains("""<img src="remote:1">""", found.SafeHtml, StringComparison.Ordinal);
        Assert.DoesNotContain("remote:7", found.SafeHtml, StringComparison.Ordinal);
        Assert.DoesNotContain("adatum", found.SafeHtml, StringComparison.Ordinal);
        Assert.DoesNotContain("script", found.SafeHtml, StringComparison.Ordinal);
    }

    [Fact]
    public void Places_are_filled_by_number_or_stay_empty()
    {
        var shown = ShownHtml.Of(Find(Html)!.SafeHtml, new Dictionary<string, string>(), new Dictionary<int, string> { [1] = "data:image/gif;base64,AAAA" }); // found above
        Assert.Contains("""<img src="data:image/gif;base64,AAAA">""", shown, StringComparison.Ordinal);
        Assert.Contains("""<img alt="One">""", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("remote:", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void They_are_bounded_in_number() => Assert.Equal(
        RemotePictures.Most, Find(string.Concat(Enumerable.Range(0, 500).Select(i => $"<img src='https://shop.adatum.example/{i}.png'>")))?.Addresses.Count);

    [Fact]
    public void As_a_mail_is_read_no_place_is_made() => Assert.DoesNotContain(
        "remote:", MailReader.Read(Encoding.UTF8.GetBytes(MailOf(Html)), new ReadingContext()).SafeHtml, StringComparison.Ordinal);

    private static RemotePictures? Find(string html) => RemotePictures.Of(new MemoryStream(Encoding.UTF8.GetBytes(MailOf(html))), new ReadingBounds());

    private static string MailOf(string html) =>
        $"From: ann@fabrikam.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n";
}
