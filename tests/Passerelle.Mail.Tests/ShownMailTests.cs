using System.Text;

namespace Passerelle.Mail.Tests;

/// <summary>What a page shows of a mail beside its text: links as they are, pictures of its own, its anatomy, previews.</summary>
public class ShownMailTests
{
    private static readonly Dictionary<string, string> NoPictures = [];

    [Theory]
    [InlineData("https://shop.contoso.example/a", "our shop", "shop.contoso.example", false)]
    [InlineData("https://shop.contoso.example/a", "https://contoso.example/", "shop.contoso.example", false)]
    [InlineData("https://www.contoso.example/", "www.contoso.example", "www.contoso.example", false)]
    [InlineData("https://evil.example/", "https://www.contoso.example/", "evil.example", true)]
    [InlineData("https://evil.example/", "contoso.example", "evil.example", true)]
    [InlineData("https://contoso.example.evil.example/", "contoso.example/login", "contoso.example.evil.example", true)]
    [InlineData("https://contoso.example@evil.example/", "sign in", "evil.example", true)]
    [InlineData("https://cоntoso.example/", "sign in", "xn--cntoso-wqf.example", true)]
    [InlineData("https://fabrikam.example/", "version 2.0", "fabrikam.example", false)]
    [InlineData("https://fabrikam.example/", "e.g. this", "fabrikam.example", false)]
    [InlineData("mailto:ann@fabrikam.example", "ann@fabrikam.example", "", false)]
    public void A_link_says_where_it_leads_and_whether_it_deceives(string target, string text, string host, bool deceives)
    {
        ShownLink link = Assert.Single(ShownHtml.Links($"<p><a href=\"{target}\">{text}</a></p>"));
        Assert.Equal((target, text, host, deceives), (link.Target, link.Text, link.Host, link.Deceives));
        string shown = ShownHtml.Of($"<a href=\"{target}\">{text}</a>", NoPictures);
        Assert.Equal(deceives, shown.Contains($"class=\"{ShownHtml.NoteClass}\"", StringComparison.Ordinal));
        Assert.Contains($"title=\"{target}\"", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_of_the_mail_stand_in_its_html_and_nothing_else_that_has_an_id_does()
    {
        byte[] mail = Mail(
            "Content-Type: multipart/related; boundary=r",
            "--r\nContent-Type: text/html\n\n<img src='cid:dot@x'><img src='cid:page@x'><img src='cid:none@x'>\n"
            + "--r\nContent-Type: image/gif\nContent-ID: <dot@x>\nContent-Transfer-Encoding: base64\n\nR0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\n"
            + "--r\nContent-Type: image/png\nContent-ID: <page@x>\n\n<script>x</script>\n--r--\n");
        ReadMail read = MailReader.Read(mail, new ReadingContext());
        using var raw = new MemoryStream(mail);
        var pictures = InlinePictures.Of(raw, new ReadingBounds());
        Assert.Equal(["dot@x"], pictures.Keys);
        string shown = ShownHtml.Of(read.SafeHtml!, pictures); // it has HTML
        Assert.Contains("src=\"data:image/gif;base64,R0lGOD", shown, StringComparison.Ordinal);
        Assert.Equal(1, shown.Split("src=").Length - 1);
    }

    [Fact]
    public void The_anatomy_has_every_header_in_order_and_every_part_by_its_number()
    {
        using var raw = new MemoryStream(Mail(
            "Subject: =?utf-8?q?caf=C3=A9?=\nX-Own:  two\n  lines\nContent-Type: multipart/mixed; boundary=m",
            "--m\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain; charset=utf-8\n\nx\n--a\nContent-Type: text/html\n\nx\n--a--\n"
            + "--m\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0=\n"
            + "--m\nContent-Type: message/rfc822\n\nSubject: within\nContent-Type: text/plain\n\ny\n--m--\n"));
        MailAnatomy anatomy = MailAnatomy.Of(raw, new ReadingBounds())!; // it keeps all bounds
        Assert.Contains(new HeaderLine("Subject", "café"), anatomy.Headers);
        Assert.Contains(anatomy.Headers, header => header is { Name: "X-Own", Value: "two  lines" });
        Assert.Contains(anatomy.Headers, header => header.Name == "Content-Type");
        Assert.Equal(
            ["multipart/mixed", "1 multipart/alternative", "1.1 text/plain", "1.2 text/html", "2 application/pdf", "3 message/rfc822", "3.1 text/plain"],
            All(anatomy.Root!).Select(node => $"{node.Number} {node.Type}".Trim())); // it has parts
        Assert.Equal(("a.pdf", "attachment", "base64", "within"), (All(anatomy.Root!).ElementAt(4).Name, All(anatomy.Root!).ElementAt(4).Disposition, All(anatomy.Root!).ElementAt(4).Encoding, All(anatomy.Root!).ElementAt(5).Subject));
    }

    [Fact]
    public void A_mail_past_a_bound_has_no_anatomy_no_previews_and_no_pictures()
    {
        using var raw = new MemoryStream(Mail(string.Concat(Enumerable.Range(0, 5_000).Select(i => $"X-{i}: y\n")) + "Content-Type: text/plain", "x"));
        Assert.Null(MailAnatomy.Of(raw, new ReadingBounds()));
        Assert.Null(PartPreview.Of(raw, "1", new ReadingBounds()));
        Assert.Empty(InlinePictures.Of(raw, new ReadingBounds()));
    }

    [Theory]
    [InlineData("image/png", "\u0089PNG\r\n\u001a\n", "image/png")]
    [InlineData("application/octet-stream", "%PDF-1.7", "application/pdf")]
    [InlineData("text/plain", "hello", "text")]
    [InlineData("text/html", "<html><script>x</script>", "text")]
    [InlineData("image/svg+xml", "<svg onload='x'/>", "text")]
    [InlineData("application/json", "{}", "text")]
    [InlineData("image/png", "<html><script>x</script>", null)]
    [InlineData("application/octet-stream", "MZ\u0090", null)]
    [InlineData("text/plain", "MZ\u0090", null)]
    [InlineData("application/zip", "PK\u0003\u0004", null)]
    public void A_preview_is_what_the_bytes_are_and_never_what_could_run(string type, string content, string? shown)
    {
        byte[] mail = Mail(
            "Content-Type: multipart/mixed; boundary=m",
            $"--m\nContent-Type: text/plain\n\nx\n--m\nContent-Type: {type}\nContent-Disposition: attachment; filename=a\nContent-Transfer-Encoding: base64\n\n{Convert.ToBase64String(Encoding.Latin1.GetBytes(content))}\n--m--\n");
        using var raw = new MemoryStream(mail);
        PartPreview? preview = PartPreview.Of(raw, "2", new ReadingBounds());
        Assert.Equal(shown, preview switch { PartPreview.File file => file.Type, PartPreview.Text => "text", _ => null });
        Assert.Equal(shown is not null, PartPreview.IsPossible(Assert.Single(MailReader.Read(mail, new ReadingContext()).Attachments)));
    }

    private static byte[] Mail(string headers, string body) => Encoding.UTF8.GetBytes($"From: a@fabrikam.example\nMIME-Version: 1.0\n{headers}\n\n{body}".ReplaceLineEndings("\r\n"));

    private static IEnumerable<PartNode> All(PartNode node) => node.Children.SelectMany(All).Prepend(node);
}
