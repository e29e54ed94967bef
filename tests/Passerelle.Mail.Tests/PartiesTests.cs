using System.Text;

namespace Passerelle.Mail.Tests;

public class PartiesTests
{
    [Theory]
    [InlineData("From: Ann <ann@fabrikam.example>\nResent-From: support@contoso.example", "ann@fabrikam.example")]
    [InlineData("From: support@contoso.example\nReply-To: ann@fabrikam.example", "ann@fabrikam.example")]
    [InlineData("From: Ann via Support <list@groups.example>\nX-Original-From: Ann <ann@fabrikam.example>", "ann@fabrikam.example")]
    [InlineData("From: support@contoso.example", "wrapped@adatum.example")]
    [InlineData("From: Ann <ann@fabrikam.example>\nReply-To: other@fabrikam.example", "ann@fabrikam.example")]
    public void The_correspondent_is_who_wrote_whoever_sent_it_on(string headers, string correspondent) => Assert.Equal(
        correspondent,
        Mails.Read($"{headers}\n\nHello\n", new ReadingContext { OwnAddresses = ["support@contoso.example"], EnvelopeFrom = "SRS0=abc=X1=adatum.example=wrapped@relay.example" }).Correspondent?.Address);

    [Fact]
    public void One_bad_address_does_not_cost_the_others() =>
        Assert.Equal(["ann@fabrikam.example", "bob@fabrikam.example"], Mails.Read("To: , ann@fabrikam.example, bob@fabrikam.example\n\nx").To.Select(to => to.Address));

    [Fact]
    public void Blanks_before_the_first_header_are_no_body() =>
        Assert.Equal(("ann@fabrikam.example", "Order"), (Mails.Read("   \nFrom: ann@fabrikam.example\nSubject: Order\n\nx") is var mail ? mail.From?.Address : null, mail.Subject));

    [Theory]
    [InlineData("Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b", "x", Protection.SMimeSigned)]
    [InlineData("Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b", "x", Protection.PgpSigned)]
    [InlineData("Content-Type: application/pkcs7-mime; smime-type=enveloped-data", "AAAA", Protection.SMimeEncrypted)]
    [InlineData("Content-Type: application/pkcs7-mime; smime-type=signed-data", "AAAA", Protection.SMimeSigned)]
    [InlineData("Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b", "x", Protection.PgpEncrypted)]
    [InlineData("Content-Type: text/plain", "-----BEGIN PGP MESSAGE-----\n\nhQEM", Protection.PgpEncrypted)]
    [InlineData("Content-Type: text/plain", "> -----BEGIN PGP MESSAGE-----", Protection.None)]
    public void Signed_and_encrypted_mail_is_recognised(string header, string body, Protection protection) =>
        Assert.Equal(protection, Mails.Read($"From: ann@fabrikam.example\n{header}\n\n{body}\n").Protection);

    [Theory]
    [InlineData("us-ascii", "é")]
    [InlineData("iso-8859-1", "Où est ma commande née à été")]
    [InlineData("klingon", "é")]
    public void Utf8_under_a_wrong_name_is_read_as_utf8(string charset, string text) =>
        Assert.Equal(text, Mails.Read($"Content-Type: text/plain; charset={charset}\n\n{text}").Text.Trim());

    [Fact]
    public void Latin1_under_the_name_of_utf8_is_read_as_latin1() => Assert.Equal(
        "été", MailReader.Read(Encoding.Latin1.GetBytes("Content-Type: text/plain; charset=utf-8\n\nété"), new ReadingContext()).Text.Trim());

    [Theory]
    [InlineData("invoice.pdf.exe", "AAAA", "two extensions")]
    [InlineData("invoice.pdf", "TVqQAAMAAAAEAAAA", "program")]
    [InlineData("macro.docm", "AAAA", ".docm")]
    [InlineData("readme.txt", "PGh0bWw+PHNjcmlwdD4=", "scripts")]
    [InlineData("photo.jpg", "/9j/4AAQSkZJRg==", null)]
    public void Attachments_that_run_something_are_marked(string name, string content, string? danger)
    {
        MailAttachment file = Mails.Read($"Content-Type: application/octet-stream; name=\"{name}\"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n{content}\n").Attachments[0];
        if (danger is null) Assert.Null(file.Danger);
        else Assert.Contains(danger, file.Danger, StringComparison.Ordinal);
    }

    private const string Notice = "Final-Recipient: rfc822;support@contoso.example\nAction: failed\nStatus: 5.7.520\nDiagnostic-Code: smtp;550 5.7.520 Access denied, Your organization does not allow external forwarding.";

    [Fact]
    public void A_notice_that_forwarding_is_forbidden_is_found_even_where_it_is_attached()
    {
        string report = $"From: postmaster@contoso.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;x\n\n{Notice}\n--b--\n";
        ReadMail itself = Mails.Read(report);
        ReadMail attached = Mails.Read($"From: ann@fabrikam.example\nSubject: Why?\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nI got this\n--o\nContent-Type: message/rfc822\n\n{report}\n--o--\n");
        Assert.Equal((MailKind.Bounce, "policyviolation"), (itself.Kind, Assert.Single(itself.Reported).Reason));
        Assert.Contains("5.7.520", itself.ForwardingForbidden, StringComparison.Ordinal);
        Assert.Equal(MailKind.Human, attached.Kind);
        Assert.Contains("5.7.520", attached.ForwardingForbidden, StringComparison.Ordinal);
        Assert.Null(Mails.Read("From: ann@fabrikam.example\n\nHello\n").ForwardingForbidden);
    }
}
