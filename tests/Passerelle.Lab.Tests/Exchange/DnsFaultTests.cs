using DnsClient;
using DnsClient.Protocol;

namespace Passerelle.Lab.Tests.Exchange;

/// <summary>The lab's DNS as a stranger's resolver sees it, well and ill.</summary>
public class DnsFaultTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_domain_has_what_mail_authentication_asks_for()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        var dns = MxWriting.Dns(lab);
        foreach (var domain in new[] { flow.Contoso.Domain, flow.Contoso.CustomerDomain })
        {
            var mx = Assert.Single((await dns.QueryAsync(domain, QueryType.MX, cancellationToken: Cancel)).Answers.MxRecords());
            Assert.Single((await dns.QueryAsync(mx.Exchange, QueryType.A, cancellationToken: Cancel)).Answers.ARecords());
            Assert.StartsWith("v=spf1 ", await TextAsync(dns, domain), StringComparison.Ordinal);
            Assert.StartsWith("v=DMARC1; p=reject", await TextAsync(dns, "_dmarc." + domain), StringComparison.Ordinal);
            Assert.StartsWith("v=DKIM1; k=rsa; p=", await TextAsync(dns, "selector1._domainkey." + domain), StringComparison.Ordinal);
        }

        var pointer = await dns.QueryReverseAsync(System.Net.IPAddress.Loopback, Cancel);
        Assert.EndsWith(".outbound.protection.outlook.com.", Assert.Single(pointer.Answers.PtrRecords()).PtrDomainName.Value, StringComparison.OrdinalIgnoreCase);
        var outside = await dns.QueryReverseAsync(System.Net.IPAddress.Parse("203.0.113.25"), Cancel);
        Assert.Contains(outside.Answers.PtrRecords(), record => record.PtrDomainName.Value == $"mail.{flow.Contoso.CustomerDomain}.");
    }

    [Theory]
    [InlineData("nxDomain", DnsHeaderResponseCode.NotExistentDomain)]
    [InlineData("servFail", DnsHeaderResponseCode.ServerFailure)]
    public async Task A_name_fails_as_the_lab_says_and_recovers(string kind, DnsHeaderResponseCode code)
    {
        var flow = await MailFlowLab.NewAsync(lab);
        var (dns, name) = (MxWriting.Dns(lab), "_dmarc." + flow.Contoso.Domain);
        await flow.Flow.SetDnsFaultsAsync(flow.Contoso.Lab, [(flow.Contoso.Domain, kind)], Cancel);
        Assert.Equal(code, (await dns.QueryAsync(name, QueryType.TXT, cancellationToken: Cancel)).Header.ResponseCode);
        await flow.Flow.SetDnsFaultsAsync(flow.Contoso.Lab, [], Cancel);
        Assert.Single((await dns.QueryAsync(name, QueryType.TXT, cancellationToken: Cancel)).Answers);
    }

    [Fact]
    public async Task A_name_that_times_out_is_not_answered_at_all()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.Flow.SetDnsFaultsAsync(flow.Contoso.Lab, [(flow.Contoso.Domain, "timeout")], Cancel);
        var impatient = MxWriting.Dns(lab, TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAsync<DnsResponseException>(() => impatient.QueryAsync(flow.Contoso.Domain, QueryType.MX, cancellationToken: Cancel));
        Assert.Single((await impatient.QueryAsync(flow.Contoso.CustomerDomain, QueryType.MX, cancellationToken: Cancel)).Answers);
    }

    [Theory]
    [InlineData("servFail", "spf=temperror", "dmarc=temperror")]
    [InlineData("nxDomain", "spf=none", "dmarc=none")]
    public async Task A_mail_whose_domain_cannot_be_looked_up_is_judged_so(string kind, string spf, string dmarc)
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.Flow.SetDnsFaultsAsync(flow.Contoso.Lab, [(flow.Contoso.CustomerDomain, kind)], Cancel);
        await MxWriting.SendAsync(lab, flow.Contoso.Ann, [flow.Contoso.Support], "Subject: Hello");

        var results = (await flow.ReadAsync(Assert.Single(await flow.InAsync(flow.Contoso.Support)))).Headers["Authentication-Results"];
        Assert.Contains(spf, results, StringComparison.Ordinal);
        Assert.Contains(dmarc, results, StringComparison.Ordinal);
    }

    private static async Task<string> TextAsync(LookupClient dns, string name) =>
        string.Concat(Assert.Single((await dns.QueryAsync(name, QueryType.TXT, cancellationToken: Cancel)).Answers.OfType<TxtRecord>()).Text);
}
