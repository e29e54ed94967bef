using System.Security.Cryptography;
using System.Text;
using MailKit.Net.Imap;
using MailKit.Security;
using Passerelle.Lab.State;
using Passerelle.Lab.Tests.Exchange;

namespace Passerelle.Lab.Tests.Imap;

/// <summary>Who may read a mailbox (facts §3.4), and what the others hear.</summary>
public sealed class SignInTests
{
    private const string Failed = "t1 NO AUTHENTICATE failed.";
    private static readonly Guid App = new("0193a000-0000-7000-8000-00000000000a");
    private static readonly Guid Enterprise = new("0193a000-0000-7000-8000-00000000000b");

    [Fact, Shows("3.4:IMAP-POP", "5.1:outlook.office365.com", "3.2:IMAP.AccessAsUser.All")]
    public async Task A_person_reads_the_own_mailbox_with_a_delegated_token_and_the_log_names_it()
    {
        await using var host = await ExchangeHost.StartAsync();
        await ImapMail.PutLetterAsync(host, "My order");
        using var client = await ImapMail.SignInAsync(host);
        await client.Inbox!.OpenAsync(MailKit.FolderAccess.ReadOnly, host.Cancel);
        Assert.Equal("My order", (await client.Inbox.GetMessageAsync(0, host.Cancel)).Subject);

        var logged = host.Exchange.Log.Entries.Single(entry => entry.Kind == "imap");
        Assert.Equal(("imap", ExchangeHost.Support, "OK AUTHENTICATE completed.", "jti-1"), (logged.Area, logged.Who, logged.Answer, logged.Token?.Jti));
    }

    [Fact]
    public async Task Greeting_and_capabilities_read_as_Exchanges()
    {
        await using var host = await ExchangeHost.StartAsync();
        var (imap, greeting) = await ImapDialogue.OpenAsync(host);
        await using var closing = imap;
        Assert.StartsWith("* OK The Microsoft Exchange IMAP4 service is ready. [", greeting, StringComparison.Ordinal);
        Assert.Equal("LAB01PR06MB3510.apcprd06.prod.outlook.com", Encoding.Unicode.GetString(Convert.FromBase64String(greeting.Split('[', ']')[1])));
        Assert.Equal("* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+\n"
            + "t1 OK CAPABILITY completed.", await imap.SayAsync("CAPABILITY"));
        Assert.Equal("t2 BAD Command received in Invalid state.", await imap.SayAsync("SELECT INBOX"));
        Assert.Equal("t3 OK AUTHENTICATE completed.", await imap.SayAsync("AUTHENTICATE XOAUTH2 " + ImapDialogue.Offer(ExchangeHost.Support, ImapDialogue.Token(host))));
        Assert.Contains(" UIDPLUS MOVE ID ", await imap.SayAsync("CAPABILITY"), StringComparison.Ordinal);
        Assert.Equal("* BYE Microsoft Exchange Server IMAP4 server signing off.\nt5 OK LOGOUT completed.", await imap.SayAsync("LOGOUT"));
        Assert.Equal("", await imap.LineAsync());
    }

    [Fact]
    public async Task XOAUTH2_without_an_initial_response_is_asked_for_it()
    {
        await using var host = await ExchangeHost.StartAsync();
        var (imap, _) = await ImapDialogue.OpenAsync(host);
        await using var closing = imap;
        await imap.WriteAsync("a AUTHENTICATE XOAUTH2\r\n");
        Assert.Equal("+ ", await imap.LineAsync());
        await imap.WriteAsync("*\r\n");
        Assert.Equal("a BAD The AUTH protocol exchange was canceled by the client.", await imap.LineAsync());
        await imap.WriteAsync("b AUTHENTICATE XOAUTH2\r\n");
        Assert.Equal("+ ", await imap.LineAsync());
        await imap.WriteAsync(ImapDialogue.Offer(ExchangeHost.Support, ImapDialogue.Token(host)) + "\r\n");
        Assert.Equal("b OK AUTHENTICATE completed.", await imap.LineAsync());
    }

    [Theory, Shows("3.4:IMAP-POP")]
    [InlineData("audience")]
    [InlineData("expired")]
    [InlineData("scope")]
    [InlineData("forged")]
    [InlineData("alg none")]
    [InlineData("tampered")]
    [InlineData("foreign directory")]
    [InlineData("not base64")]
    [InlineData("not a token")]
    [InlineData("unknown mailbox")]
    [InlineData("disabled")]
    public async Task A_token_that_is_wrong_in_any_way_hears_only_that_it_failed(string wrong)
    {
        await using var host = await ExchangeHost.StartAsync();
        var (imap, _) = await ImapDialogue.OpenAsync(host);
        await using var closing = imap;
        if (wrong == "disabled") host.ChangeUser(ExchangeHost.Support, user => user with { Enabled = false });
        Assert.Equal(Failed, await imap.SayAsync("AUTHENTICATE XOAUTH2 " + Offer(host, wrong)));
        if (wrong is "not base64" or "unknown mailbox") return;
        Assert.Equal("NO AUTHENTICATE failed.", host.Exchange.Log.Entries.Single(entry => entry.Kind == "imap").Answer);
    }

    [Fact, Shows("5.9:Other-protocols", "8:8.17")]
    public async Task A_mailbox_whose_IMAP_box_is_not_ticked_refuses()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ChangeUser(ExchangeHost.Support, user => user with { Mailbox = user.Mailbox! with { BlockedApps = [EmailApp.Imap] } }); // it has one
        await Assert.ThrowsAsync<AuthenticationException>(() => ImapMail.SignInAsync(host));

        host.ChangeUser(ExchangeHost.Support, user => user with { Mailbox = user.Mailbox! with { BlockedApps = [EmailApp.Pop] } });
        using var client = await ImapMail.SignInAsync(host);
        Assert.True(client.IsAuthenticated);
    }

    [Theory]
    [InlineData("LOGIN support@contoso.example box-pass", "LOGIN")]
    [InlineData("AUTHENTICATE PLAIN AHN1cHBvcnRAY29udG9zby5leGFtcGxlAGJveC1wYXNz", "AUTHENTICATE")]
    public async Task A_password_opens_nothing(string command, string said)
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ChangeUser(ExchangeHost.Support, user => user with { Mailbox = user.Mailbox! with { BasicAuthAllowed = true } }); // it has one
        var (imap, _) = await ImapDialogue.OpenAsync(host);
        await using var closing = imap;
        Assert.Equal($"t1 NO {said} failed.", await imap.SayAsync(command));
    }

    [Fact, Shows("3.4:IMAP-POP")]
    public async Task A_shared_mailbox_opens_to_those_with_Full_Access_and_is_not_connected_for_others()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ChangeUser(ExchangeHost.Support, user => user with { Enabled = false }); // as a shared mailbox's account is
        await ImapMail.PutLetterAsync(host, "Shared");
        var (imap, _) = await ImapDialogue.OpenAsync(host);
        await using var closing = imap;
        Assert.Equal("t1 OK AUTHENTICATE completed.", await imap.SayAsync("AUTHENTICATE XOAUTH2 " + ImapDialogue.Offer(ExchangeHost.Support, ImapDialogue.Token(host, ExchangeHost.Sales))));
        Assert.Equal("t2 BAD User is authenticated but not connected.", await imap.SayAsync("SELECT INBOX"));
        Assert.Equal("t3 BAD User is authenticated but not connected.", await imap.SayAsync("NOOP"));
        Assert.Equal("* BYE Connection closed. 14", await imap.LineAsync());

        var sales = host.Directory.UserByAddress(ExchangeHost.Sales)!.Id; // one of ours
        host.ChangeUser(ExchangeHost.Support, user => user with { Mailbox = user.Mailbox! with { FullAccess = [sales] } });
        using var client = await ImapMail.SignInAsync(host, ExchangeHost.Support, ImapDialogue.Token(host, ExchangeHost.Sales));
        await client.Inbox!.OpenAsync(MailKit.FolderAccess.ReadOnly, host.Cancel);
        Assert.Equal(1, client.Inbox.Count);
    }

    [Fact, Shows("3.4:IMAP-POP", "3.3:Exchange-Online~2")]
    public async Task An_application_needs_the_role_the_service_principal_and_the_mailbox_permission()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.Lab.ChangeDirectory(host.Directory.Id, d => d.With(new EnterpriseApp { ClientId = App, ObjectId = Enterprise, DisplayName = "Reader" }));
        var token = host.AppToken(App, Enterprise, "IMAP.AccessAsApp");
        await Assert.ThrowsAsync<AuthenticationException>(() => ImapMail.SignInAsync(host, ExchangeHost.Support, token));

        host.Lab.ChangeDirectory(host.Directory.Id, d => d with { ExchangePrincipals = [new ExchangePrincipal(App, Enterprise)] });
        await Assert.ThrowsAsync<AuthenticationException>(
            () => ImapMail.SignInAsync(host, ExchangeHost.Support, host.AppToken(App, Enterprise, "SMTP.SendAsApp", "Mail.Read")));
        var refused = await Assert.ThrowsAsync<ImapCommandException>(() => ImapMail.SignInAsync(host, ExchangeHost.Support, token));
        Assert.Contains("User is authenticated but not connected.", refused.Message, StringComparison.Ordinal);

        host.ChangeUser(ExchangeHost.Support, user => user with { Mailbox = user.Mailbox! with { FullAccess = [Enterprise] } }); // it has one
        using var client = await ImapMail.SignInAsync(host, ExchangeHost.Support, token);
        await client.Inbox!.OpenAsync(MailKit.FolderAccess.ReadWrite, host.Cancel);
        Assert.Equal(0, client.Inbox.Count);
    }

    [Fact]
    public async Task A_session_ends_with_its_token()
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var imap = await ImapDialogue.InAsync(host);
        host.Lab.Change(state => state with { Ahead = state.Ahead + TimeSpan.FromHours(2) });
        Assert.Equal("* BYE Session invalidated - AccessTokenExpired\n", await imap.SayAsync("NOOP"));
    }

    [Fact]
    public async Task The_twenty_first_connection_of_a_mailbox_is_closed()
    {
        await using var host = await ExchangeHost.StartAsync();
        var open = new List<ImapDialogue>();
        for (var i = 0; i < 20; i++) open.Add(await ImapDialogue.InAsync(host));
        var (imap, _) = await ImapDialogue.OpenAsync(host);
        open.Add(imap);
        Assert.Equal("* BYE Connection closed. 14\n", await imap.SayAsync("AUTHENTICATE XOAUTH2 " + ImapDialogue.Offer(ExchangeHost.Support, ImapDialogue.Token(host))));
        foreach (var dialogue in open) await dialogue.DisposeAsync();
    }

    private static string Offer(ExchangeHost host, string wrong)
    {
        using var forger = RSA.Create(2048);
        var good = ImapDialogue.Token(host);
        return ImapDialogue.Offer(wrong == "unknown mailbox" ? "nobody@nowhere.example" : ExchangeHost.Support, wrong switch
        {
            "audience" => host.Token(audience: "https://graph.microsoft.com", scope: "IMAP.AccessAsUser.All"),
            "expired" => host.Token(scope: "IMAP.AccessAsUser.All", seconds: -1),
            "scope" => host.Token(scope: "SMTP.Send"),
            "forged" => host.Token(scope: "IMAP.AccessAsUser.All", forger: forger),
            "alg none" => $"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{good.Split('.')[1]}.",
            "tampered" => good[..^8] + (good[^8] == 'A' ? 'B' : 'A') + good[^7..],
            "foreign directory" => Foreign(host),
            "not a token" => "x",
            _ => good,
        })[(wrong == "not base64" ? 1 : 0)..];
    }

    /// <summary>Right in every way, but of another directory of the same lab.</summary>
    private static string Foreign(ExchangeHost host)
    {
        var other = new LabDirectory
        {
            Id = host.Lab.NewId(),
            DisplayName = "Northwind",
            Domains = ["northwind.example"],
            Users = [new LabUser { Id = host.Lab.NewId(), Address = "eve@northwind.example", DisplayName = "Eve", Password = "eve-pass", Mailbox = new Mailbox() }],
        };
        host.Lab.Change(state => state.With(other));
        return host.Token("eve@northwind.example", scope: "IMAP.AccessAsUser.All", of: other);
    }
}
