using System.Text;
using CsCheck;
using MimeKit;
using Passerelle.Mail.Replies;

namespace Passerelle.Mail.Tests;

public class ComposerTests
{
    private static readonly ReadMail Original = Mails.Read("""
        From: Ann <ann@fabrikam.example>
        Reply-To: Ann at home <home@fabrikam.example>
        To: support@contoso.example, bob@fabrikam.example
        Cc: Support <SUPPORT@contoso.example>, eve@fabrikam.example, bob@fabrikam.example
        Subject: RE: aw: Où est ma commande
        Date: Wed, 04 Mar 2026 05:06:07 +0000
        Message-ID: <two@fabrikam.example>
        References: <one@contoso.example>

        Hello
        > earlier
        """);

    private static readonly Draft Draft = new()
    {
        From = new MailParty("support@contoso.example", "Contoso Support – équipe"),
        MessageId = "<019@contoso.example>",
        Date = new DateTimeOffset(2026, 3, 4, 6, 0, 0, TimeSpan.Zero),
        Text = "Dear Ann,\nit left on Monday – été.\n.\nFrom here.",
        OwnAddresses = ["support@contoso.example"],
    };

    [Fact]
    public void An_answer_threads_and_comes_from_the_mailbox()
    {
        var (answer, mail) = Compose(Original, Draft);
        Assert.Equal(("support@contoso.example", "Contoso Support – équipe"), (mail.From!.Address, mail.From.Name));
        Assert.Equal(("<two@fabrikam.example>", "Re: Où est ma commande", "<019@contoso.example>"), (mail.InReplyTo, mail.Subject, mail.MessageId));
        Assert.Equal(["<one@contoso.example>", "<two@fabrikam.example>"], mail.References);
        Assert.Equal(Draft.Date, mail.Date);
        Assert.Equal(["home@fabrikam.example"], answer.Recipients);
        Assert.Equal("support@contoso.example", answer.EnvelopeFrom);
        Assert.Equal(Draft.Text, mail.Text.TrimEnd('\n'));
    }

    [Fact]
    public void An_answer_to_all_reaches_everybody_once_and_never_ourselves()
    {
        var (answer, mail) = Compose(Original, Draft with { ToAll = true });
        Assert.Equal(["home@fabrikam.example", "bob@fabrikam.example"], mail.To.Select(to => to.Address));
        Assert.Equal(["eve@fabrikam.example"], mail.Cc.Select(cc => cc.Address));
        Assert.Equal(["home@fabrikam.example", "bob@fabrikam.example", "eve@fabrikam.example"], answer.Recipients);
    }

    [Fact]
    public void An_automatic_answer_says_so_and_goes_to_the_author_alone()
    {
        var (answer, mail) = Compose(Original, Draft with { Automatic = true, ToAll = true });
        Assert.Equal(["ann@fabrikam.example"], answer.Recipients);
        Assert.Equal(MailKind.AutoReply, mail.Kind);
        string raw = Encoding.ASCII.GetString(answer.Bytes);
        Assert.Contains("Auto-Submitted: auto-replied\r\n", raw, StringComparison.Ordinal);
        Assert.Contains("X-Auto-Response-Suppress: All\r\n", raw, StringComparison.Ordinal);
        Assert.NotNull(AutomaticAnswers.ReasonAgainst(mail, [], _ => false));
    }

    [Fact]
    public void A_person_can_quote_the_original()
    {
        var (_, mail) = Compose(Original, Draft with { Quote = true, Html = "<p>Dear Ann</p>" });
        Assert.Contains("On 2026-03-04 05:06 UTC, Ann <ann@fabrikam.example> wrote:\n> Hello\n>> earlier", mail.Text, StringComparison.Ordinal);
        Assert.Contains("<blockquote", mail.SafeHtml, StringComparison.Ordinal);
        Assert.Equal("Dear Ann,\nit left on Monday – été.\n.\nFrom here.", ReplyText.Of(mail.Text));
    }

    [Fact]
    public void A_quoted_original_brings_no_markup_of_its_own()
    {
        ReadMail hostile = Mails.Read("From: \"<script>\" <ann@fabrikam.example>\nSubject: x\n\n<script>alert(1)</script>");
        var composed = Assert.IsType<Composition.Composed>(ReplyComposer.Reply(hostile, Draft with { Quote = true, Html = "<p>x</p>" }));
        using MimeMessage message = MimeMessage.Load(new MemoryStream(composed.Bytes), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("<script", message.HtmlBody, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Long_ancestry_is_cut_in_the_middle()
    {
        ReadMail old = Original with { References = [.. Enumerable.Range(0, 100).Select(i => $"<{i}@fabrikam.example>")] };
        var (_, mail) = Compose(old, Draft);
        Assert.Equal(20, mail.References.Count);
        Assert.Equal(("<0@fabrikam.example>", "<two@fabrikam.example>"), (mail.References[0], mail.References[^1]));
    }

    [Fact]
    public void The_same_draft_is_the_same_bytes() => Assert.Equal(
        Assert.IsType<Composition.Composed>(ReplyComposer.Reply(Original, Draft with { Html = "<p>x</p>" })).Bytes,
        Assert.IsType<Composition.Composed>(ReplyComposer.Reply(Original, Draft with { Html = "<p>x</p>" })).Bytes);

    [Theory]
    [InlineData("nobody")]
    [InlineData("a b@fabrikam.example")]
    [InlineData("a@fabrikam.example\r\nBcc: eve@adatum.example")]
    [InlineData("a@fabrikam.example> RCPT TO:<eve@adatum.example")]
    [InlineData("a\u0085b@fabrikam.example")]
    public void What_is_not_an_address_is_refused_with_a_sentence(string address) =>
        Assert.Contains("address", Assert.IsType<Composition.Impossible>(ReplyComposer.New(Draft with { Subject = "x" }, [new MailParty(address)])).Reason, StringComparison.Ordinal);

    [Fact]
    public void Nobody_to_answer_and_no_message_id_are_refused()
    {
        Assert.IsType<Composition.Impossible>(ReplyComposer.Reply(Original with { From = null, ReplyTo = [] }, Draft));
        Assert.IsType<Composition.Impossible>(ReplyComposer.New(Draft, []));
        Assert.IsType<Composition.Impossible>(ReplyComposer.Reply(Original, Draft with { MessageId = "<a b@c>\r\nX: y" }));
    }

    [Fact]
    public void No_text_given_can_become_a_header_or_leave_the_seven_bits() =>
        Gen.Select(Hostile, Hostile, Hostile, Hostile).Sample((subject, name, text, id) =>
        {
            ReadMail original = Original with { Subject = subject, From = new MailParty("ann@fabrikam.example", name), ReplyTo = [], MessageId = $"<{id}>", References = [$"<{id}>"] };
            var composed = (Composition.Composed)ReplyComposer.Reply(original, Draft with { Text = text, From = new MailParty("support@contoso.example", name), Quote = true });
            string raw = Encoding.Latin1.GetString(composed.Bytes);
            string[] lines = raw.Split("\r\n");
            string[] fields = [.. lines.TakeWhile(line => line.Length > 0).Where(line => line[0] is not (' ' or '\t')).Select(line => line.Split(':')[0])];
            return raw.All(c => c < 128)
                && !raw.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n')
                && lines.All(line => line.Length <= 998)
                && fields.All(Known.Contains) && fields.Distinct().Count() == fields.Length;
        }, iter: 500);

    /// <summary>A lone CR or LF in what somebody wrote or quoted must not reach the wire: the next server would refuse it, or end the mail there.</summary>
    [Fact]
    public void Whatever_ends_the_lines_of_a_text_the_letter_has_CRLF_alone() =>
        Gen.Select(Ends.Array[1, 12].Select(string.Concat), Ends.Array[0, 6].Select(string.Concat), Gen.Bool).Sample(
            (text, html, both) =>
            {
                var (answer, _) = Compose(Original, Draft with { Text = text, Html = both ? html : null });
                var wire = Encoding.Latin1.GetString(answer.Bytes).Replace("\r\n", "", StringComparison.Ordinal);
                return !wire.Contains('\r') && !wire.Contains('\n') && answer.Bytes.AsSpan().EndsWith("\r\n"u8);
            },
            iter: 1000);

    private static readonly Gen<string> Ends = Among("\r", "\n", "\r\n", "\n\r", "\r\r\n", ".", "a", " ", "é", "\r\n.\r\n", "\n.\n", new string('x', 80), "\u2028", "\u0085", "\0");

    private static readonly HashSet<string> Known =
        ["From", "To", "Cc", "Subject", "Date", "Message-Id", "In-Reply-To", "References", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"];

    private static readonly Gen<string> Hostile = Gen.OneOf(
        Gen.String,
        Among("a\r\nBcc: eve@adatum.example", "\n\n.\r\n", "=?utf-8?q?=0D=0ABcc:_x?=", "é\u2028Bcc: x", "\0\u0001", new string('x', 3000), "名前 <a@b>", "\ud83d", ""),
        Gen.String.Array[1, 5].Select(parts => string.Join("\r\n", parts)));

    private static Gen<string> Among(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static (Composition.Composed Answer, ReadMail Mail) Compose(ReadMail original, Draft draft)
    {
        var composed = Assert.IsType<Composition.Composed>(ReplyComposer.Reply(original, draft));
        return (composed, MailReader.Read(composed.Bytes, new ReadingContext()));
    }
}
