using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Passerelle.Lab.Testing;
using static Passerelle.Clients.Tests.ClientsLab;

namespace Passerelle.Clients.Tests;

/// <summary>MailKit at the submission door.</summary>
public sealed class MailKitTests(ClientsLab lab)
{
    [Fact]
    [Shows("3.4:SMTP-AUTH-XOAUTH2")]
    public async Task A_letter_goes_out_with_a_token_and_arrives()
    {
        Contoso contoso = await lab.NewLabAsync();
        using SmtpClient client = await ConnectAsync();
        await client.AuthenticateAsync(new SaslMechanismOAuth2(contoso.Support, await lab.MailTokenAsync(contoso)), Cancel);
        var reply = await client.SendAsync(Letter(contoso), Cancel);
        await client.DisconnectAsync(true, Cancel);

        Assert.StartsWith("2.0.0 OK <", reply, StringComparison.Ordinal);
        Assert.NotNull(await lab.Mail(contoso).WaitAsync(contoso.Ann, TimeSpan.FromSeconds(20), Cancel, subject: "From MailKit"));
    }

    [Fact]
    [Shows("12:SMTP-AUTH-checks-in-this-order")]
    public async Task An_expired_token_is_an_authentication_exception_with_535_5_7_3()
    {
        Contoso contoso = await lab.NewLabAsync();
        var token = await lab.MailTokenAsync(contoso);
        await lab.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromHours(2), Cancel);
        await RefusedAsync(contoso.Support, token);
    }

    [Fact]
    [Shows("12:SMTP-AUTH-checks-in-this-order")]
    public async Task A_token_for_Graph_is_an_authentication_exception_with_535_5_7_3()
    {
        Contoso contoso = await lab.NewLabAsync();
        await RefusedAsync(contoso.Support, await lab.MailTokenAsync(contoso, "https://graph.microsoft.com/User.Read"));
    }

    [Fact]
    [Shows("3.5:The-token-must-belong-to-the")]
    public async Task Another_mailbox_is_an_authentication_exception_with_535_5_7_3()
    {
        Contoso contoso = await lab.NewLabAsync();
        await RefusedAsync(contoso.Sales, await lab.MailTokenAsync(contoso));
    }

    [Fact]
    [Shows("12:Client-credentials-without-any-granted-role")]
    public async Task An_app_token_without_a_role_is_issued_and_refused_here()
    {
        Contoso contoso = await lab.NewLabAsync();
        var token = await lab.Msal(contoso).AcquireTokenForClient([AppScope]).ExecuteAsync(Cancel);
        await RefusedAsync(contoso.Support, token.AccessToken);
    }

    private async Task RefusedAsync(string mailbox, string token)
    {
        using SmtpClient client = await ConnectAsync();
        AuthenticationException error = await Assert.ThrowsAsync<AuthenticationException>(
            () => client.AuthenticateAsync(new SaslMechanismOAuth2(mailbox, token), Cancel));
        Assert.StartsWith("535: 5.7.3 Authentication unsuccessful [", error.Message, StringComparison.Ordinal);
        Assert.False(client.IsAuthenticated);
    }

    private async Task<SmtpClient> ConnectAsync()
    {
        var client = new SmtpClient { ServerCertificateValidationCallback = (_, shown, _, _) => lab.Fixture.Trusts(shown as X509Certificate2) };
        await client.ConnectAsync("localhost", lab.SmtpPort, SecureSocketOptions.StartTls, Cancel);
        return client;
    }

    private static MimeMessage Letter(Contoso contoso) => new(
        [new MailboxAddress("", contoso.Support)], [new MailboxAddress("", contoso.Ann)], "From MailKit", new TextPart("plain") { Text = "Hello" });
}
