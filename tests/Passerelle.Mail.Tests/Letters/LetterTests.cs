using System.Text;
using MimeKit;
using Passerelle.Mail.Replies;

namespace Passerelle.Mail.Tests.Letters;

/// <summary>What a letter is made of, and that it is a mail by the letter of RFC 5322 whatever is in it.</summary>
public sealed class LetterTests
{
    private static readonly Draft Draft = new()
    {
        From = new MailParty("support@contoso.example", "Contoso Support"),
        MessageId = "<019@contoso.example>",
        Date = new DateTimeOffset(2026, 3, 4, 6, 0, 0, TimeSpan.Zero),
        Subject = "Your order",
        Text = "It left on Monday.",
    };

    /// <summary>RFC 5322 §2.1.1 and §2.2: 7-bit, no bare CR or LF, no line over 998.</summary>
    [Fact]
    public void Whatever_is_written_no_header_has_eight_bits_and_no_line_is_too_long()
    {
        for (var number = 0; number < 400; number++)
        {
            var (draft, to, cc) = HardLetters.Of(number);
            var bytes = Written(draft, to, cc).Bytes;
            Assert.DoesNotContain(bytes, octet => octet > 0x7e || (octet < 0x20 && octet is not ((byte)'\r' or (byte)'\n' or (byte)'\t')));
            var text = Encoding.ASCII.GetString(bytes);
            Assert.Equal(text.Count(sign => sign == '\n'), text.Split("\r\n").Length - 1);
            Assert.Equal(text.Count(sign => sign == '\r'), text.Count(sign => sign == '\n'));
            Assert.All(text.Split("\r\n"), line => Assert.True(line.Length <= 998, $"{number}: {line.Length}"));
        }
    }

    [Fact]
    public void What_was_written_is_what_is_read()
    {
        // PASSERELLE_LETTERS keeps them for other readers.
        var kept = Environment.GetEnvironmentVariable("PASSERELLE_LETTERS");
        for (var number = 0; number < 200; number++)
        {
            var (draft, to, cc) = HardLetters.Of(number);
            var composed = Written(draft, to, cc);
            if (kept is not null) File.WriteAllBytes(Path.Combine(kept, $"{number:d3}.eml"), composed.Bytes);
            using var mail = Read(composed);
            Assert.Equal(Plain(draft.Subject!), Plain(mail.Subject ?? ""));
            Assert.Equal(Plain(Name(draft.From)), Plain(mail.From.Mailboxes.Single().Name ?? ""));
            Assert.Equal(to.Select(party => Plain(Name(party))), mail.To.Mailboxes.Select(box => Plain(box.Name ?? "")));
            Assert.Equal(Lines(draft.Text), Lines(mail.TextBody ?? ""));
            Assert.Equal(draft.Html is null, mail.HtmlBody is null);
            Assert.Equal(
                draft.Enclosures.Select(file => Convert.ToHexString(file.Content.Span)).Order(),
                mail.BodyParts.OfType<MimePart>().Where(part => part.ContentDisposition is not null).Select(part => Convert.ToHexString(Content(part))).Order());
            Assert.Equal(to.Count + cc.Count + draft.Bcc.Count - Repeated(to, cc), composed.Recipients.Count);
            Assert.DoesNotContain("secret@", Encoding.ASCII.GetString(composed.Bytes), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Images_stand_beside_the_html_that_shows_them_and_files_below_the_text()
    {
        using var mail = Read(Written(Draft with
        {
            Html = "<p>It left.<img src=\"cid:logo\"></p>",
            Enclosures = [new Enclosure("logo.png", "image/png", new byte[] { 1 }) { ContentId = "logo" }, new Enclosure("invoice.pdf", "application/pdf", new byte[] { 2 })],
        }));
        var whole = Assert.IsType<Multipart>(mail.Body);
        var ways = Assert.IsType<MultipartAlternative>(whole[0]);
        Assert.Equal(["text/plain", "multipart/related"], ways.Select(way => way.ContentType.MimeType));
        var shown = Assert.IsType<MultipartRelated>(ways[1]);
        Assert.Equal(("text/html", "logo"), (shown[0].ContentType.MimeType, shown[1].ContentId));
        Assert.Equal("invoice.pdf", Assert.Single(mail.Attachments).ContentDisposition!.FileName);
    }

    [Fact]
    public void A_list_can_be_left_by_a_page_by_a_mail_and_by_one_click()
    {
        var raw = Raw(Draft with { Unsubscription = new Unsubscription(new Uri("https://contoso.example/leave?a=b c"), "leave+x@contoso.example", OneClick: true) });
        Assert.Contains("List-Unsubscribe: <https://contoso.example/leave?a=b%20c>,\r\n <mailto:leave%2Bx@contoso.example?subject=unsubscribe>\r\n", raw, StringComparison.Ordinal);
        Assert.Contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", raw, StringComparison.Ordinal);
        Assert.DoesNotContain("List-Unsubscribe-Post", Raw(Draft with { Unsubscription = new Unsubscription(null, "leave@contoso.example", OneClick: true) }), StringComparison.Ordinal);
        Assert.DoesNotContain("List-Unsubscribe", Raw(Draft), StringComparison.Ordinal);
    }

    /// <summary>RFC 6531, RFC 6532: such an address has no other spelling; a domain has one in ASCII (RFC 5890).</summary>
    [Fact]
    public void An_address_outside_of_ascii_is_written_as_it_is_and_a_domain_in_ascii()
    {
        var utf8 = Written(Draft, [new MailParty("jörg@bücher.example", "Jörg")]);
        Assert.Contains("To: Jörg <jörg@bücher.example>\r\n", Encoding.UTF8.GetString(utf8.Bytes), StringComparison.Ordinal);
        Assert.Equal(["jörg@bücher.example"], utf8.Recipients);
        var idn = Written(Draft, [new MailParty("ann@bücher.example")]);
        Assert.Contains("To: ann@xn--bcher-kva.example\r\n", Encoding.ASCII.GetString(idn.Bytes), StringComparison.Ordinal);
        Assert.Equal(["ann@xn--bcher-kva.example"], idn.Recipients);
    }

    [Theory]
    [InlineData("One.\nTwo & <b>.\n\nThree: https://contoso.example/a?b=1&c=2.", "<p>One.<br>\nTwo &amp; &lt;b&gt;.</p>\n<p>Three: <a href=\"https://contoso.example/a?b=1&amp;c=2\">https://contoso.example/a?b=1&amp;c=2</a>.</p>\n")]
    [InlineData("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n")]
    public void Html_made_from_text_says_the_same_and_nothing_more(string text, string html)
    {
        Assert.Equal(html, Alternatives.HtmlOf(text));
        Assert.Equal(text, Alternatives.TextOf(html));
    }

    [Fact]
    public void An_answer_to_an_invitation_tells_the_organiser_and_nobody_else()
    {
        var invitation = Mails.Read("""
            From: Ann <ann@fabrikam.example>
            To: support@contoso.example
            Subject: Review
            Message-ID: <invite@fabrikam.example>
            Content-Type: text/calendar; method=REQUEST; charset=utf-8

            BEGIN:VCALENDAR
            METHOD:REQUEST
            BEGIN:VEVENT
            UID:040000008200E00074C5B7101A82E008
            SEQUENCE:3
            SUMMARY:Review\, of the largest order that anybody has ever placed with us – and what follows
            ORGANIZER;CN="Ann":mailto:ann@fabrikam.example
            ATTENDEE;CN="Support";PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:support@contoso.example
            ATTENDEE;CN="Bob":mailto:bob@fabrikam.example
            DTSTART:20260310T090000Z
            DTEND:20260310T100000Z
            END:VEVENT
            END:VCALENDAR
            """);
        var words = CalendarAnswer.Of(invitation.Calendars[0], new MailParty("support@contoso.example", "Support"), Attendance.Tentative, "Maybe; later", Draft.Date);
        Assert.All(words!.Split("\r\n"), line => Assert.True(Encoding.UTF8.GetByteCount(line) <= 75, line));
        Assert.DoesNotContain("bob@", words, StringComparison.Ordinal);

        var composed = Assert.IsType<Composition.Composed>(ReplyComposer.Reply(invitation, Draft with { Calendar = words }));
        var read = Mails.Read(Encoding.ASCII.GetString(composed.Bytes));
        var answer = Assert.Single(read.Calendars);
        var item = Assert.Single(answer.Items);
        Assert.Equal(("REPLY", "040000008200E00074C5B7101A82E008", 3), (answer.Method, item.Uid, item.Sequence));
        Assert.Equal(("support@contoso.example", "TENTATIVE"), (Assert.Single(item.Attendees).Address, item.Attendees[0].Answer));
        Assert.Equal("Review, of the largest order that anybody has ever placed with us – and what follows", item.Summary);
        Assert.Equal("2026-03-10T09:00:00+00:00", item.Start?.ToString());
        Assert.Null(CalendarAnswer.Of(answer, new MailParty("support@contoso.example"), Attendance.Accepted, "", Draft.Date)); // an answer is not answered
    }

    private static Composition.Composed Written(Draft draft, IReadOnlyList<MailParty>? to = null, IReadOnlyList<MailParty>? cc = null) =>
        Assert.IsType<Composition.Composed>(ReplyComposer.New(draft, to ?? [new MailParty("ann@fabrikam.example")], cc));

    private static string Raw(Draft draft) => Encoding.ASCII.GetString(Written(draft).Bytes);

    private static MimeMessage Read(Composition.Composed composed) => MimeMessage.Load(new MemoryStream(composed.Bytes), TestContext.Current.CancellationToken);

    /// <summary>What looks like an encoded word has lost that look.</summary>
    private static string Name(MailParty party) => (party.Name ?? "").Replace("=?", "= ?", StringComparison.Ordinal);

    private static int Repeated(IReadOnlyList<MailParty> to, IReadOnlyList<MailParty> cc) => cc.Count(one => to.Any(other => other.Address == one.Address));

    /// <summary>What becomes one line in a header: blanks and tabs are one there.</summary>
    private static string Plain(string text) => string.Join(' ', text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));

    private static string Lines(string text) => text.ReplaceLineEndings("\n").Replace('\r', '\n').TrimEnd('\n');

    private static byte[] Content(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content!.DecodeTo(bytes, TestContext.Current.CancellationToken); // every part here has one
        return bytes.ToArray();
    }
}
