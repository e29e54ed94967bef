using System.Text;
using System.Text.Json;

namespace Passerelle.Mail.Tests;

public class ReaderTests
{
    private const string Ordinary = """
        From: =?utf-8?q?Ann_B=C3=A9ll?= <ann@fabrikam.example>
        Sender: desk@fabrikam.example
        Reply-To: ann.private@fabrikam.example
        To: Support <support@contoso.example>, sales@contoso.example
        Cc: Team: bob@fabrikam.example, eve@fabrikam.example;
        Subject: =?utf-8?q?O=C3=B9_est?= =?utf-8?q?_ma_commande?=
        Date: Wed, 04 Mar 2026 05:06:07 +0200
        Message-ID: <two@fabrikam.example>
        In-Reply-To: <one@contoso.example>
        References: <zero@fabrikam.example>
         <one@contoso.example>

        Hello
        """;

    [Fact]
    public void Parties_dates_and_ids_are_read_and_decoded()
    {
        ReadMail mail = Mails.Read(Ordinary);
        Assert.Equal(new MailParty("ann@fabrikam.example", "Ann Béll"), mail.From);
        Assert.Equal("desk@fabrikam.example", mail.Sender!.Address);
        Assert.Equal("ann.private@fabrikam.example", Assert.Single(mail.ReplyTo).Address);
        Assert.Equal(["support@contoso.example", "sales@contoso.example"], mail.To.Select(to => to.Address));
        Assert.Equal(["bob@fabrikam.example", "eve@fabrikam.example"], mail.Cc.Select(cc => cc.Address));
        Assert.Equal("Où est ma commande", mail.Subject);
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 3, 6, 7, TimeSpan.Zero), mail.Date);
        Assert.Equal(("<two@fabrikam.example>", "<one@contoso.example>"), (mail.MessageId, mail.InReplyTo));
        Assert.Equal(["<zero@fabrikam.example>", "<one@contoso.example>"], mail.References);
        Assert.Equal(("Hello", MailKind.Human), (mail.Text.Trim(), mail.Kind));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("\r\nonly a body")]
    [InlineData("Subject: nothing else")]
    [InlineData("From: \r\nDate: yesterday\r\nMessage-ID:\r\n\r\nx")]
    [InlineData("From: <>\r\nTo: undisclosed-recipients:;\r\n\r\nx")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nnever closed")]
    [InlineData("Content-Type: multipart/mixed\r\n\r\nno boundary")]
    [InlineData("Content-Type: text/plain; charset=klingon\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!")]
    [InlineData("this is no mail at all")]
    public void Whatever_is_missing_or_broken_the_reader_answers(string raw) => Assert.Equal(64, Mails.Read(raw).Digest.Length);

    [Fact]
    public void Eight_bit_headers_are_read_in_utf8_and_in_latin1()
    {
        Assert.Equal("Café", Mails.Read("Subject: Café\r\n\r\n").Subject);
        Assert.Equal("Café", MailReader.Read(Encoding.Latin1.GetBytes("Subject: Café\r\n\r\n"), new ReadingContext()).Subject);
    }

    [Fact]
    public void A_header_can_never_smuggle_a_line_into_what_we_keep()
    {
        ReadMail mail = Mails.Read("From: =?utf-8?q?Ann=0D=0ABcc:_x?= <ann@fabrikam.example>\r\nSubject: =?utf-8?q?a=0D=0Ab?=\r\n\r\nx");
        Assert.DoesNotContain('\n', mail.Subject + mail.From!.Name);
    }

    [Fact]
    public void Text_is_made_from_html_where_there_is_none()
    {
        ReadMail mail = Mails.Read("Content-Type: text/html\r\n\r\n<html><head><title>T</title><style>p{}</style></head><body><p>Hello <b>Ann</b>,</p><p>bye&amp;<br>thanks</p></body></html>");
        Assert.Equal("Hello Ann,\n\nbye&\nthanks", mail.Text);
    }

    [Fact]
    public void Attachments_are_listed_by_part_and_their_content_can_be_fetched()
    {
        byte[] raw = Encoding.ASCII.GetBytes("""
            Content-Type: multipart/mixed; boundary=o

            --o
            Content-Type: multipart/related; boundary=i

            --i
            Content-Type: text/html

            <img src="cid:logo@x">
            --i
            Content-Type: image/png
            Content-ID: <logo@x>
            Content-Transfer-Encoding: base64

            AQID
            --i--
            --o
            Content-Type: application/pdf; name="C:\\secret\\a.pdf"
            Content-Disposition: attachment

            abc
            --o--
            """.ReplaceLineEndings("\r\n"));
        ReadMail mail = MailReader.Read(raw, new ReadingContext());
        Assert.Equal([("1.2", null, "image/png", 3L, true), ("2", "a.pdf", "application/pdf", 3L, false)],
            mail.Attachments.Select(file => (file.PartNumber, file.Name, file.Type, file.Size, file.Inline)));
        Assert.Equal("logo@x", mail.Attachments[0].ContentId);
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", mail.Attachments[1].Sha256);
        using var content = new MemoryStream();
        Assert.True(MailParts.Write(new MemoryStream(raw), "1.2", content, new ReadingBounds()));
        Assert.Equal([1, 2, 3], content.ToArray());
        Assert.False(MailParts.Write(new MemoryStream(raw), "9", content, new ReadingBounds()));
        Assert.False(MailParts.Write(new MemoryStream("no mail at all"u8.ToArray()), "1", content, new ReadingBounds()));
    }

    [Fact]
    public void The_parsers_of_others_agree_on_what_a_help_desk_receives()
    {
        foreach (var (file, expect) in Corpora.Cases("inbound-chatwoot", "consensus.json"))
        {
            ReadMail mail = Mails.Read("inbound-chatwoot", file);
            Same("subject", mail.Subject);
            Same("messageId", mail.MessageId);
            Same("dateUtc", mail.Date?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
            if (expect.TryGetProperty("from", out JsonElement from)) Assert.True(from.GetArrayLength() == 0 ? mail.From is null : mail.From!.Address == from[0].GetString(), $"{file} from {mail.From}");
            if (expect.TryGetProperty("references", out JsonElement references)) Assert.Equal(references.EnumerateArray().Select(id => id.GetString()), mail.References);
            if (mail.Reported.Count == 0 && expect.TryGetProperty("attachments", out JsonElement files)) // we list the parts of a report, they do not
                Assert.Equal(files.EnumerateArray().Select(one => one.GetProperty("sha256").GetString()).Order(), mail.Attachments.Select(one => one.Sha256).Order());

            void Same(string field, string? ours)
            {
                if (expect.TryGetProperty(field, out JsonElement theirs) && theirs.ValueKind is JsonValueKind.String)
                    Assert.True(theirs.GetString()!.Trim() == (ours ?? "").Trim(), $"{file} {field}: {theirs} / {ours}");
            }
        }
    }

    [Fact]
    public void A_second_copy_has_the_same_digest_and_a_forged_one_another()
    {
        string digest = Mails.Read(Ordinary).Digest;
        Assert.Equal(digest, Mails.Read("Received: from a by b\nX-Spam: no\nReturn-Path: <x@y.example>\n" + Ordinary).Digest);
        Assert.Equal(digest, Mails.Read(Ordinary.ReplaceLineEndings("\r\n")).Digest);
        foreach (var (from, to) in new[] { ("Hello", "Hallo"), ("<two@", "<three@"), ("05:06:07", "05:06:08"), ("ann@", "eve@"), ("O=C3=B9", "Ou") })
        {
            Assert.NotEqual(digest, Mails.Read(Ordinary.Replace(from, to, StringComparison.Ordinal)).Digest);
        }
    }
}
