using System.Text.RegularExpressions;
using MimeKit;

namespace Passerelle.Lab.Tests.Exchange;

/// <summary>What a forwarded mail looks like to its receiver (facts §6.3).</summary>
public class ForwardWireTests(LabUnderTest lab)
{
    private const string Guids = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>{tenant}, {box} and {domain} stand for the lab's own.</summary>
    [Theory]
    [InlineData("Resent-From", "^<{box}>$")]
    [InlineData("X-MS-Exchange-ForwardingLoop", "^{box};{tenant}$")]
    [InlineData("X-LD-Processed", "^{tenant},ExtFwd$")]
    [InlineData("X-MS-Exchange-Transport-Forked", "^True$")]
    [InlineData("X-MS-Exchange-CrossTenant-Network-Message-Id", "^" + Guids + "$")]
    [InlineData("X-MS-Exchange-CrossTenant-OriginalArrivalTime", @"^\d\d \w{3} \d{4} \d\d:\d\d:\d\d\.\d{4} \(UTC\)$")]
    [InlineData("X-MS-Exchange-CrossTenant-Id", "^{tenant}$")]
    [InlineData("X-MS-Exchange-CrossTenant-AuthAs", "^Anonymous$")]
    [InlineData("X-MS-Exchange-CrossTenant-AuthSource", @"\.outlook\.com$")]
    [InlineData("X-MS-Exchange-CrossTenant-FromEntityHeader", "^Internet$")]
    [InlineData("X-MS-Exchange-Transport-CrossTenantHeadersStamped", @"\.prod\.outlook\.com$")]
    [InlineData("X-OriginatorOrg", "^{domain}$")]
    [InlineData("X-EOPAttributedMessage", "^0$")]
    [InlineData("X-EOPTenantAttributedMessage", "^{tenant}:0$")]
    [InlineData("X-MS-PublicTrafficType", "^Email$")]
    [InlineData("X-MS-TrafficTypeDiagnostic", ":EE_")]
    [InlineData("X-MS-Office365-Filtering-Correlation-Id", "^" + Guids + "$")]
    [InlineData("X-MS-Exchange-SenderADCheck", "^0$")]
    [InlineData("X-MS-Exchange-AntiSpam-Relay", "^0$")]
    [InlineData("X-Microsoft-Antispam", "^BCL:0;$")]
    [InlineData("X-ExternalRecipientOutboundConnectors", "^{tenant}$")]
    [InlineData("DKIM-Signature", "d={domain}; s=selector1;")]
    [Shows("6.3:Resent-From", "6.3:X-MS-Exchange-ForwardingLoop", "6.3:X-LD-Processed", "6.3:X-MS-Exchange-Transport-Forked",
        "6.3:X-MS-Exchange-CrossTenant", "6.3:X-MS-Exchange-Transport-CrossTenantHeadersStampe", "6.1:Mailbox-SMTP-forwarding")]
    public async Task The_service_adds_its_headers(string name, string pattern)
    {
        var (flow, mail) = await ForwardedAsync(keepCopy: true);
        var contoso = flow.Contoso;
        var right = pattern.Replace("{tenant}", contoso.DirectoryId.ToString(), StringComparison.Ordinal)
            .Replace("{box}", Regex.Escape(contoso.Support), StringComparison.Ordinal)
            .Replace("{domain}", Regex.Escape(contoso.Domain), StringComparison.Ordinal);
        Assert.Matches(right, mail.Headers[name]);
    }

    [Fact]
    [Shows("6.3:X-MS-Exchange-Transport-CrossTenantHeadersStampe")]
    public async Task The_outbound_report_says_that_it_leaves()
    {
        var (_, mail) = await ForwardedAsync(keepCopy: false);
        Assert.Contains("DIR:OUT;SFP:1102;", mail.Headers[mail.Headers.IndexOf("X-Forefront-Antispam-Report")].Value, StringComparison.Ordinal);
        Assert.Null(mail.Headers["X-MS-Exchange-Transport-Forked"]);
    }

    [Fact]
    [Shows("6.3:not-present", "6.3:kept-from-the-original")]
    public async Task What_was_there_is_kept_and_nothing_of_other_systems_is_added()
    {
        var (flow, mail) = await ForwardedAsync(keepCopy: true);
        var kept = await flow.ReadAsync(Assert.Single(await flow.InAsync(flow.Contoso.Support)));

        foreach (var name in new[] { "From", "To", "Date", "Subject", "Message-ID", "Received-SPF", "Authentication-Results" })
            Assert.Contains(kept.Headers[name], mail.Headers.Where(h => h.Field.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value));
        Assert.Empty(kept.Headers.Where(h => h.Id == HeaderId.Received).Select(h => h.Value)
            .Except(mail.Headers.Where(h => h.Id == HeaderId.Received).Select(h => h.Value)));
        Assert.Contains(mail.Headers, h => h.Id == HeaderId.DkimSignature && h.Value.Contains($"d={flow.Contoso.CustomerDomain}", StringComparison.Ordinal));
        Assert.Equal(kept.TextBody, mail.TextBody);
        foreach (var name in new[] { "Delivered-To", "X-Forwarded-To", "Auto-Submitted" }) Assert.Null(mail.Headers[name]);
        Assert.DoesNotContain(mail.Headers, h => h.Field != "Return-Path" && h.Field != "Received" && h.Value.Contains(flow.Contoso.Bob, StringComparison.Ordinal));
    }

    [Fact]
    [Shows("6.3:ARC-Seal-ARC-Message-Signature-ARC-Authenticatio")]
    public async Task The_ARC_set_is_Microsofts_and_tells_the_first_verdict()
    {
        var (flow, mail) = await ForwardedAsync(keepCopy: false);
        Assert.Matches("i=1; a=rsa-sha256;.*d=microsoft.com; s=arcselector10001", Flat(mail.Headers["ARC-Message-Signature"]));
        Assert.Matches("i=1; a=rsa-sha256; cv=none; d=microsoft.com; s=arcselector10001", Flat(mail.Headers["ARC-Seal"]));
        Assert.Matches($@"^i=1; mx\.microsoft\.com 1; spf=pass \(sender ip is [0-9.]+\) smtp\.rcpttodomain={flow.Contoso.Domain} "
            + $@"smtp\.mailfrom={flow.Contoso.CustomerDomain}; dmarc=pass \(p=reject sp=reject pct=100\) action=none header\.from={flow.Contoso.CustomerDomain}; "
            + $@"dkim=pass \(signature was verified\) header\.d={flow.Contoso.CustomerDomain}; arc=none \(0\)$", Flat(mail.Headers["ARC-Authentication-Results"]).Replace("\"", "", StringComparison.Ordinal)); // MimeKit quotes a value
    }

    [Fact]
    [Shows("6.3:ARC-Seal-ARC-Message-Signature-ARC-Authenticatio")]
    public async Task A_second_forward_extends_the_chain()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        var contoso = flow.Contoso;
        await flow.Control.SetForwardingAsync(contoso.DirectoryId, contoso.Support, contoso.Sales, false, Cancel);
        await flow.Control.SetForwardingAsync(contoso.DirectoryId, contoso.Sales, contoso.Bob, false, Cancel);
        await flow.WriteAsync();

        var mail = await flow.ReadAsync(Assert.Single(await flow.InAsync(contoso.Bob)));
        Assert.Equal(["i=2", "i=1"], mail.Headers.Where(h => h.Field == "ARC-Seal").Select(h => h.Value.Trim().Split(';')[0]));
        Assert.Contains("cv=pass", Flat(mail.Headers["ARC-Seal"]), StringComparison.Ordinal);
        Assert.Contains("arc=pass", Flat(mail.Headers["ARC-Authentication-Results"]), StringComparison.Ordinal);
    }

    [Fact]
    [Shows("6.3:DKIM-Signature-new")]
    public async Task Without_DKIM_of_its_own_domain_the_initial_domain_signs()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.Flow.SetAsync(new { outboundPolicies = new[] { new { name = "Default", autoForwardingMode = "on" } }, signWithInitialDomain = true }, Cancel);
        await flow.ForwardAsync();
        await flow.WriteAsync();

        var mail = await flow.ReadAsync(Assert.Single(await flow.InAsync(flow.Contoso.Bob)));
        var name = flow.Contoso.Domain.Split('.')[0];
        Assert.Contains($"d={name}.onmicrosoft.com; s=selector2-{name}-onmicrosoft-com;", Flat(mail.Headers["DKIM-Signature"]), StringComparison.Ordinal);
        var dns = MxWriting.Dns(lab);
        var key = await dns.QueryAsync($"selector2-{name}-onmicrosoft-com._domainkey.{name}.onmicrosoft.com", DnsClient.QueryType.TXT, cancellationToken: Cancel);
        Assert.Single(key.Answers);
    }

    [Theory]
    [InlineData("sender", @"^(?<box>.+)\+SRS=(?<h>[^=]{4,6})=(?<t>[A-Z2-7]{2})=(?<dom>[^=]+)=(?<user>.+)@(?<fdom>.+)$")]
    [InlineData("bounces", @"^bounces\+SRS=[^=]+=[A-Z2-7]{2}@")]
    [Shows("6.3:forwarding-local-part-SRS-hash-tt-original-domai", "6.3:Regex-for-diagnosis-box-.-SRS-h-4-6-t-A-Z2-7-2-d")]
    public async Task Both_forms_of_SRS_are_known_by_the_diagnosis_and_lead_back_to_the_writer(string form, string pattern)
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.Flow.SetAsync(new { outboundPolicies = new[] { new { name = "Default", autoForwardingMode = "on" } }, srsForm = form }, Cancel);
        await flow.ForwardAsync();
        await flow.WriteAsync();

        var srs = Assert.Single(await flow.InAsync(flow.Contoso.Bob)).ReversePath;
        var found = Regex.Match(srs, pattern);
        Assert.True(found.Success, srs);
        Assert.EndsWith("@" + flow.Contoso.Domain, srs, StringComparison.Ordinal);
        if (form == "sender")
            Assert.Equal(("support", flow.Contoso.CustomerDomain, "ann"), (found.Groups["box"].Value, found.Groups["dom"].Value, found.Groups["user"].Value));

        await flow.Mail.WriteAsync(flow.Contoso.Bob, srs, "Undeliverable", "no", Cancel);
        Assert.Equal("Undeliverable", Assert.Single(await flow.InAsync(flow.Contoso.Ann)).Subject);
    }

    [Fact]
    [Shows("6.3:The-null-sender-stays-null.")]
    public async Task The_null_sender_stays_null_and_the_From_is_as_it_was()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.ForwardAsync(keepCopy: true);
        await flow.Mail.WriteAsync(flow.Contoso.Support, "nobody@" + flow.Contoso.CustomerDomain, "To nobody", "x", Cancel);

        var report = Assert.Single(await flow.InAsync(flow.Contoso.Bob)); // the report to support@, forwarded
        Assert.Equal("", report.ReversePath);
        Assert.Equal("Undeliverable: To nobody", report.Subject);
        Assert.Contains("Microsoft Outlook", report.From, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("onPremisesDomains")]
    [InlineData("relayPool")]
    [Shows("6.3:The-null-sender-stays-null.")]
    public async Task Towards_on_premises_and_from_the_relay_pool_nothing_is_rewritten(string setting)
    {
        var flow = await MailFlowLab.NewAsync(lab);
        var contoso = flow.Contoso;
        await flow.Flow.SetAsync(new Dictionary<string, object>
        {
            ["outboundPolicies"] = new[] { new { name = "Default", autoForwardingMode = "on" } },
            [setting] = setting == "relayPool" ? true : new[] { contoso.CustomerDomain },
        }, Cancel);
        await flow.ForwardAsync();
        if (setting == "relayPool") await MxWriting.SendAsync(lab, contoso.Ann, [contoso.Support], "Subject: Not genuine"); // from an address that SPF does not list
        else await flow.WriteAsync();

        Assert.Equal(contoso.Ann, Assert.Single(await flow.InAsync(contoso.Bob)).ReversePath);
    }

    private async Task<(MailFlowLab Flow, MimeMessage Mail)> ForwardedAsync(bool keepCopy)
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.ForwardAsync(keepCopy);
        await flow.WriteAsync();
        return (flow, await flow.ReadAsync(Assert.Single(await flow.InAsync(flow.Contoso.Bob))));
    }

    private static string Flat(string? header) => Regex.Replace(header ?? "", @"\s+", " ").Trim();
}
