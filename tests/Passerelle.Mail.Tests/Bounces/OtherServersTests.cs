namespace Passerelle.Mail.Tests.Bounces;

/// <summary>Servers whose notices have no delivery-status part, in their own words and languages.</summary>
public class OtherServersTests
{
    public static TheoryData<string, string, string, MailKind, string> Notices => new()
    {
        { "MDaemon@fabrikam.example", "Permanent Delivery Failure", "The attached message had PERMANENT fatal delivery errors!\n\nFailed address: ann@fabrikam.example\n\n--- Session Transcript ---\n <-- 550 5.1.1 <ann@fabrikam.example>: User unknown\n", MailKind.Bounce, "userunknown" },
        { "mailer-daemon@fabrikam.example", "Message undeliverable: Order", "Your message did not reach some or all of the intended recipients.\n\n   Subject: Order\n\nThe following recipient(s) could not be reached:\n\nann@fabrikam.example\n   Error Type: SMTP\n   Remote server replied: 552 5.2.2 Mailbox size limit exceeded\n", MailKind.Bounce, "mailboxfull" },
        { "Postmaster@fabrikam.example", "Undeliverable message returned to sender", "The message that you sent was undeliverable to the following:\n\tann@fabrikam.example (user not found)\n", MailKind.Bounce, "userunknown" },
        { "MAILER-DAEMON@fabrikam.example", "Undeliverable mail: Order", "Failed to deliver to 'ann@fabrikam.example'\nSMTP module(domain fabrikam.example) reports:\n host mx.fabrikam.example says:\n 550 5.1.1 User unknown\n", MailKind.Bounce, "userunknown" },
        { "MAILER-DAEMON@fabrikam.example", "Delivery Status Notification (Failure)", "The following message to <ann@fabrikam.example> was undeliverable.\nThe reason for the problem:\n5.1.2 - Bad destination host 'DNS Hard Error looking up fabrikam.example (MX):  NXDomain'\n", MailKind.Bounce, "hostunknown" },
        { "Postmaster@163.com", "系统退信", "抱歉，您的邮件被退回来了\n收件人 ann@fabrikam.example\n退信原因：收件人邮箱已满。\n", MailKind.Bounce, "mailboxfull" },
        { "MAILER-DAEMON@naver.com", "[메일 전송 실패 안내] Order", "메일 전송에 실패하였습니다.\n받는사람 : <ann@fabrikam.example>\n실패사유 : 5.1.1 User unknown\n", MailKind.Bounce, "userunknown" },
        { "mailer-daemon@googlemail.com", "Delivery Status Notification (Failure)", "** Message non distribué **\n\nVotre message n'a pas été remis à ann@fabrikam.example, car la boîte de réception est saturée.\n\nLa réponse était :\n\n452 4.2.2 over quota.\n", MailKind.Bounce, "mailboxfull" },
        { "MAILER-DAEMON@fabrikam.example", "Verspätete Zustellung", "Ihre Nachricht konnte seit mehr als 4 Stunden nicht zugestellt werden.\nEs wird weiter versucht, bis sie 5 Tage alt ist.\n\n<ann@fabrikam.example>: connect to mx.fabrikam.example[192.0.2.4]:25: Connection timed out\n", MailKind.Delay, "expired" },
    };

    [Theory, MemberData(nameof(Notices))]
    public void A_notice_without_a_form_names_its_recipient_and_reason(string from, string subject, string text, MailKind kind, string reason)
    {
        ReadMail mail = Mails.Read($"Return-Path: <>\nFrom: {from}\nTo: support@contoso.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}");
        Assert.Equal(kind, mail.Kind);
        Assert.Equal(("ann@fabrikam.example", reason), (Assert.Single(mail.Reported).Recipient, mail.Reported[0].Reason));
    }

    [Theory]
    [InlineData("my mail bounced", "My last mail came back: \"550 5.1.1 <sales@contoso.example>: User unknown\". Which address should I use?")]
    [InlineData("Delivery delayed: my parcel", "The delivery has been delayed again. What shall I do?")]
    public void A_person_who_speaks_of_such_things_is_a_person(string subject, string text) =>
        Assert.Equal(MailKind.Human, Mails.Read($"From: Ann <ann@fabrikam.example>\nSubject: {subject}\n\n{text}\n").Kind);
}
