namespace Passerelle.Lab.Tests.Exchange;

/// <summary>What the MX answers to strangers (facts §5.5, §5.6).</summary>
public class EdgeTests(LabUnderTest lab)
{
    private const string Stranger = "eve@elsewhere.example";
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Shows("5.6:Accept-250-2.6.0-msgid-InternalId-digits-Hostnam")]
    public async Task What_is_accepted_is_queued_with_id_size_and_speed()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        Assert.Matches(@"^250 2\.6\.0 <m-1@elsewhere\.example> \[InternalId=\d+, Hostname=\w+\.\w+\.prod\.outlook\.com\] \d+ bytes in \d+\.\d{3}, \d+\.\d{3} KB/sec"
            + @" Queued mail for delivery -> 250 2\.1\.5$",
            await MxWriting.SendAsync(lab, Stranger, [flow.Contoso.Support], "Subject: Hello\r\nMessage-ID: <m-1@elsewhere.example>"));
    }

    [Fact]
    [Shows("5.6:Unknown-recipient-directory-based-edge-blocking-")]
    public async Task An_unknown_recipient_is_refused_at_RCPT_or_reported_afterwards()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        var nobody = "nobody@" + flow.Contoso.Domain;
        Assert.Equal("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", await MxWriting.SendAsync(lab, Stranger, [nobody], "Subject: x"));
        await flow.Flow.SetAsync(new { edgeBlocking = false }, Cancel);
        Assert.StartsWith("250 2.6.0", await MxWriting.SendAsync(lab, flow.Contoso.Ann, [nobody], "Subject: x"), StringComparison.Ordinal);
        Assert.Equal("5.1.10", (await flow.ReportToAsync(flow.Contoso.Ann)).Recipient["Status"]);
    }

    [Fact]
    public async Task One_transaction_reaches_two_directories()
    {
        var (one, other) = (await MailFlowLab.NewAsync(lab), await MailFlowLab.NewAsync(lab));
        await MxWriting.SendAsync(lab, Stranger, [one.Contoso.Support, other.Contoso.Sales], "Subject: Both");
        Assert.Equal("Both", Assert.Single(await one.InAsync(one.Contoso.Support)).Subject);
        Assert.Equal("Both", Assert.Single(await other.InAsync(other.Contoso.Sales)).Subject);
    }

    /// <summary>What is on the list, the status, the reply.</summary>
    [Theory]
    [InlineData("elsewhere.example", "4.7.500", "451 4.7.500 Server busy. Please try again later from [127.0.0.1]. (S77719)")]
    [InlineData(Stranger, "4.7.850", "451 4.7.850 Access denied, please try again later")]
    [InlineData(Stranger, "5.7.501", "550 5.7.501 Access denied, spam abuse detected")]
    [InlineData(Stranger, "5.7.502", "550 5.7.502 Access denied, banned sender")]
    [InlineData(Stranger, "5.7.503", "550 5.7.503 Access denied, banned sender")]
    [InlineData(Stranger, "5.7.504", "Recipient address rejected: Access denied")]
    [InlineData(Stranger, "5.7.505", "550 5.7.505 Access denied, banned recipient")]
    [InlineData(Stranger, "5.7.506", "550 5.7.506 Access Denied, Bad HELO")]
    [InlineData(Stranger, "5.7.507", "550 5.7.507 Access denied, rejected by recipient")]
    [InlineData("127.0.0.1", "5.7.511", "550 5.7.511 Access denied, banned sender [127.0.0.1]")]
    [InlineData("127.0.0.1", "5.7.513", "550 5.7.513 Service unavailable, Client host [127.0.0.1] blocked by ")]
    [InlineData(Stranger, "5.7.703", "550 5.7.703 Access denied, tenant has exceeded threshold")]
    [InlineData(Stranger, "5.7.705", "550 5.7.705 Access denied, tenant has exceeded threshold")]
    [InlineData("127.0.0.1", "5.7.708", "550 5.7.708 Access denied, traffic not accepted from this IP")]
    [InlineData("elsewhere.example", "5.7.750", "550 5.7.750 Service unavailable. Client blocked from sending from unregistered domains [elsewhere.example]")]
    [InlineData(Stranger, "5.7.64", "550 5.7.64 TenantAttribution; Relay Access Denied")]
    [InlineData("127.0.0.1", "5.7.711", "550 5.7.711 Access denied, bad inbound connector. AS(2204)")]
    [Shows("5.5:550-5.7.501-5.7.503-Access-denied-spam-abuse-det", "5.5:550-5.7.703-5.7.705-tenant-exceeded-threshold-5.",
        "5.5:451-4.7.500-Server-busy.-Please-try-again-later-", "5.6:Throttled-451-4.7.500-Server-busy-.-Connector")]
    public async Task A_sender_on_the_block_list_hears_why_and_others_do_not(string who, string status, string reply)
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.Flow.SetAsync(new { edgeBlocks = new[] { new { who, status } } }, Cancel);
        Assert.Contains(reply, await MxWriting.SendAsync(lab, Stranger, [flow.Contoso.Support], "Subject: x"), StringComparison.Ordinal);
        if (who != "127.0.0.1")
            Assert.StartsWith("250", await MxWriting.SendAsync(lab, "friend@other.example", [flow.Contoso.Support], "Subject: x"), StringComparison.Ordinal);
    }

    [Fact]
    [Shows("5.5:550-5.7.509-Access-denied-sending-domain-d-does-")]
    public async Task A_mail_that_fails_DMARC_is_refused_where_the_policy_is_honoured_and_junk_elsewhere()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        var contoso = flow.Contoso;
        Assert.StartsWith("250", await MxWriting.SendAsync(lab, contoso.Ann, [contoso.Support], "Subject: Forged"), StringComparison.Ordinal);
        Assert.Single(await flow.InAsync(contoso.Support, "junk"));
        await flow.Flow.SetAsync(new { honorDmarc = true }, Cancel);
        Assert.Equal($"550 5.7.509 Access denied, sending domain {contoso.CustomerDomain} does not pass DMARC verification and has a DMARC policy of reject.",
            await MxWriting.SendAsync(lab, contoso.Ann, [contoso.Support], "Subject: Forged"));
        Assert.Single(await flow.InAsync(contoso.Support, "junk"));
        await flow.WriteAsync("Genuine");
        Assert.Single(await flow.InAsync(contoso.Support));
    }

    [Fact]
    [Shows("5.5:550-5.7.512")]
    public async Task A_mail_with_two_From_fields_is_refused()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        Assert.Equal("550 5.7.512 Access denied, message must be RFC 5322 section 3.6.2 compliant and include a valid From address",
            await MxWriting.SendAsync(lab, Stranger, [flow.Contoso.Support], $"From: <{Stranger}>\r\nFrom: <other@elsewhere.example>\r\nSubject: Two"));
    }

    [Fact]
    public async Task Direct_send_in_the_organisations_own_name_is_refused_once_the_admin_says_so()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        Assert.StartsWith("250", await MxWriting.SendAsync(lab, flow.Contoso.Sales, [flow.Contoso.Support], "Subject: Scanner"), StringComparison.Ordinal);
        await flow.Flow.SetAsync(new { rejectDirectSend = true }, Cancel);
        Assert.StartsWith("550 5.7.68 TenantInboundAttribution; Direct Send not allowed",
            await MxWriting.SendAsync(lab, flow.Contoso.Sales, [flow.Contoso.Support], "Subject: Scanner"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("junk", "junk", "SCL:5;")]
    [InlineData("quarantine", "quarantine", "SCL:9;")]
    [InlineData("clean", "inbox", "SCL:1;")]
    public async Task The_filter_puts_a_mail_where_its_rule_says_and_marks_it(string verdict, string folder, string mark)
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.Flow.SetAsync(new { contentRules = new[] { new { senderContains = (string?)"elsewhere", subjectContains = (string?)"cheap", verdict } } }, Cancel);
        await MxWriting.SendAsync(lab, Stranger, [flow.Contoso.Support], "Subject: Cheap watches");
        await MxWriting.SendAsync(lab, Stranger, [flow.Contoso.Support], "Subject: Hello");

        var mail = await flow.ReadAsync(Assert.Single(await flow.InAsync(flow.Contoso.Support, folder), item => item.Subject == "Cheap watches"));
        Assert.Contains(mark, mail.Headers["X-Forefront-Antispam-Report"], StringComparison.Ordinal);
        Assert.Single(await flow.InAsync(flow.Contoso.Support), item => item.Subject == "Hello");
    }
}
