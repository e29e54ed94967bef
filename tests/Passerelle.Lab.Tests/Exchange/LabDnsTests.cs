using DnsClient;
using Microsoft.Extensions.DependencyInjection;
using Passerelle.Lab.Dns;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Tests.Exchange;

public class LabDnsTests
{
    [Theory]
    [InlineData("contoso.example", "v=spf1 ip4:127.0.0.1 include:spf.protection.outlook.com -all")]
    [InlineData("adatum.example", "v=spf1 ip4:203.0.113.25 -all")]
    [InlineData("_dmarc.adatum.example", "v=DMARC1; p=reject; sp=reject; pct=100")]
    public async Task A_lab_domain_publishes_its_policies(string name, string text)
    {
        await using var host = await ExchangeHost.StartAsync();

        var answer = await host.Dns().QueryAsync(name, QueryType.TXT, cancellationToken: host.Cancel);

        Assert.Equal(text, string.Concat(Assert.Single(answer.Answers.TxtRecords()).Text));
    }

    [Theory, Shows("5.1:tenant-domain-with-dashes-.mail.protection.outlo")]
    [InlineData("contoso.example", "contoso-example.mail.protection.outlook.com.")]
    [InlineData("adatum.example", "mail.adatum.example.")]
    public async Task Its_MX_leads_to_loopback(string domain, string exchange)
    {
        await using var host = await ExchangeHost.StartAsync();

        var mx = await host.Dns().QueryAsync(domain, QueryType.MX, cancellationToken: host.Cancel);
        Assert.Equal(exchange, Assert.Single(mx.Answers.MxRecords()).Exchange.Value);
        var a = await host.Dns().QueryAsync(exchange, QueryType.A, cancellationToken: host.Cancel);
        Assert.Equal("127.0.0.1", Assert.Single(a.Answers.ARecords()).Address.ToString());
    }

    [Theory]
    [InlineData("arcselector10001._domainkey.microsoft.com")]
    [InlineData("selector1._domainkey.contoso.example")]
    public async Task A_signing_key_arrives_whole_over_UDP_and_TCP(string name)
    {
        await using var host = await ExchangeHost.StartAsync();

        foreach (var client in new[] { host.Dns(), host.Dns(tcp: true) })
        {
            var answer = await client.QueryAsync(name, QueryType.TXT, cancellationToken: host.Cancel);
            var text = string.Concat(Assert.Single(answer.Answers.TxtRecords()).Text);
            Assert.StartsWith("v=DKIM1; k=rsa; p=", text, StringComparison.Ordinal);
            Assert.True(text.Length > 255, "a 2048-bit key does not fit into one character-string");
        }
    }

    [Fact]
    public async Task The_gateways_inbound_domain_has_an_MX_once_it_has_a_route()
    {
        await using var host = await ExchangeHost.StartAsync();
        var before = await host.Dns().QueryAsync("in.fabrikam.example", QueryType.MX, cancellationToken: host.Cancel);
        Assert.Equal(DnsHeaderResponseCode.NotExistentDomain, before.Header.ResponseCode);

        host.Exchange.Settings.Route("in.fabrikam.example", LoopbackTarget.TryParse("127.0.0.1:2525"));

        var after = await host.Dns().QueryAsync("in.fabrikam.example", QueryType.MX, cancellationToken: host.Cancel);
        Assert.Equal("mx.in.fabrikam.example.", Assert.Single(after.Answers.MxRecords()).Exchange.Value);
    }

    [Fact]
    public async Task A_name_outside_the_labs_does_not_exist()
    {
        await using var host = await ExchangeHost.StartAsync();

        var answer = await host.Dns().QueryAsync("elsewhere.example", QueryType.A, cancellationToken: host.Cancel);

        Assert.Equal(DnsHeaderResponseCode.NotExistentDomain, answer.Header.ResponseCode);
    }

    /// <summary>A lab whose other ports are taken ends in the moment in which it began.</summary>
    [Fact]
    public async Task It_may_be_stopped_before_its_listeners_have_begun()
    {
        await using var host = await ExchangeHost.StartAsync();
        for (var i = 0; i < 200; i++)
        {
            using var dns = ActivatorUtilities.CreateInstance<LabDns>(host.Services);
            dns.Start(0);
        }
    }
}
