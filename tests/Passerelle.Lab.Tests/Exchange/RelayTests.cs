using Microsoft.Extensions.DependencyInjection;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Hosting;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Tests.Exchange;

/// <summary>A second lab host plays the gateway's receiver: its MX takes mail for one address at in.fabrikam.example.</summary>
public class RelayTests
{
    private const string Inbound = "in.fabrikam.example";
    private const string Address = "0123456789abcdef0123456789abcdef@in.fabrikam.example";

    [Fact, Shows("6.3:Received-gateway-s-own")]
    public async Task A_forwarded_mail_leaves_for_the_route_with_its_bytes_unchanged()
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var receiver = await ExchangeHost.StartAsync();
        Receive(receiver);
        Route(host, receiver.Port(LabListeners.Mx));
        host.ForwardTo(Address, keepCopy: false);

        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, Letter());

        var arrived = await receiver.Mail.WaitForAsync(mail => mail.Mailbox == Address, host.Cancel);
        Assert.StartsWith("support+SRS=", arrived.ReversePath, StringComparison.Ordinal);
        var relayed = await host.Exchange.Log.WaitForAsync(entry => entry.Kind == "relay", host.Cancel);
        Assert.StartsWith("2.6.0 <", relayed.Answer, StringComparison.Ordinal);
        var mail = await MimeKit.MimeMessage.LoadAsync(new MemoryStream(await receiver.Mail.ReadAsync(arrived, host.Cancel)), host.Cancel);
        Assert.StartsWith("from LAB01-obe.outbound.protection.outlook.com (127.0.0.1)", mail.Headers[MimeKit.HeaderId.Received], StringComparison.Ordinal);
        var name = await host.Dns().QueryReverseAsync(System.Net.IPAddress.Loopback, host.Cancel);
        Assert.Equal("LAB01-obe.outbound.protection.outlook.com.", Assert.Single(name.Answers.PtrRecords()).PtrDomainName.Value);
        var keys = new OwnKeys(host.Services.GetRequiredService<MailKey>());
        var arc = await new MimeKit.Cryptography.ArcVerifier(keys).VerifyAsync(mail, host.Cancel);
        Assert.Equal(MimeKit.Cryptography.ArcSignatureValidationResult.Pass, arc.Chain);
        Assert.Equal(0, host.Exchange.Relay.Count);
    }

    [Fact]
    public async Task A_mail_waits_for_a_receiver_that_is_down_and_is_delivered_once()
    {
        await using var host = await ExchangeHost.StartAsync();
        var port = Ports.Kept();
        Route(host, port);
        host.ForwardTo(Address, keepCopy: false);

        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, Letter());
        await host.Exchange.Log.WaitForAsync(entry => entry.Kind == "relay", host.Cancel); // the first attempt failed
        await using var receiver = await ExchangeHost.StartAsync(mxPort: port);
        Receive(receiver);
        var arrival = receiver.Mail.WaitForAsync(mail => mail.Mailbox == Address, host.Cancel);
        while (!arrival.IsCompleted)
        {
            host.Exchange.Relay.RetryNow(); // again and again: the first attempt is told of before it waits anew
            await Task.WhenAny(arrival, Task.Delay(50, host.Cancel));
        }
        await arrival;
        await host.Exchange.Log.WaitForAsync(entry => entry.Kind == "relay" && entry.Answer.StartsWith("2.6.0", StringComparison.Ordinal), host.Cancel);
        Assert.Single(receiver.Mail.List(Address, MailFolder.Inbox));
        Assert.Empty(host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox));
    }

    [Fact]
    public async Task A_mail_that_waits_survives_a_restart_of_the_lab()
    {
        var folder = Directory.CreateTempSubdirectory("lab-restart-").FullName;
        var port = Ports.Kept();
        try
        {
            await using (var before = await ExchangeHost.StartAsync(folder))
            {
                Route(before, port);
                before.ForwardTo(Address, keepCopy: false);
                await before.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, Letter());
                await before.Exchange.Log.WaitForAsync(entry => entry.Kind == "relay", before.Cancel);
            }

            await using var receiver = await ExchangeHost.StartAsync(mxPort: port);
            Receive(receiver);
            await using var after = await ExchangeHost.StartAsync(folder);

            await receiver.Mail.WaitForAsync(mail => mail.Mailbox == Address, after.Cancel);
            Assert.Single(receiver.Mail.List(Address, MailFolder.Inbox));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_refusal_is_reported_to_the_customer_who_wrote()
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var receiver = await ExchangeHost.StartAsync(); // knows nobody at in.fabrikam.example
        Route(host, receiver.Port(LabListeners.Mx));
        host.ForwardTo(Address, keepCopy: false);

        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, Letter());

        var report = await host.Mail.WaitForAsync(
            mail => mail is { Mailbox: ExchangeHost.Customer, Folder: MailFolder.Inbox }, host.Cancel);
        Assert.Equal(("Undeliverable: My order", ""), (report.Subject, report.ReversePath));
        var text = System.Text.Encoding.UTF8.GetString(await host.Mail.ReadAsync(report, host.Cancel));
        Assert.Contains("Diagnostic-Code: smtp;550 5.4.1 Recipient address rejected", text, StringComparison.Ordinal);
        Assert.Contains($"Final-Recipient: rfc822;{Address}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_that_someone_wrote_into_the_file_is_not_followed_when_it_leaves_loopback()
    {
        var folder = Directory.CreateTempSubdirectory("lab-route-").FullName;
        try
        {
            await using (var before = await ExchangeHost.StartAsync(folder)) Route(before, 25);
            var file = Path.Combine(folder, "exchange", "demo", "settings.json");
            await File.WriteAllTextAsync(file, File.ReadAllText(file).Replace("127.0.0.1:25", "192.0.2.1:25", StringComparison.Ordinal), TestContext.Current.CancellationToken);

            await using var after = await ExchangeHost.StartAsync(folder);
            await after.WriteAsync(ExchangeHost.Customer, Address, ExchangeHost.Letter(ExchangeHost.Customer, Address));

            Assert.Equal("192.0.2.1:25", after.Exchange.Settings.Current.Routes[Inbound]);
            Assert.Equal(0, after.Exchange.Relay.Count);
            Assert.Contains(after.Exchange.Log.Entries, entry => entry is { Kind: "ndr", Answer: ExchangeReplies.NoSuchDomain });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_mail_that_the_receiver_cannot_take_now_is_tried_again_and_arrives_once()
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var receiver = await ExchangeHost.StartAsync();
        Receive(receiver);
        var mail = Path.Combine(receiver.Folder, "exchange", "demo", "mail");
        Assert.Empty(receiver.Mail.List(Address, MailFolder.Inbox)); // its folder is there now
        Directory.Delete(mail, recursive: true);
        await File.WriteAllTextAsync(mail, "no folder", host.Cancel); // so it answers 451
        Route(host, receiver.Port(LabListeners.Mx));
        host.ForwardTo(Address, keepCopy: false);

        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, Letter());
        await host.Exchange.Log.WaitForAsync(entry => entry.Kind == "relay" && entry.Answer.StartsWith("451", StringComparison.Ordinal), host.Cancel);
        File.Delete(mail);
        host.Exchange.Relay.RetryNow();

        await receiver.Mail.WaitForAsync(arrived => arrived.Mailbox == Address, host.Cancel);
        await host.Exchange.Log.WaitForAsync(entry => entry.Kind == "relay" && entry.Answer.StartsWith("2.6.0", StringComparison.Ordinal), host.Cancel);
        Assert.Single(receiver.Mail.List(Address, MailFolder.Inbox));
        Assert.Empty(host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox));
    }

    [Fact]
    public async Task After_a_day_without_a_receiver_the_writer_is_told()
    {
        await using var host = await ExchangeHost.StartAsync();
        Route(host, Ports.Kept());
        host.ForwardTo(Address, keepCopy: false);
        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, Letter());
        await host.Exchange.Log.WaitForAsync(entry => entry.Kind == "relay", host.Cancel);

        host.Lab.Change(state => state with { Ahead = TimeSpan.FromHours(24) });
        host.Exchange.Relay.RetryNow();

        var report = await host.Mail.WaitForAsync(mail => mail is { Mailbox: ExchangeHost.Customer, Folder: MailFolder.Inbox }, host.Cancel);
        Assert.Contains("550 5.4.316 Message expired", System.Text.Encoding.UTF8.GetString(await host.Mail.ReadAsync(report, host.Cancel)), StringComparison.Ordinal);
        Assert.Equal(0, host.Exchange.Relay.Count);
    }

    private static MimeKit.MimeMessage Letter() => ExchangeHost.Letter(ExchangeHost.Customer, ExchangeHost.Support);

    private static void Route(ExchangeHost host, int port) =>
        host.Exchange.Settings.Route(Inbound, LoopbackTarget.TryParse($"127.0.0.1:{port}"));

    private static void Receive(ExchangeHost receiver) =>
        receiver.Lab.Change(state => state.With(new OutsideDomain(Inbound, [new Customer(Address, "Gateway", "x")])));

    private sealed class OwnKeys(MailKey key) : MimeKit.Cryptography.DkimPublicKeyLocatorBase
    {
        public override Org.BouncyCastle.Crypto.AsymmetricKeyParameter LocatePublicKey(
            string methods, string domain, string selector, CancellationToken cancellationToken = default) => key.Public;

        public override Task<Org.BouncyCastle.Crypto.AsymmetricKeyParameter> LocatePublicKeyAsync(
            string methods, string domain, string selector, CancellationToken cancellationToken = default) => Task.FromResult(key.Public);
    }
}
