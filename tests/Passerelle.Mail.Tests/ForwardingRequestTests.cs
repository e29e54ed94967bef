namespace Passerelle.Mail.Tests;

/// <summary>What Gmail asks before it forwards a mailbox (facts §9).</summary>
public class ForwardingRequestTests
{
    private static readonly string[] Hosts = ["mail-settings.google.com", "mail.google.com"];

    [Theory]
    [InlineData(
        "(#123456789) Gmail Forwarding Confirmation - Receive Mail from user@gmail.com",
        "user@gmail.com has requested to automatically forward mail\nConfirmation code: 123456789\nhttps://mail-settings.google.com/mail/vf-%5BANGjdJ8x%5D-aBc_9",
        "user@gmail.com", "123456789", "https://mail-settings.google.com/mail/vf-%5BANGjdJ8x%5D-aBc_9")]
    [InlineData(
        "(#987654321) Confirmación de reenvío de Gmail - Recibir correo de ana.lopez@fabrikam.example",
        "<https://mail.google.com/mail/vf-[token]> ana.lopez@fabrikam.example",
        "ana.lopez@fabrikam.example", "987654321", "https://mail.google.com/mail/vf-[token]")]
    [InlineData("(#4444) Bestätigung", "Von otto@fabrikam.example, ohne Link", "otto@fabrikam.example", "4444", "")]
    public void Who_asks_the_code_and_the_link_are_found_in_any_language(string subject, string text, string mailbox, string code, string link) =>
        Assert.Equal(new ForwardingRequest(mailbox, code, link), ForwardingRequest.Find(subject, text, Hosts));

    [Theory]
    [InlineData("https://mail-settings.google.com.evil.example/mail/vf-token")]
    [InlineData("https://evil.example/mail/vf-token")]
    [InlineData("http://mail.google.com/mail/vf-token")]
    [InlineData("https://mail.google.com/other/vf-token")]
    public void A_link_to_anywhere_else_is_left_out(string link) =>
        Assert.Equal("", ForwardingRequest.Find("(#123456789) Confirmation", $"a@fabrikam.example {link}", Hosts)?.Link);

    [Theory]
    [InlineData("https://user@mail.google.com/mail/vf-token")]
    [InlineData("https://mail.google.com:8443/mail/vf-token")]
    [InlineData("https://mail.google.com@evil.example/mail/vf-token")]
    [InlineData("javascript:alert(1)")]
    public void No_disguised_address_leads_to_the_provider(string link) => Assert.False(ForwardingRequest.LeadsTo(link, Hosts));

    [Fact]
    public void A_mail_without_a_code_asks_nothing() => Assert.Null(ForwardingRequest.Find("Welcome", "https://mail.google.com/mail/vf-token", Hosts));

    [Fact]
    public void The_button_of_the_page_is_found_with_what_it_posts()
    {
        var form = ConfirmationForm.Find(
            "<html><form action='search'></form><form method=post action='../mail/vf-x?a=1&amp;b=2'><input type=hidden name=at value='t&quot;1'><input type=submit value=Confirm></form></html>",
            new Uri("https://mail.google.com/mail/vf-x"));
        Assert.Equal("https://mail.google.com/mail/vf-x?a=1&b=2", form?.Action.AbsoluteUri);
        Assert.Equal([KeyValuePair.Create("at", "t\"1")], form!.Fields); // found a line above
    }

    [Theory]
    [InlineData("<p>Sign in</p>")]
    [InlineData("<form method=post></form><form method=post></form>")]
    [InlineData("")]
    public void A_page_without_exactly_one_button_has_none(string html) =>
        Assert.Null(ConfirmationForm.Find(html, new Uri("https://mail.google.com/mail/vf-x")));
}
