using MailKit.Net.Smtp;
using MailKit.Security;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Hosting;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Tests.Exchange;

/// <summary>Who may open and send as a mailbox besides its owner (facts §3.5 to §3.7).</summary>
public class RightsTests
{
    private static readonly Guid App = new("0193a000-0000-7000-8000-00000000000a");
    private static readonly Guid Enterprise = new("0193a000-0000-7000-8000-00000000000b");
    private static readonly Guid Registration = new("0193a000-0000-7000-8000-00000000000c");

    [Fact, Shows("3.4:SMTP-AUTH-XOAUTH2", "5.5:430-4.2.0-STOREDRV-mailbox-logon-failure-STOREDR")]
    public async Task An_application_needs_the_mailbox_permission_and_learns_that_behind_DATA()
    {
        await using var host = await StartAsync(Enterprise);
        using var client = await SignInAsync(host, host.AppToken(App, Enterprise, "SMTP.SendAsApp"));

        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Letter, host.Cancel));
        Assert.StartsWith("430 4.2.0 STOREDRV; mailbox logon failure; STOREDRV.Submission.Exception:"
            + "ConnectionFailedTransientException.MapiExceptionLogonFailed;", $"{(int)refused.StatusCode} {refused.Message}", StringComparison.Ordinal);

        Change(host, ExchangeHost.Support, m => m with { FullAccess = [Enterprise] });
        await client.SendAsync(Letter, host.Cancel);
        Assert.Single(host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox));
    }

    [Theory, Shows("5.4:535-5.7.3-Authentication-unsuccessful")]
    [InlineData("not registered in Exchange")]
    [InlineData("registered with the registration's object id")]
    [InlineData("only Mail.Send")]
    [InlineData("no role")]
    [InlineData("switched off in Entra")]
    public async Task An_application_that_Exchange_does_not_know_hears_only_that_it_was_unsuccessful(string wrong)
    {
        await using var host = await StartAsync(wrong switch
        {
            "not registered in Exchange" => null,
            "registered with the registration's object id" => Registration,
            _ => Enterprise,
        });
        Change(host, ExchangeHost.Support, m => m with { FullAccess = [Enterprise] });
        if (wrong == "switched off in Entra")
            host.Lab.ChangeDirectory(host.Directory.Id, d => d.With(d.EnterpriseApp(App)! with { Enabled = false })); // StartAsync made it
        var token = wrong switch
        {
            "only Mail.Send" => host.AppToken(App, Enterprise, "Mail.Send"),
            "no role" => host.AppToken(App, Enterprise),
            _ => host.AppToken(App, Enterprise, "SMTP.SendAsApp"),
        };

        var refused = await Assert.ThrowsAsync<AuthenticationException>(() => SignInAsync(host, token));

        Assert.StartsWith("535: 5.7.3 Authentication unsuccessful", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_of_RBAC_for_Applications_opens_the_mailboxes_of_its_scope_and_no_others()
    {
        await using var host = await StartAsync(Enterprise);
        host.Lab.ChangeDirectory(host.Directory.Id, d => d with
        {
            ApplicationRoles = [new ApplicationRole("desk", ApplicationRole.SmtpSendAsApp, App, [ExchangeHost.Support])],
        });

        using var client = await SignInAsync(host, host.AppToken(App, Enterprise));
        await client.SendAsync(Letter, host.Cancel);

        Assert.Single(host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox));
        await Assert.ThrowsAsync<AuthenticationException>(() => SignInAsync(host, host.AppToken(App, Enterprise), ExchangeHost.Sales));
    }

    [Fact, Shows("3.5:The-token-must-belong-to-the")]
    public async Task A_delegate_opens_a_shared_mailbox_with_his_own_token_and_sends_as_it()
    {
        await using var host = await StartAsync(null);
        host.ChangeUser(ExchangeHost.Support, user => user with { Enabled = false }); // as a shared mailbox's account is
        await Assert.ThrowsAsync<AuthenticationException>(() => SignInAsync(host, host.Token(ExchangeHost.Sales)));

        Change(host, ExchangeHost.Support, m => m with { FullAccess = [Id(host, ExchangeHost.Sales)] });
        using var client = await SignInAsync(host, host.Token(ExchangeHost.Sales));
        await client.SendAsync(Letter, host.Cancel);

        Assert.Equal(ExchangeHost.Support, host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox).Single().ReversePath);
        Assert.Single(host.Mail.List(ExchangeHost.Support, MailFolder.SentItems));
    }

    [Fact, Shows("5.5:554-5.2.252-SendAsDenied-mailbox-not-allowed-to-")]
    public async Task Sending_as_another_mailbox_takes_the_right_to_do_so()
    {
        await using var host = await StartAsync(null);
        using var client = await host.SignInAsync();
        var letter = ExchangeHost.Letter(ExchangeHost.Sales, ExchangeHost.Customer);

        var denied = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(letter, host.Cancel));
        Assert.StartsWith("554 5.2.252 SendAsDenied; ", $"{(int)denied.StatusCode} {denied.Message}", StringComparison.Ordinal);

        Change(host, ExchangeHost.Sales, m => m with { SendAs = [Id(host, ExchangeHost.Support)] });
        await client.SendAsync(letter, host.Cancel);
        Assert.Single(host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox));
    }

    [Fact]
    public async Task A_person_may_send_on_behalf_of_a_mailbox_that_grants_it()
    {
        await using var host = await StartAsync(null);
        using var client = await host.SignInAsync();
        var letter = ExchangeHost.Letter(ExchangeHost.Sales, ExchangeHost.Customer);

        Change(host, ExchangeHost.Sales, m => m with { GrantSendOnBehalfTo = [ExchangeHost.Support] });
        await client.SendAsync(letter, host.Cancel);

        Assert.Single(host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox));
    }

    private static MimeKit.MimeMessage Letter => ExchangeHost.Letter(ExchangeHost.Support, ExchangeHost.Customer);

    /// <param name="registeredAs">What New-ServicePrincipal was given as object id; null when it was not called.</param>
    private static async Task<ExchangeHost> StartAsync(Guid? registeredAs)
    {
        var host = await ExchangeHost.StartAsync();
        host.Lab.ChangeDirectory(host.Directory.Id, directory => directory.With(
            new EnterpriseApp { ClientId = App, ObjectId = Enterprise, DisplayName = "Gateway" }) with
        {
            ExchangePrincipals = registeredAs is { } id ? [new ExchangePrincipal(App, id)] : [],
        });
        return host;
    }

    private static async Task<SmtpClient> SignInAsync(ExchangeHost host, string token, string mailbox = ExchangeHost.Support)
    {
        var client = await host.ConnectAsync(LabListeners.Smtp);
        await client.AuthenticateAsync(new SaslMechanismOAuth2(mailbox, token), host.Cancel);
        return client;
    }

    private static void Change(ExchangeHost host, string address, Func<Mailbox, Mailbox> change) =>
        host.ChangeUser(address, user => user with { Mailbox = change(user.Mailbox!) }); // both people have one

    private static Guid Id(ExchangeHost host, string address) => host.Directory.UserByAddress(address)!.Id; // one of ours
}
