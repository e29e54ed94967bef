using System.Text.RegularExpressions;
using DnsClient;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Tests.Exchange;

/// <summary>Forwarding within the lab, from support@ to another customer: the same bytes that leave for a gateway.</summary>
public class ForwardingTests
{
    [Fact]
    public async Task A_forwarded_mail_carries_SRS_and_the_headers_of_the_service()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ForwardTo(ExchangeHost.OtherCustomer, keepCopy: true);

        var id = await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, Letter());

        var arrived = host.Mail.List(ExchangeHost.OtherCustomer, MailFolder.Inbox).Single();
        Assert.Equal(id, arrived.MessageId);
        Assert.Matches(new Regex(@"^support\+SRS=[a-z2-7]{5}=[A-Z2-7]{2}=adatum\.example=ann@contoso\.example$"), arrived.ReversePath);
        var mail = await ReadAsync(host, arrived);
        Assert.Equal("ann@adatum.example", mail.From.Mailboxes.Single().Address);
        Assert.Equal("support@contoso.example", mail.To.Mailboxes.Single().Address);
        Assert.DoesNotContain(mail.Headers, header => header.Value.Contains(ExchangeHost.OtherCustomer, StringComparison.Ordinal));
        Assert.Equal("<support@contoso.example>", mail.Headers["Resent-From"]);
        Assert.Equal($"support@contoso.example;{host.Directory.Id}", mail.Headers["X-MS-Exchange-ForwardingLoop"]);
        Assert.Equal($"{host.Directory.Id},ExtFwd", mail.Headers["X-LD-Processed"]);
        Assert.Equal("True", mail.Headers["X-MS-Exchange-Transport-Forked"]);
        Assert.True(mail.Headers.Count(header => header.Id == HeaderId.Received) >= 3, "each hop leaves a trace");
        Assert.Null(mail.Headers["Auto-Submitted"]);
    }

    [Fact]
    public async Task Its_ARC_set_verifies_through_the_labs_DNS_and_says_what_was_seen_first()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ForwardTo(ExchangeHost.OtherCustomer, keepCopy: false);

        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, Letter());

        var mail = await ReadAsync(host, host.Mail.List(ExchangeHost.OtherCustomer, MailFolder.Inbox).Single());
        var arc = await new ArcVerifier(new LabKeys(host.Dns())).VerifyAsync(mail, host.Cancel);
        Assert.Equal(ArcSignatureValidationResult.Pass, arc.Chain);
        var results = mail.Headers[HeaderId.ArcAuthenticationResults];
        Assert.StartsWith("i=1; mx.microsoft.com 1; spf=pass", results, StringComparison.Ordinal);
        Assert.Contains("smtp.mailfrom=adatum.example", results, StringComparison.Ordinal);
        Assert.Contains("dmarc=pass", results, StringComparison.Ordinal);
        Assert.Contains("dkim=pass (signature was verified) header.d=adatum.example", results, StringComparison.Ordinal);
        Assert.Contains("d=microsoft.com", mail.Headers[HeaderId.ArcSeal], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_writers_and_the_forwarders_DKIM_signatures_verify()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ForwardTo(ExchangeHost.OtherCustomer, keepCopy: false);

        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, Letter());

        var mail = await ReadAsync(host, host.Mail.List(ExchangeHost.OtherCustomer, MailFolder.Inbox).Single());
        var signatures = mail.Headers.Where(header => header.Id == HeaderId.DkimSignature).ToArray();
        Assert.Equal(["d=contoso.example", "d=adatum.example"], signatures.Select(s => Regex.Match(s.Value, "d=[a-z.]+").Value));
        foreach (var signature in signatures)
        {
            Assert.True(await new DkimVerifier(new LabKeys(host.Dns())).VerifyAsync(mail, signature, host.Cancel));
        }
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task The_mailbox_keeps_a_copy_only_when_told_to(bool keepCopy, int copies)
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ForwardTo(ExchangeHost.OtherCustomer, keepCopy);

        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, Letter());

        Assert.Equal(copies, host.Mail.List(ExchangeHost.Support, MailFolder.Inbox).Count);
        Assert.Single(host.Mail.List(ExchangeHost.OtherCustomer, MailFolder.Inbox));
    }

    [Fact]
    public async Task A_mail_that_comes_back_to_the_mailbox_it_was_forwarded_from_stops()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ForwardTo(ExchangeHost.Sales, keepCopy: false);
        host.ChangeUser(ExchangeHost.Sales, user => user with
        {
            Mailbox = new State.Mailbox { ForwardingSmtpAddress = ExchangeHost.Support },
        });

        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, Letter());

        var report = host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox).Single();
        Assert.Equal("Undeliverable: My order", report.Subject);
        Assert.Empty(host.Mail.List(ExchangeHost.Support, MailFolder.Inbox));
    }

    [Fact]
    public async Task A_bounce_to_an_SRS_address_reaches_the_writer()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ForwardTo(ExchangeHost.OtherCustomer, keepCopy: false);
        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, Letter());
        var srs = host.Mail.List(ExchangeHost.OtherCustomer, MailFolder.Inbox).Single().ReversePath;

        await host.WriteAsync(ExchangeHost.OtherCustomer, srs, ExchangeHost.Letter(ExchangeHost.OtherCustomer, srs, "Bounced"));

        Assert.Equal("Bounced", host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox).Single().Subject);
    }

    [Theory]
    [InlineData("Automatic", false)]
    [InlineData("Off", true)]
    public async Task Forwarding_outside_that_the_policy_forbids_is_reported_to_the_writer(string mode, bool keepCopy)
    {
        await using var host = await ExchangeHost.StartAsync();
        host.Lab.ChangeDirectory(host.Directory.Id, directory => directory with { AutoForwarding = Enum.Parse<AutoForwarding>(mode) });
        host.ForwardTo(ExchangeHost.OtherCustomer, keepCopy);

        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, Letter());

        Assert.Empty(host.Mail.List(ExchangeHost.OtherCustomer, MailFolder.Inbox));
        Assert.Equal(keepCopy ? 1 : 0, host.Mail.List(ExchangeHost.Support, MailFolder.Inbox).Count);
        var report = await ReadAsync(host, host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox).Single());
        var status = Assert.IsType<MessageDeliveryStatus>(Assert.IsType<MultipartReport>(report.Body)[1]).StatusGroups[1];
        Assert.Equal(("5.7.520", "rfc822;support@contoso.example"), (status["Status"], status["Final-Recipient"]));
        Assert.EndsWith("AS(7555)", status["Diagnostic-Code"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forwarding_within_the_organisation_needs_no_policy()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.Lab.ChangeDirectory(host.Directory.Id, directory => directory with { AutoForwarding = AutoForwarding.Off });
        host.ForwardTo(ExchangeHost.Sales, keepCopy: false);

        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, Letter());

        Assert.Single(host.Mail.List(ExchangeHost.Sales, MailFolder.Inbox));
    }

    [Fact]
    public async Task A_bounce_to_the_short_SRS_form_reaches_the_writer_whose_address_was_too_long_for_the_other()
    {
        var longest = new string('a', 60) + "@adatum.example";
        await using var host = await ExchangeHost.StartAsync();
        host.Lab.Change(state => state.With(new OutsideDomain("adatum.example",
            [new Customer(longest, "Long", "x"), new Customer(ExchangeHost.OtherCustomer, "Bob", "x")])));
        host.ForwardTo(ExchangeHost.OtherCustomer, keepCopy: false);
        await host.WriteAsync(longest, ExchangeHost.Support, ExchangeHost.Letter(longest, ExchangeHost.Support));
        var srs = host.Mail.List(ExchangeHost.OtherCustomer, MailFolder.Inbox).Single().ReversePath;
        Assert.StartsWith("bounces+SRS=", srs, StringComparison.Ordinal);

        await host.WriteAsync(ExchangeHost.OtherCustomer, srs, ExchangeHost.Letter(ExchangeHost.OtherCustomer, srs, "Bounced"));

        Assert.Equal("Bounced", host.Mail.List(longest, MailFolder.Inbox).Single().Subject);
    }

    private static MimeMessage Letter() => ExchangeHost.Letter(ExchangeHost.Customer, ExchangeHost.Support);

    private static async Task<MimeMessage> ReadAsync(ExchangeHost host, StoredMail mail) =>
        await MimeMessage.LoadAsync(new MemoryStream(await host.Mail.ReadAsync(mail, host.Cancel)), host.Cancel);

    /// <summary>Keys as a stranger finds them: by asking the lab's DNS.</summary>
    private sealed class LabKeys(LookupClient dns) : DkimPublicKeyLocatorBase
    {
        public override AsymmetricKeyParameter LocatePublicKey(
            string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("only asked asynchronously");

        public override async Task<AsymmetricKeyParameter> LocatePublicKeyAsync(
            string methods, string domain, string selector, CancellationToken cancellationToken = default)
        {
            var answer = await dns.QueryAsync($"{selector}._domainkey.{domain}", QueryType.TXT, cancellationToken: cancellationToken);
            return GetPublicKey(string.Concat(answer.Answers.TxtRecords().Single().Text));
        }
    }
}
