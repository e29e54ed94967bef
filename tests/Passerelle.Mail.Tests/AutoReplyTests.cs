using System.Text;

namespace Passerelle.Mail.Tests;

public class AutoReplyTests
{
    [Fact, Corpus]
    public void Every_automatic_reply_of_the_corpus_is_recognised() => Count("never answered", automatic: true);

    [Fact, Corpus]
    public void Ordinary_mail_of_the_corpus_is_kept() => Count("ordinary mail kept", automatic: false);

    private static void Count(string field, bool automatic)
    {
        var tally = new Tally("autoreply", field);
        foreach (var (file, expect) in Corpora.Cases("autoreply").Where(one => one.Expect.GetProperty("autoReply").GetBoolean() == automatic))
        {
            ReadMail mail = Mails.Read("autoreply", file);
            bool refused = AutomaticAnswers.ReasonAgainst(mail, [], _ => false) is not null;
            tally.Count(refused == automatic && mail.Kind == (automatic ? MailKind.AutoReply : MailKind.Human), () => $"{file}: {mail.Judgement} {mail.AutomaticSign}");
        }
        tally.Reaches();
    }

    [Fact, Corpus]
    public void The_header_vectors_decide_whether_a_machine_may_answer()
    {
        var tally = new Tally("autoreply", "header vectors");
        foreach (var vector in Corpora.Json("autoreply", "header-cases.json").EnumerateArray())
        {
            var headers = new StringBuilder("Message-ID: <1@fabrikam.example>\r\n");
            if (!vector.GetProperty("headers").TryGetProperty("From", out _)) headers.Append("From: ann@fabrikam.example\r\n");
            foreach (var header in vector.GetProperty("headers").EnumerateObject()) headers.Append(header.Name + ": " + header.Value + "\r\n");
            ReadMail mail = Mails.Read(headers + "\r\nHello\r\n");
            bool never = vector.GetProperty("expect").GetProperty("suppressAutoResponse").GetBoolean();
            tally.Count(never == AutomaticAnswers.ReasonAgainst(mail, [], _ => false) is not null, () => vector.GetProperty("name").ToString());
        }
        tally.Reaches();
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-generated (rule)")]
    [InlineData("List-Unsubscribe: <mailto:leave@list.example>")]
    [InlineData("List-Id: <talk.list.example>")]
    [InlineData("Precedence: auto_reply")]
    [InlineData("X-Autorespond: yes")]
    [InlineData("X-Loop: support@adatum.example")]
    [InlineData("X-Auto-Response-Suppress: DR, OOF, AutoReply")]
    [InlineData("X-MS-Exchange-Message-Is-Ndr:")]
    [InlineData("X-MS-Exchange-Inbox-Rules-Loop: other@adatum.example")]
    [InlineData("x-ms-exchange-generated-message-source: Mailbox Rules Agent")]
    [InlineData("Return-Path: <>")]
    [InlineData("Subject: Automatic reply: your order")]
    [InlineData("Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_commande?=")]
    [InlineData("Subject: Abwesenheitsnotiz")]
    [InlineData("Content-Type: multipart/report; boundary=b; report-type=delivery-status")]
    public void A_sign_of_a_machine_forbids_an_automatic_answer(string header) => Assert.NotNull(Reason($"{header}\r\n"));

    [Theory]
    [InlineData("Feedback-ID: 1:2:3:esp")]
    [InlineData("Auto-Submitted: no")]
    [InlineData("X-Auto-Response-Suppress: DR, RN, NRN")]
    [InlineData("X-MS-Exchange-Inbox-Rules-Loop: support@contoso.example")]
    [InlineData("Subject: Where is the office?")]
    public void What_people_and_their_servers_write_too_is_no_sign(string header) => Assert.Null(Reason($"{header}\r\n"));

    [Theory]
    [InlineData("no-reply@fabrikam.example")]
    [InlineData("noreply+42@fabrikam.example")]
    [InlineData("DoNotReply@fabrikam.example")]
    [InlineData("postmaster@fabrikam.example")]
    [InlineData("MAILER-DAEMON@fabrikam.example")]
    [InlineData("MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@contoso.example")]
    [InlineData("support@contoso.example")]
    public void Machines_and_ourselves_get_no_answer(string from) =>
        Assert.NotNull(AutomaticAnswers.ReasonAgainst(Mails.Read($"From: {from}\r\n\r\nHello\r\n"), ["Support@contoso.example"], _ => false));

    [Fact]
    public void The_null_sender_gets_no_answer() => Assert.NotNull(AutomaticAnswers.ReasonAgainst(
        Mails.Read("From: ann@fabrikam.example\r\n\r\nHello\r\n", new ReadingContext { EnvelopeFrom = "" }), [], _ => false));

    [Fact]
    public void Our_own_mail_coming_back_gets_no_answer() => Assert.NotNull(AutomaticAnswers.ReasonAgainst(
        Mails.Read("From: ann@fabrikam.example\r\nMessage-ID: <ours@contoso.example>\r\n\r\nHello\r\n"), [], id => id == "<ours@contoso.example>"));

    [Fact]
    public void A_mail_without_author_gets_no_answer() => Assert.NotNull(AutomaticAnswers.ReasonAgainst(Mails.Read("Subject: x\r\n\r\nHello\r\n"), [], _ => false));

    [Fact]
    public void A_persons_mail_forwarded_by_exchange_may_be_answered() => Assert.Null(AutomaticAnswers.ReasonAgainst(
        Mails.Read(
            """
            Return-Path: <bounces+SRS=44ldt=IX@contoso.example>
            Received: from out.example by in.example
            Resent-From: <support@contoso.example>
            X-MS-Exchange-ForwardingLoop: support@contoso.example;0f2c9d4e-0000-4000-8000-000000000000
            X-LD-Processed: 0f2c9d4e-0000-4000-8000-000000000000,ExtFwd
            X-MS-Exchange-Transport-Forked: True
            X-MS-Exchange-Inbox-Rules-Loop: support@contoso.example
            X-Microsoft-Antispam: BCL:0;
            From: Ann <ann@fabrikam.example>
            To: support@contoso.example
            Subject: Order

            Hello
            """,
            new ReadingContext { EnvelopeFrom = "bounces+SRS=44ldt=IX@contoso.example", OwnAddresses = ["support@contoso.example"] }),
        ["support@contoso.example"], _ => false));

    private static string? Reason(string header) => AutomaticAnswers.ReasonAgainst(
        Mails.Read($"From: ann@fabrikam.example\r\n{header}\r\nHello\r\n", new ReadingContext { OwnAddresses = ["support@contoso.example"] }), [], _ => false);
}
