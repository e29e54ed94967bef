using Microsoft.Extensions.DependencyInjection;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Hosting;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Tests.Exchange;

/// <summary>Recipients of one mail at one domain leave the lab together, and each has an end of its own.</summary>
public class RelayTransactionTests
{
    private const string Inbound = "in.fabrikam.example";
    private const string First = "first@in.fabrikam.example";
    private const string Second = "second@in.fabrikam.example";
    private const string Unknown = "unknown@in.fabrikam.example";

    [Theory, InlineData(true, "BDAT"), InlineData(false, "DATA")]
    public async Task Content_goes_by_BDAT_where_CHUNKING_is_offered_unless_the_route_says_DATA(bool bdat, string command)
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var receiver = await ReceiverAsync(host);
        host.Exchange.Settings.UseBdat(Inbound, bdat);
        var mail = ExchangeHost.Letter(ExchangeHost.Customer, First);

        await host.WriteAsync(ExchangeHost.Customer, First, mail);

        var arrived = await receiver.Mail.WaitForAsync(item => item.Mailbox == First, host.Cancel);
        var line = await host.Exchange.Log.WaitForAsync(entry => entry.Kind == "relay", host.Cancel);
        Assert.Equal(command, line.Command);
        Assert.EndsWith(Content(ExchangeHost.Bytes(mail)), Text(await receiver.Mail.ReadAsync(arrived, host.Cancel)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recipients_of_one_mail_at_one_domain_go_in_one_transaction_and_a_refused_one_is_reported_alone()
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var receiver = await ReceiverAsync(host);

        await WriteAsync(host, First, Unknown, Second);

        await receiver.Mail.WaitForAsync(item => item.Mailbox == First, host.Cancel);
        await receiver.Mail.WaitForAsync(item => item.Mailbox == Second, host.Cancel);
        var report = await host.Mail.WaitForAsync(item => item is { Mailbox: ExchangeHost.Customer, Folder: MailFolder.Inbox }, host.Cancel);
        Assert.Contains($"Final-Recipient: rfc822;{Unknown}\r\n", Text(await host.Mail.ReadAsync(report, host.Cancel)), StringComparison.Ordinal);
        await host.Exchange.Log.WaitForAsync(entry => entry is { Kind: "relay", Who: Second }, host.Cancel);
        Assert.Equal([First, Second, Unknown], host.Exchange.Log.Entries.Where(entry => entry.Kind == "relay").Select(entry => entry.Who).Order());
        Assert.Single(receiver.Exchange.Log.Entries, entry => entry.Kind == "receive"); // one transaction
        Assert.Single(host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox));
    }

    [Fact]
    public async Task A_recipient_that_is_deferred_is_tried_again_without_those_who_have_the_mail()
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var receiver = await ReceiverAsync(host);
        receiver.Lab.Change(state => state with
        {
            Faults = [new Fault { Id = receiver.Lab.NewId(), Where = FaultPlace.Mx, Reply = "451 4.7.1 Greylisted", Only = new FaultFilter(Mailbox: Second) }],
        });

        await WriteAsync(host, First, Second);

        await receiver.Mail.WaitForAsync(item => item.Mailbox == Second, host.Cancel);
        await host.Exchange.Log.WaitForAsync(entry => entry is { Kind: "relay", Who: Second, Command: not null }, host.Cancel);
        Assert.Contains(host.Exchange.Log.Entries, entry => entry is { Kind: "relay", Who: Second, Answer: "451 4.7.1 Greylisted" });
        Assert.Single(host.Exchange.Log.Entries, entry => entry is { Kind: "relay", Who: First });
        Assert.Single(receiver.Mail.List(First, MailFolder.Inbox));
        Assert.Equal(2, receiver.Exchange.Log.Entries.Count(entry => entry.Kind == "receive"));
    }

    private static async Task<ExchangeHost> ReceiverAsync(ExchangeHost host)
    {
        var receiver = await ExchangeHost.StartAsync();
        receiver.Lab.Change(state => state.With(new OutsideDomain(Inbound, [new Customer(First, "First", "x"), new Customer(Second, "Second", "x")])));
        host.Exchange.Settings.Route(Inbound, LoopbackTarget.TryParse($"127.0.0.1:{receiver.Port(LabListeners.Mx)}"));
        return receiver;
    }

    private static async Task WriteAsync(ExchangeHost host, params string[] recipients)
    {
        var submitter = Submitter.Find(host.Services.GetRequiredService<Labs>(), ExchangeHost.Customer)!; // the host has him
        var mail = ExchangeHost.Bytes(ExchangeHost.Letter(ExchangeHost.Customer, recipients[0]));
        await host.Services.GetRequiredService<Transport>().SubmitAsync(
            submitter, ExchangeHost.Customer, recipients, mail, "mail.adatum.example", host.Cancel);
    }

    private static string Content(byte[] mail) => Text(mail)[Text(mail).IndexOf("\r\n\r\n", StringComparison.Ordinal)..];

    private static string Text(byte[] mail) => System.Text.Encoding.UTF8.GetString(mail);
}
