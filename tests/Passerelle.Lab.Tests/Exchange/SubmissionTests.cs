using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using MailKit.Net.Smtp;
using MailKit.Security;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Hosting;

namespace Passerelle.Lab.Tests.Exchange;

public class SubmissionTests
{
    private const string Suffix = @" \[LAB01P282CA0097\.outlook\.office365\.com \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [0-9A-F]{16}\]$";

    [Fact, Shows("5.1:smtp.office365.com", "5.3:XOAUTH2-base64-of-user-mailbox-x01")]
    public async Task A_letter_is_sent_with_the_apps_own_token_and_kept_in_Sent_Items()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var client = await host.ConnectAsync(LabListeners.Smtp);
        var letter = ExchangeHost.Letter(ExchangeHost.Support, ExchangeHost.Customer);

        await client.AuthenticateAsync(new SaslMechanismOAuth2(ExchangeHost.Support, host.Token(jti: "of-this-app")), host.Cancel);
        var reply = await client.SendAsync(letter, host.Cancel);

        Assert.Equal($"2.0.0 OK <{letter.MessageId}> [Hostname={ExchangeReplies.BackEnd}]", reply);
        Assert.Equal(letter.MessageId, host.Mail.List(ExchangeHost.Support, MailFolder.SentItems).Single().MessageId);
        Assert.Equal(letter.MessageId, host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox).Single().MessageId);
        var logged = host.Exchange.Log.Entries.Single(entry => entry.Kind == "submit");
        Assert.Equal((ExchangeHost.Support, letter.MessageId, "of-this-app", "uti-1", "11111111-2222-4333-8444-555555555555"),
            (logged.Who, logged.MessageId, logged.Token?.Jti, logged.Token?.Uti, logged.Token?.AppId));
    }

    [Fact, Shows("5.8:Message-size")]
    public async Task Banner_and_EHLO_read_as_Exchanges()
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var dialogue = await Dialogue.OpenAsync(host.Port(LabListeners.Smtp));

        Assert.Matches(new Regex(@"^220 LAB01P282CA0097\.outlook\.office365\.com Microsoft ESMTP MAIL Service ready at \w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d \+0000 \[[0-9A-F]{16}\]$"), dialogue.Banner);
        var clear = await dialogue.SayAsync("EHLO client.example");
        Assert.Equal("250-LAB01P282CA0097.outlook.office365.com Hello [127.0.0.1]\n250-SIZE 157286400\n250-PIPELINING\n250-DSN\n"
            + "250-ENHANCEDSTATUSCODES\n250-STARTTLS\n250-8BITMIME\n250-BINARYMIME\n250-CHUNKING\n250 SMTPUTF8", clear);
        var encrypted = await dialogue.EncryptAsync();
        Assert.Equal(clear.Replace("250-STARTTLS", "250-AUTH LOGIN XOAUTH2", StringComparison.Ordinal), encrypted);
        Assert.Matches(new Regex("^250[- ]AUTH LOGIN XOAUTH2$", RegexOptions.Multiline), encrypted);
        Assert.DoesNotContain("STARTTLS", encrypted, StringComparison.Ordinal);
        Assert.Equal("250 2.0.0 Resetting", await dialogue.SayAsync("RSET"));
    }

    [Fact]
    public async Task XOAUTH2_without_an_initial_response_is_asked_for_it()
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var dialogue = await Dialogue.OpenAsync(host.Port(LabListeners.Smtp));
        await dialogue.EncryptAsync();

        Assert.Equal("334 ", await dialogue.SayAsync("AUTH XOAUTH2"));
        var data = $"user={ExchangeHost.Support}\u0001auth=Bearer {host.Token()}\u0001\u0001";
        Assert.Equal("235 2.7.0 Authentication successful",
            await dialogue.SayAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(data))));
    }

    [Fact, Shows("5.3:Malformed-data-501-5.5.124-Invalid-XOAUTH2")]
    public async Task Malformed_XOAUTH2_data_is_named()
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var dialogue = await Dialogue.OpenAsync(host.Port(LabListeners.Smtp));
        await dialogue.EncryptAsync();

        Assert.Equal("501 5.5.124 Invalid XOAUTH2 auth data", await dialogue.SayAsync("AUTH XOAUTH2 bm9uc2Vuc2U="));
    }

    [Theory, Shows("5.3:Failure-Exchange-answers-directly-with-535", "12:SMTP-AUTH-checks-in-this-order")]
    [InlineData("expired")]
    [InlineData("graph audience")]
    [InlineData("no SMTP.Send")]
    [InlineData("another mailbox")]
    [InlineData("unknown mailbox")]
    [InlineData("forged")]
    [InlineData("no token")]
    public async Task A_token_that_is_not_good_enough_hears_only_that_it_was_unsuccessful(string wrong)
    {
        await using var host = await ExchangeHost.StartAsync();
        using var forger = RSA.Create(2048);
        var (user, token) = wrong switch
        {
            "expired" => (ExchangeHost.Support, host.Token(seconds: -1)),
            "graph audience" => (ExchangeHost.Support, host.Token(audience: "https://graph.microsoft.com")),
            "no SMTP.Send" => (ExchangeHost.Support, host.Token(scope: "Mail.Send")),
            "another mailbox" => (ExchangeHost.Sales, host.Token()),
            "unknown mailbox" => ("nobody@contoso.example", host.Token()),
            "forged" => (ExchangeHost.Support, host.Token(forger: forger)),
            _ => (ExchangeHost.Support, "nonsense"),
        };

        Assert.Matches(new Regex(@"^535: 5\.7\.3 Authentication unsuccessful" + Suffix), await RefusalAsync(host, new SaslMechanismOAuth2(user, token)));
    }

    [Theory, Shows("5.4:535-5.7.139-Authentication-unsuccessful-SmtpClie", "5.4:535-5.7.139-Authentication-unsuccessful-SmtpClie~2")]
    [InlineData(false, null, "535: 5.7.139 " + ExchangeReplies.DisabledForTenant)]
    [InlineData(true, false, "535: 5.7.139 " + ExchangeReplies.DisabledForMailbox)]
    [InlineData(false, false, "535: 5.7.139 " + ExchangeReplies.DisabledForMailbox)]
    public async Task A_switch_that_is_off_is_named_even_with_a_good_token(bool organisation, bool? mailbox, string words)
    {
        await using var host = await ExchangeHost.StartAsync();
        Set(host, organisation, mailbox);

        var refusal = await RefusalAsync(host, new SaslMechanismOAuth2(ExchangeHost.Support, host.Token()));

        Assert.Matches(new Regex("^" + Regex.Escape(words) + Suffix), refusal);
    }

    [Fact, Shows("5.9:Organisation-SMTP-AUTH", "5.9:Mailbox-SMTP-AUTH")]
    public async Task The_mailboxs_switch_wins_over_the_organisations()
    {
        await using var host = await ExchangeHost.StartAsync();
        Set(host, organisation: false, mailbox: true);

        using var client = await host.SignInAsync();

        Assert.True(client.IsAuthenticated);
    }

    [Fact, Shows("5.4:535-5.7.139-Authentication-unsuccessful-basic-au", "5.3:AUTH-LOGIN-prompts-334-VXNlcm5hbWU6-334")]
    public async Task A_password_is_refused_until_basic_authentication_is_allowed()
    {
        await using var host = await ExchangeHost.StartAsync();

        Assert.Matches(new Regex("^535: 5.7.139 " + Regex.Escape(ExchangeReplies.BasicDisabled) + Suffix),
            await RefusalAsync(host, new SaslMechanismLogin(ExchangeHost.Support, "box-pass")));
        host.ChangeUser(ExchangeHost.Support, user => user with { Mailbox = user.Mailbox! with { BasicAuthAllowed = true } });
        Assert.Matches(new Regex("^535: 5.7.139 " + Regex.Escape(ExchangeReplies.WrongPassword) + Suffix),
            await RefusalAsync(host, new SaslMechanismLogin(ExchangeHost.Support, "wrong")));
        using var client = await host.ConnectAsync(LabListeners.Smtp);
        await client.AuthenticateAsync(new SaslMechanismLogin(ExchangeHost.Support, "box-pass"), host.Cancel);
        Assert.True(client.IsAuthenticated);
    }

    [Fact, Shows("5.4:530-5.7.57-Client-not-authenticated-to-send-mail")]
    public async Task Mail_without_AUTH_is_refused_with_the_words_that_everybody_searches_for()
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var dialogue = await Dialogue.OpenAsync(host.Port(LabListeners.Smtp));

        await dialogue.SayAsync("EHLO client.example");
        Assert.StartsWith("530 5.7.57 Client not authenticated to send mail.", await dialogue.SayAsync("MAIL FROM:<support@contoso.example>"), StringComparison.Ordinal);
        await dialogue.EncryptAsync();
        Assert.StartsWith("530 5.7.57 Client not authenticated to send mail.", await dialogue.SayAsync("MAIL FROM:<support@contoso.example>"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExchangeHost.Sales, ExchangeHost.Support)]
    [InlineData(ExchangeHost.Support, ExchangeHost.Sales)]
    public async Task Sending_as_somebody_else_is_denied_after_DATA(string header, string envelope)
    {
        await using var host = await ExchangeHost.StartAsync();
        using var client = await host.SignInAsync();
        var letter = ExchangeHost.Letter(header, ExchangeHost.Customer);

        var denied = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(letter,
            new MimeKit.MailboxAddress("", envelope), [new MimeKit.MailboxAddress("", ExchangeHost.Customer)], host.Cancel));

        Assert.Equal(554, (int)denied.StatusCode);
        Assert.StartsWith($"5.2.252 SendAsDenied; {ExchangeHost.Support} not allowed to send as {ExchangeHost.Sales};", denied.Message, StringComparison.Ordinal);
        Assert.Empty(host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox));
        Assert.Empty(host.Mail.List(ExchangeHost.Support, MailFolder.SentItems));
    }

    [Fact]
    public async Task A_proxy_address_of_the_mailbox_may_send()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ChangeUser(ExchangeHost.Support, user => user with
        {
            Mailbox = user.Mailbox! with { ProxyAddresses = ["help@contoso.example"] },
        });
        using var client = await host.SignInAsync();

        await client.SendAsync(ExchangeHost.Letter("help@contoso.example", ExchangeHost.Customer), host.Cancel);

        Assert.Single(host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox));
    }

    [Fact, Shows("5.8:Concurrent-connections-SMTP-AUTH", "5.5:432-4.3.2-Concurrent-connections-limit-exceeded.")]
    public async Task The_fourth_connection_of_a_mailbox_is_told_to_come_back()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var first = await host.SignInAsync();
        using var second = await host.SignInAsync();
        using var third = await host.SignInAsync();
        using var fourth = await host.SignInAsync();
        var letter = ExchangeHost.Letter(ExchangeHost.Support, ExchangeHost.Customer);

        var limited = await Assert.ThrowsAsync<SmtpCommandException>(() => fourth.SendAsync(letter, host.Cancel));
        Assert.Equal("432 4.3.2 " + ExchangeReplies.TooManyConnections, $"{(int)limited.StatusCode} {limited.Message}");
        await third.SendAsync(letter, host.Cancel);
        Assert.Single(host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox));
    }

    [Fact]
    public async Task A_customers_own_program_submits_with_his_password()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var client = await host.ConnectAsync(LabListeners.Smtp);
        await client.AuthenticateAsync(new SaslMechanismLogin(ExchangeHost.Customer, "ann-pass"), host.Cancel);

        await client.SendAsync(ExchangeHost.Letter(ExchangeHost.Customer, ExchangeHost.Support), host.Cancel);

        Assert.Single(host.Mail.List(ExchangeHost.Support, MailFolder.Inbox));
    }

    private static void Set(ExchangeHost host, bool organisation, bool? mailbox)
    {
        host.Lab.ChangeDirectory(host.Directory.Id, directory => directory with { SmtpAuthEnabled = organisation });
        host.ChangeUser(ExchangeHost.Support, user => user with { Mailbox = user.Mailbox! with { SmtpAuthEnabled = mailbox } });
    }

    private static async Task<string> RefusalAsync(ExchangeHost host, SaslMechanism mechanism)
    {
        using var client = await host.ConnectAsync(LabListeners.Smtp);
        var refused = await Assert.ThrowsAsync<AuthenticationException>(() => client.AuthenticateAsync(mechanism, host.Cancel));
        return refused.Message;
    }
}
