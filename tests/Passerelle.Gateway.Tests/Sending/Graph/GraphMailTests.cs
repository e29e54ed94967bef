using System.Text;
using MimeKit;
using Passerelle.Gateway.Sending.Graph;

namespace Passerelle.Gateway.Tests.Sending.Graph;

public sealed class GraphMailTests
{
    private static readonly byte[] Plain = "From: support@contoso.example\r\nTo: \"Ann, of Fabrikam\" <ann@fabrikam.example>\r\nCc: bob@xn--bcher-kva.example\r\nSubject: Hello\r\n\r\nTo: nobody@fabrikam.example\r\n"u8.ToArray();

    [Fact]
    public void A_letter_that_names_all_its_recipients_goes_as_it_is() =>
        Assert.Equal(Plain, GraphMail.Addressed(Plain, ["Ann@fabrikam.example", "bob@bücher.example"])?.ToArray());

    [Fact]
    public void Who_is_not_named_is_named_in_a_Bcc_and_nothing_else_changes()
    {
        var mail = Encoding.UTF8.GetString(GraphMail.Addressed(Plain, ["ann@fabrikam.example", "bob@bücher.example", "eve@adatum.example", "mål@adatum.example"])!.Value.Span);
        Assert.Equal("Bcc: eve@adatum.example,\r\n mål@adatum.example\r\n" + Encoding.UTF8.GetString(Plain), mail);
    }

    /// <summary>Bob has it already, or must not get it: without an envelope he would.</summary>
    [Fact]
    public void Nobody_who_is_named_can_be_left_out() => Assert.Null(GraphMail.Addressed(Plain, ["ann@fabrikam.example"]));

    [Fact]
    public void The_largest_files_are_taken_out_until_the_rest_fits()
    {
        var mail = Letter(("small.bin", 10_000), ("large.bin", 90_000), ("middle.bin", 40_000));
        var (rest, files) = GraphMail.WithoutFiles(mail, 30_000)!.Value;
        Assert.Equal([("large.bin", 90_000), ("middle.bin", 40_000)], files.Select(file => (file.Name, file.Bytes.Length)));
        using var left = MimeMessage.Load(new MemoryStream(rest), TempStore.Cancel);
        Assert.Equal(["small.bin"], left.Attachments.Select(part => part.ContentDisposition?.FileName ?? ""));
        Assert.Equal(("id@contoso.example", "Good day,"), (left.MessageId, left.TextBody?.Trim()));
    }

    [Fact]
    public void A_picture_that_the_text_shows_keeps_its_name_in_it()
    {
        var parts = new BodyBuilder { HtmlBody = "<img src=\"cid:logo\">" };
        parts.LinkedResources.Add("logo.png", new byte[50_000], new ContentType("image", "png")).ContentId = "logo";
        var (_, files) = GraphMail.WithoutFiles(Bytes(parts), 10_000)!.Value;
        Assert.Equal(("logo.png", "image/png", "logo"), (files[0].Name, files[0].Type, files[0].ContentId));
    }

    [Fact]
    public void Text_that_is_too_large_by_itself_cannot_go() => Assert.Null(GraphMail.WithoutFiles(Bytes(new BodyBuilder { TextBody = new('x', 50_000) }), 10_000));

    internal static byte[] Letter(params (string Name, int Bytes)[] files)
    {
        var parts = new BodyBuilder { TextBody = "Good day," };
        foreach (var (name, bytes) in files) parts.Attachments.Add(name, new byte[bytes], new ContentType("application", "octet-stream"));
        return Bytes(parts);
    }

    private static byte[] Bytes(BodyBuilder parts)
    {
        using var mail = new MimeMessage { Subject = "Hello", Body = parts.ToMessageBody(), MessageId = "id@contoso.example" };
        mail.From.Add(new MailboxAddress("", "support@contoso.example"));
        mail.To.Add(new MailboxAddress("", "ann@fabrikam.example"));
        using var bytes = new MemoryStream();
        mail.WriteTo(bytes, TempStore.Cancel);
        return bytes.ToArray();
    }
}
