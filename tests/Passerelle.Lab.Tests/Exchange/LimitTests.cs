using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Hosting;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Tests.Exchange;

/// <summary>The limits of facts §5.8 and the refusals of §5.5 that they cause.</summary>
public class LimitTests
{
    [Theory]
    [Shows("5.8:Recipients-per-day-per-mailbox", "5.5:554-5.2.0-STOREDRV.Submission.Exception-Submissi",
        "5.5:550-5.7.233-Your-message-can-t-be-sent-because-y", "5.5:5.7.232-because-your-trial-tenant-has-exceeded-i")]
    [InlineData("mailbox", "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException;")]
    [InlineData("tenant", "550 5.7.233 - Your message can't be sent because your tenant has exceeded its daily limit for sending email to external recipients (tenant external recipient rate limit).")]
    [InlineData("trial", "550 5.7.232 - Your message can't be sent because your trial tenant has exceeded its daily limit for sending email to external recipients (tenant external recipient rate limit).")]
    public async Task A_daily_limit_refuses_what_is_over_it_and_lets_go_after_24_hours(string limit, string reply)
    {
        await using var host = await ExchangeHost.StartAsync();
        SetLimits(host, limit switch
        {
            "mailbox" => new SubmissionLimits { RecipientsPerDay = 1 },
            "tenant" => new SubmissionLimits { ExternalPerDay = 1 },
            _ => new SubmissionLimits { ExternalPerDay = 1, Trial = true },
        });

        await SendAsync(host);
        Assert.StartsWith(reply, await RefusalAsync(host), StringComparison.Ordinal);
        host.Lab.Change(state => state with { Ahead = state.Ahead + TimeSpan.FromHours(24.1) });
        await SendAsync(host);

        Assert.Equal(2, host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox).Count);
    }

    [Fact, Shows("5.5:550-5.7.236", "5.8:onmicrosoft.com-MOERA-sender")]
    public async Task An_onmicrosoft_address_reaches_a_hundred_outside_a_day()
    {
        await using var host = await ExchangeHost.StartAsync();
        const string address = "support@contoso.onmicrosoft.com";
        host.Lab.ChangeDirectory(host.Directory.Id, d => d with { Domains = [.. d.Domains, "contoso.onmicrosoft.com"] });
        host.ChangeUser(ExchangeHost.Support, u => u with { Mailbox = u.Mailbox! with { ProxyAddresses = [address] } }); // it has one
        SetLimits(host, new SubmissionLimits { InitialDomainPerDay = 1 });
        Assert.Equal(100, new SubmissionLimits().InitialDomainPerDay);

        await SendAsync(host, address);

        Assert.StartsWith("550 5.7.236 ", await RefusalAsync(host, address), StringComparison.Ordinal);
        await SendAsync(host); // its own domain is not meant
    }

    [Theory, Shows("5.8:Tenant-external-recipients-TERRL-rolling-24-h")]
    [InlineData(1, 10_000)]
    [InlineData(2, 10_312)]
    [InlineData(10, 12_006)]
    [InlineData(25, 14_259)]
    [InlineData(100, 22_059)]
    [InlineData(1_000, 72_446)]
    [InlineData(10_000, 324_979)]
    [InlineData(100_000, 1_590_639)]
    public void The_external_limit_follows_the_licences(int licences, int recipients)
    {
        Assert.Equal(recipients, new SubmissionLimits { Licences = licences }.ExternalRecipients(mailboxes: 3));
        Assert.Equal(recipients, new SubmissionLimits().ExternalRecipients(licences));
        Assert.Equal(5_000, new SubmissionLimits { Licences = licences, Trial = true }.ExternalRecipients(mailboxes: 3));
    }

    [Fact, Shows("5.8:Recipients-per-message")]
    public async Task More_recipients_than_the_limit_are_refused_one_by_one()
    {
        await using var host = await ExchangeHost.StartAsync();
        SetLimits(host, new SubmissionLimits { RecipientsPerMessage = 1 });
        using var client = await host.SignInAsync();
        var letter = ExchangeHost.Letter(ExchangeHost.Support, ExchangeHost.Customer);
        letter.Cc.Add(MimeKit.MailboxAddress.Parse(ExchangeHost.OtherCustomer));

        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(letter, host.Cancel));

        Assert.Equal(("452 4.5.3 Too many recipients", ExchangeHost.OtherCustomer), ($"{(int)refused.StatusCode} {refused.Message}", refused.Mailbox?.Address));
        Assert.Equal(500, new SubmissionLimits().RecipientsPerMessage);
    }

    [Fact, Shows("5.8:Messages-per-minute-SMTP-AUTH")]
    public async Task The_thirty_first_message_of_a_minute_waits_its_turn_and_is_not_refused()
    {
        await using var host = await ExchangeHost.StartAsync();
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var ledger = new SubmissionLedger(time);
        var submitter = new Submitter(host.Lab, ExchangeHost.Support, "Support", host.Directory);
        for (var i = 0; i < 30; i++) Assert.True(ledger.WaitAsync(submitter, new SubmissionLimits(), host.Cancel).IsCompletedSuccessfully);

        Task next = ledger.WaitAsync(submitter, new SubmissionLimits(), host.Cancel);
        Assert.True(ledger.WaitAsync(submitter with { Address = ExchangeHost.Sales }, new SubmissionLimits(), host.Cancel).IsCompletedSuccessfully);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        await next;
    }

    [Theory]
    [Shows("5.5:554-5.2.2-mailbox-full-STOREDRV.Submission.Excep", "5.5:554-5.2.0-STOREDRV.Submission.Exception-Outbound")]
    [InlineData("full", "554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded;")]
    [InlineData("restricted", "554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException;")]
    public async Task A_mailbox_that_may_not_send_says_so_behind_DATA(string state, string reply)
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ChangeUser(ExchangeHost.Support, u => u with { Mailbox = u.Mailbox! with { Full = state == "full", Restricted = state == "restricted" } });

        Assert.StartsWith(reply, await RefusalAsync(host), StringComparison.Ordinal);
    }

    [Fact, Shows("5.4:550-5.7.30-Basic-authentication-is-not-supported")]
    public async Task A_directory_without_basic_authentication_refuses_every_password()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ChangeUser(ExchangeHost.Support, u => u with { Mailbox = u.Mailbox! with { BasicAuthAllowed = true } }); // it has one
        host.Lab.ChangeDirectory(host.Directory.Id, d => d with { BasicAuthRetired = true });
        using var client = await host.ConnectAsync(LabListeners.Smtp);

        var refused = await Assert.ThrowsAsync<AuthenticationException>(
            () => client.AuthenticateAsync(new SaslMechanismLogin(ExchangeHost.Support, "box-pass"), host.Cancel));

        Assert.Equal("550: 5.7.30 Basic authentication is not supported for Client Submission.", refused.Message);
    }

    [Fact, Shows("5.4:535-5.7.139-Authentication-unsuccessful-user-is-", "5.9:Security-defaults")]
    public async Task Security_defaults_refuse_a_password_and_not_a_token()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ChangeUser(ExchangeHost.Support, u => u with { Mailbox = u.Mailbox! with { BasicAuthAllowed = true } }); // it has one
        host.Lab.ChangeDirectory(host.Directory.Id, d => d with { SecurityDefaults = true });
        using var client = await host.ConnectAsync(LabListeners.Smtp);

        var refused = await Assert.ThrowsAsync<AuthenticationException>(
            () => client.AuthenticateAsync(new SaslMechanismLogin(ExchangeHost.Support, "box-pass"), host.Cancel));

        Assert.StartsWith("535: 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy."
            + " Contact your administrator.", refused.Message, StringComparison.Ordinal);
        await SendAsync(host);
    }

    private static void SetLimits(ExchangeHost host, SubmissionLimits limits) =>
        host.Lab.ChangeDirectory(host.Directory.Id, d => d with { SubmissionLimits = limits });

    private static async Task SendAsync(ExchangeHost host, string from = ExchangeHost.Support)
    {
        using var client = await host.SignInAsync();
        await client.SendAsync(ExchangeHost.Letter(from, ExchangeHost.Customer), host.Cancel);
    }

    private static async Task<string> RefusalAsync(ExchangeHost host, string from = ExchangeHost.Support)
    {
        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => SendAsync(host, from));
        return $"{(int)refused.StatusCode} {refused.Message}";
    }
}
