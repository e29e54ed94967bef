namespace Passerelle.Lab.Tests.Exchange;

/// <summary>What allows and blocks forwarding (facts §6.1, §6.2).</summary>
public class ForwardControlTests(LabUnderTest lab)
{
    private const string Forbidden = "550 5.7.520 Access denied, Your organization does not allow external forwarding."
        + " Please contact your administrator for further assistance. AS(7555)";

    private static readonly object[] On = [new { name = "Default", autoForwardingMode = "on" }];
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("automatic", true)]
    [InlineData("off", false)]
    public async Task A_policy_that_forbids_tells_the_writer_and_leaves_the_mailbox_its_copy(string mode, bool keepCopy)
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.Control.SetAutoForwardingAsync(flow.Contoso.DirectoryId, mode, Cancel);
        await flow.ForwardAsync(keepCopy);
        await flow.WriteAsync();

        var (status, report) = await flow.ReportToAsync(flow.Contoso.Ann);
        Assert.Equal("smtp;" + Forbidden, status["Diagnostic-Code"]);
        Assert.Contains($"Remote Server returned '{Forbidden}'", report.TextBody, StringComparison.Ordinal);
        Assert.Equal(keepCopy ? 1 : 0, (await flow.InAsync(flow.Contoso.Support)).Count);
        Assert.Empty(await flow.InAsync(flow.Contoso.Bob));
    }

    [Theory]
    [InlineData("on", "off", true)]
    [InlineData("off", "on", false)]
    [InlineData("automatic", "on", false)]
    public async Task A_custom_policy_for_the_sender_beats_the_default(string custom, string standard, bool passes)
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.Flow.SetAsync(new
        {
            outboundPolicies = new[] { new { name = "Default", autoForwardingMode = standard }, new { name = "Gateway forwarding", autoForwardingMode = custom } },
            outboundRules = new[] { new { name = "Gateway", policy = "Gateway forwarding", from = new[] { flow.Contoso.Support }, senderDomains = Array.Empty<string>() } },
        }, Cancel);
        await flow.ForwardAsync();
        await flow.WriteAsync();

        Assert.Equal(passes ? 1 : 0, (await flow.InAsync(flow.Contoso.Bob)).Count);
        Assert.Equal(passes ? 0 : 1, (await flow.InAsync(flow.Contoso.Ann)).Count);
    }

    [Fact]
    public async Task A_remote_domain_drops_silently_and_only_for_itself()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.Flow.SetAsync(new
        {
            outboundPolicies = On,
            remoteDomains = new[]
            {
                new { name = "Default", domainName = "*", autoForwardEnabled = true },
                new { name = "Customers", domainName = flow.Contoso.CustomerDomain, autoForwardEnabled = false },
            },
        }, Cancel);
        await flow.ForwardAsync();
        await flow.WriteAsync();

        Assert.Empty(await flow.InAsync(flow.Contoso.Bob));
        Assert.Empty(await flow.InAsync(flow.Contoso.Ann));
        Assert.Contains(await flow.Mail.LogAsync("drop", Cancel), line => line.Who == flow.Contoso.Support);
    }

    [Fact]
    public async Task A_rule_about_auto_forwarded_mail_rejects_with_its_text_and_sees_no_other_mail()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.Flow.SetAsync(new
        {
            outboundPolicies = On,
            transportRules = new[] { new { id = Guid.Parse("11111111-1111-4111-8111-111111111111"), name = "No forwards", onAutoForward = true, rejectReason = "Not outside.", rejectStatus = "5.7.900" } },
        }, Cancel);
        await flow.WriteAsync("Plain");
        await flow.ForwardAsync(keepCopy: true);
        await flow.WriteAsync();

        var (status, _) = await flow.ReportToAsync(flow.Contoso.Ann);
        Assert.Equal("smtp;550 5.7.900 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy. Not outside.", status["Diagnostic-Code"]);
        Assert.Equal("5.7.900", status["Status"]);
        Assert.Equal(2, (await flow.InAsync(flow.Contoso.Support)).Count);
    }

    [Theory]
    [InlineData("redirectTo", 0, 1)]
    [InlineData("blindCopyTo", 1, 1)]
    [InlineData("addRecipients", 1, 1)]
    [Shows("6.1:Mail-flow-rule")]
    public async Task A_mail_flow_rule_redirects_or_copies_whatever_the_forwarding_policy_says(string action, int atSupport, int atBob)
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.Flow.SetAsync(new
        {
            transportRules = new[]
            {
                new Dictionary<string, object>
                {
                    ["id"] = Guid.Parse("11111111-1111-4111-8111-111111111111"), ["name"] = "Copy", ["sentTo"] = new[] { flow.Contoso.Support },
                    [action] = new[] { flow.Contoso.Bob }, ["prependSubject"] = "[seen] ",
                },
            },
        }, Cancel);
        await flow.WriteAsync();

        Assert.Equal(atSupport, (await flow.InAsync(flow.Contoso.Support)).Count);
        var arrived = await flow.InAsync(flow.Contoso.Bob);
        Assert.Equal(atBob, arrived.Count);
        Assert.Equal("[seen] My order", arrived[0].Subject);
        if (action == "redirectTo") Assert.StartsWith("support+SRS=", arrived[0].ReversePath, StringComparison.Ordinal);
    }

    [Fact]
    [Shows("6.1:Recipient-forwarding")]
    public async Task A_recipient_of_the_directory_wins_over_the_plain_address()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        var contoso = flow.Contoso;
        await flow.Flow.SetContactsAsync([("Bob", "bob.contact@" + contoso.Domain, contoso.Bob)], Cancel);
        await flow.Control.SetForwardingAsync(contoso.DirectoryId, contoso.Support, contoso.Sales, false, Cancel);
        await flow.Flow.SetForwardingAddressAsync(contoso.Support, "bob.contact@" + contoso.Domain, Cancel);
        await flow.WriteAsync();

        Assert.Single(await flow.InAsync(contoso.Bob));
        Assert.Empty(await flow.InAsync(contoso.Sales));
    }

    [Fact]
    [Shows("6.1:Inbox-rule-redirect-forward-forward-as-attachmen", "6.3:X-MS-Exchange-Inbox-Rules-Loop")]
    public async Task A_rule_that_redirects_keeps_the_mail_and_marks_it()
    {
        var flow = await RuleAsync("redirectTo");
        await flow.WriteAsync();

        var mail = await flow.ReadAsync(Assert.Single(await flow.InAsync(flow.Contoso.Bob)));
        Assert.Equal(("My order", flow.Contoso.Ann), (mail.Subject, mail.From.Mailboxes.Single().Address));
        Assert.Equal(flow.Contoso.Support, mail.Headers["X-MS-Exchange-Inbox-Rules-Loop"]);
        Assert.Null(mail.Headers["X-MS-Exchange-ForwardingLoop"]);
        Assert.Single(await flow.InAsync(flow.Contoso.Support));
    }

    [Theory]
    [InlineData("forwardTo")]
    [InlineData("forwardAsAttachmentTo")]
    [Shows("6.1:Inbox-rule-redirect-forward-forward-as-attachmen")]
    public async Task A_rule_that_forwards_writes_a_new_mail_from_the_mailbox(string action)
    {
        var flow = await RuleAsync(action);
        var id = await flow.WriteAsync();

        var item = Assert.Single(await flow.InAsync(flow.Contoso.Bob));
        var mail = await flow.ReadAsync(item);
        Assert.Equal(("FW: My order", flow.Contoso.Support, flow.Contoso.Support), (mail.Subject, mail.From.Mailboxes.Single().Address, item.ReversePath));
        Assert.NotEqual(id, mail.MessageId);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Equal("Mailbox Rules Agent", mail.Headers["X-MS-Exchange-Generated-Message-Source"]);
        Assert.Equal($"<{id}>", mail.Headers["X-MS-Exchange-Parent-Message-Id"]);
        Assert.Equal(action == "forwardAsAttachmentTo", mail.BodyParts.OfType<MimeKit.MessagePart>().Any(part => part.Message?.MessageId == id));
    }

    [Fact]
    [Shows("6.1:Inbox-rule-redirect-forward-forward-as-attachmen")]
    public async Task A_rule_is_blocked_like_the_mailboxs_forwarding()
    {
        var flow = await RuleAsync("redirectTo");
        await flow.Control.SetAutoForwardingAsync(flow.Contoso.DirectoryId, "automatic", Cancel);
        await flow.WriteAsync();

        Assert.Equal("5.7.520", (await flow.ReportToAsync(flow.Contoso.Ann)).Recipient["Status"]);
        Assert.Single(await flow.InAsync(flow.Contoso.Support));
    }

    [Theory]
    [InlineData("deleteMessage", "deleted")]
    [InlineData("moveToFolder", "junk")]
    public async Task A_rule_deletes_or_moves(string action, string folder)
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.Flow.SetInboxRulesAsync(flow.Contoso.Support,
            [new Dictionary<string, object> { ["id"] = 1, ["name"] = "Away", ["subjectContainsWords"] = new[] { "order" }, [action] = action == "deleteMessage" ? true : "Junk Email" }], Cancel);
        await flow.WriteAsync();
        await flow.WriteAsync("Hello");

        Assert.Equal("My order", Assert.Single(await flow.InAsync(flow.Contoso.Support, folder)).Subject);
        Assert.Equal("Hello", Assert.Single(await flow.InAsync(flow.Contoso.Support)).Subject);
    }

    [Fact]
    public async Task A_change_takes_effect_after_the_directorys_delay()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.ForwardAsync();
        await flow.Flow.SetDelayAsync(60, Cancel);
        await flow.Control.SetAutoForwardingAsync(flow.Contoso.DirectoryId, "off", Cancel);

        await flow.WriteAsync("Before");
        await flow.Control.AdvanceAsync(flow.Contoso.Lab, TimeSpan.FromMinutes(61), Cancel);
        await flow.WriteAsync("After");

        Assert.Equal("Before", Assert.Single(await flow.InAsync(flow.Contoso.Bob)).Subject);
        Assert.Equal("Undeliverable: After", Assert.Single(await flow.InAsync(flow.Contoso.Ann)).Subject);
    }

    [Fact]
    [Shows("5.5:5.4.14-5.4.6-hop-count-exceeded-20-mail-loop")]
    public async Task A_mail_stops_after_twenty_hops()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        var hops = string.Join("\r\n", Enumerable.Range(1, 21).Select(i => $"Received: from a{i}.example by b{i}.example; Mon, 2 Mar 2026 10:00:00 +0000"));

        await MxWriting.SendAsync(lab, flow.Contoso.Ann, [flow.Contoso.Support], hops + "\r\nSubject: Round and round");

        Assert.Equal(("5.4.14", "failed"), ((await flow.ReportToAsync(flow.Contoso.Ann)).Recipient["Status"], (await flow.ReportToAsync(flow.Contoso.Ann)).Recipient["Action"]));
        Assert.Empty(await flow.InAsync(flow.Contoso.Support));
    }

    private async Task<MailFlowLab> RuleAsync(string action)
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.Flow.SetInboxRulesAsync(flow.Contoso.Support,
            [new Dictionary<string, object> { ["id"] = 1, ["name"] = "To Bob", [action] = new[] { flow.Contoso.Bob } }], Cancel);
        return flow;
    }
}
