namespace Passerelle.Mail.Tests;

public class KindTests
{
    [Theory]
    [InlineData("Content-Type: text/calendar; method=REQUEST", MailKind.Calendar)]
    [InlineData("List-Id: <talk.list.example>", MailKind.MailingList)]
    [InlineData("Auto-Submitted: auto-replied", MailKind.AutoReply)]
    [InlineData("Subject: Out of Office: order", MailKind.AutoReply)]
    [InlineData("X-Passerelle-Canary: forged", MailKind.Human)]
    [InlineData("X-Passerelle-Canary: ours", MailKind.Canary)]
    [InlineData("X-Failed-Recipients: a@fabrikam.example", MailKind.Bounce)]
    [InlineData("Content-Type: multipart/report; report-type=disposition-notification; boundary=b", MailKind.ReadReceipt)]
    [InlineData("Subject: Undelivered items in my order", MailKind.Human)]
    public void The_kind_follows_from_what_the_mail_says(string header, MailKind kind) => Assert.Equal(kind, Mails.Read(
        $"From: ann@fabrikam.example\r\n{header}\r\n\r\nHello\r\n", new ReadingContext { IsCanary = value => value == "ours" }).Kind);

    [Fact]
    public void A_calendar_of_the_corpus_is_a_calendar()
    {
        foreach (var (file, _) in Corpora.Cases("ical-invitations-thunderbird").Where(one => one.File.EndsWith(".eml", StringComparison.Ordinal)))
        {
            ReadMail mail = Mails.Read("ical-invitations-thunderbird", file);
            Assert.True(mail.Kind is MailKind.Calendar, $"{file}: {mail.Judgement}");
        }
    }

    [Fact]
    public void Gmail_asking_to_confirm_a_forwarding_is_recognised() => Assert.Equal(
        MailKind.ForwardingConfirmation, Mails.Read("From: Gmail Team <forwarding-noreply@google.com>\r\nSubject: Confirmation\r\n\r\nx").Kind);

    [Fact]
    public void Every_kind_has_a_word_of_its_own() => Assert.Distinct(Enum.GetValues<MailKind>().Select(kind => kind.Word()));
}
