using System.Text.Json;

namespace Passerelle.Lab.Tests.Admin;

/// <summary>The cmdlets of the set-up steps (facts §7.1), each seen by what mail does afterwards.</summary>
public class CmdletTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Set-CASMailbox", "Get-CASMailbox")]
    [Shows("7.1:X2")]
    public async Task The_mailbox_switch_of_SMTP_AUTH_is_inherited_off_or_on(string set, string get)
    {
        var shell = await AdminShell.OpenAsync(lab);
        var identity = shell.Contoso.Support;
        async Task<JsonElement> SwitchAsync() => (await shell.OneAsync(get, new { Identity = identity })).GetProperty("SmtpClientAuthenticationDisabled");
        Assert.Equal(JsonValueKind.Null, (await SwitchAsync()).ValueKind);
        await shell.RunAsync(set, new { Identity = identity, SmtpClientAuthenticationDisabled = false });
        Assert.Equal(JsonValueKind.False, (await SwitchAsync()).ValueKind);
        await shell.RunAsync(set, new { Identity = identity, SmtpClientAuthenticationDisabled = "$true" });
        Assert.Equal(JsonValueKind.True, (await SwitchAsync()).ValueKind);
        await shell.RunAsync(set, new { Identity = identity, SmtpClientAuthenticationDisabled = (bool?)null });
        Assert.Equal(JsonValueKind.Null, (await SwitchAsync()).ValueKind);

        await shell.RunAsync(set, new { Identity = identity, ImapEnabled = false });
        Assert.False((await shell.OneAsync(get, new { Identity = identity })).GetProperty("ImapEnabled").GetBoolean());
    }

    [Fact]
    [Shows("7.1:X3")]
    public async Task The_organisation_switch_of_SMTP_AUTH_is_disabled_until_it_is_set()
    {
        var shell = await AdminShell.OpenAsync(lab);
        Assert.True((await shell.OneAsync("Get-TransportConfig")).GetProperty("SmtpClientAuthenticationDisabled").GetBoolean());
        await shell.RunAsync("Set-TransportConfig", new { SmtpClientAuthenticationDisabled = false });
        Assert.False((await shell.OneAsync("Get-TransportConfig")).GetProperty("SmtpClientAuthenticationDisabled").GetBoolean());
        var directory = await shell.Flow.Control.SendAsync(HttpMethod.Get, $"directories/{shell.Contoso.DirectoryId}", null, Cancel);
        Assert.True(directory.GetProperty("smtpAuthEnabled").GetBoolean());
    }

    [Theory]
    [InlineData("Get-Mailbox")]
    [InlineData("Get-EXOMailbox")]
    [Shows("7.1:X1")]
    public async Task A_mailbox_is_found_by_each_of_its_names_and_has_a_plan(string cmdlet)
    {
        var shell = await AdminShell.OpenAsync(lab);
        var all = await shell.RunAsync(cmdlet);
        Assert.Equal(3, all.Length);
        foreach (var identity in new[] { shell.Contoso.Support, "support", "Contoso Support", all[0].GetProperty("ExternalDirectoryObjectId").GetString() })
            Assert.Equal(shell.Contoso.Support, (await shell.OneAsync(cmdlet, new { Identity = identity })).GetProperty("PrimarySmtpAddress").GetString());
        var plan = (await shell.OneAsync("Get-MailboxPlan")).GetProperty("Identity").GetString();
        Assert.Equal(plan, all[0].GetProperty("MailboxPlan").GetString());
    }

    [Fact]
    [Shows("7.1:F1-F2", "6.1:Mailbox-SMTP-forwarding", "6.1:Recipient-forwarding")]
    public async Task Set_Mailbox_forwards_keeps_a_copy_and_clears_with_null()
    {
        var shell = await AdminShell.OpenAsync(lab);
        var contoso = shell.Contoso;
        await shell.RunAsync("Set-Mailbox", new { Identity = contoso.Support, ForwardingSmtpAddress = "smtp:" + contoso.Bob, DeliverToMailboxAndForward = true });
        var mailbox = await shell.OneAsync("Get-Mailbox", new { Identity = contoso.Support });
        Assert.Equal(("smtp:" + contoso.Bob, true),
            (mailbox.GetProperty("ForwardingSmtpAddress").GetString(), mailbox.GetProperty("DeliverToMailboxAndForward").GetBoolean()));
        await shell.Flow.WriteAsync();
        Assert.Single(await shell.Flow.InAsync(contoso.Support));
        Assert.Single(await shell.Flow.InAsync(contoso.Bob));

        await shell.RunAsync("Set-Mailbox", new { Identity = contoso.Support, ForwardingAddress = "Contoso Sales" });
        await shell.Flow.WriteAsync("To sales"); // ForwardingAddress wins
        Assert.Single(await shell.Flow.InAsync(contoso.Sales));
        Assert.Single(await shell.Flow.InAsync(contoso.Bob));

        await shell.RunAsync("Set-Mailbox", new { Identity = contoso.Support, ForwardingSmtpAddress = (string?)null, ForwardingAddress = (string?)null });
        await shell.Flow.WriteAsync("To nobody else");
        Assert.Single(await shell.Flow.InAsync(contoso.Bob));
        Assert.Equal(3, (await shell.Flow.InAsync(contoso.Support)).Count);
        Assert.Equal(404, (await shell.SendAsync("Set-Mailbox", new { Identity = contoso.Support, ForwardingAddress = "nobody" })).Status);
    }

    [Fact]
    [Shows("7.1:F3")]
    public async Task A_custom_outbound_policy_for_one_sender_lets_him_forward()
    {
        var shell = await AdminShell.OpenAsync(lab);
        var contoso = shell.Contoso;
        await shell.RunAsync("Set-HostedOutboundSpamFilterPolicy", new { Identity = "Default", AutoForwardingMode = "Automatic" });
        await shell.Flow.ForwardAsync();
        await shell.Flow.WriteAsync("Too early");
        await shell.RunAsync("New-HostedOutboundSpamFilterPolicy", new { Name = "Gateway forwarding", AutoForwardingMode = "On" });
        await shell.RunAsync("New-HostedOutboundSpamFilterRule",
            new { Name = "Gateway", HostedOutboundSpamFilterPolicy = "Gateway forwarding", From = contoso.Support });
        await shell.Flow.WriteAsync("In time");

        Assert.Equal("In time", Assert.Single(await shell.Flow.InAsync(contoso.Bob)).Subject);
        Assert.Equal("Undeliverable: Too early", Assert.Single(await shell.Flow.InAsync(contoso.Ann)).Subject);
        Assert.Equal(["Automatic", "On"], (await shell.RunAsync("Get-HostedOutboundSpamFilterPolicy")).Select(p => p.GetProperty("AutoForwardingMode").GetString()));
        Assert.Equal("Enabled", (await shell.OneAsync("Get-HostedOutboundSpamFilterRule")).GetProperty("State").GetString());
        Assert.Equal(400, (await shell.SendAsync("Remove-HostedOutboundSpamFilterPolicy", new { Identity = "Gateway forwarding" })).Status);
        await shell.RunAsync("Disable-HostedOutboundSpamFilterRule", new { Identity = "Gateway" });
        await shell.Flow.WriteAsync("Too late");
        Assert.Single(await shell.Flow.InAsync(contoso.Bob));
        await shell.RunAsync("Remove-HostedOutboundSpamFilterRule", new { Identity = "Gateway" });
        await shell.RunAsync("Remove-HostedOutboundSpamFilterPolicy", new { Identity = "Gateway forwarding" });
        Assert.Equal(400, (await shell.SendAsync("Remove-HostedOutboundSpamFilterPolicy", new { Identity = "Default" })).Status);
    }

    [Fact]
    [Shows("7.1:F4")]
    public async Task The_default_remote_domain_allows_until_it_is_switched_off()
    {
        var shell = await AdminShell.OpenAsync(lab);
        await shell.Flow.ForwardAsync();
        Assert.True((await shell.OneAsync("Get-RemoteDomain", new { Identity = "Default" })).GetProperty("AutoForwardEnabled").GetBoolean());
        await shell.RunAsync("Set-RemoteDomain", new { Identity = "Default", AutoForwardEnabled = false });
        await shell.Flow.WriteAsync("Dropped");
        await shell.RunAsync("Set-RemoteDomain", new { Identity = "Default", AutoForwardEnabled = true });
        await shell.Flow.WriteAsync("Passed");

        Assert.Equal("Passed", Assert.Single(await shell.Flow.InAsync(shell.Contoso.Bob)).Subject);
        Assert.Empty(await shell.Flow.InAsync(shell.Contoso.Ann));
    }

    [Fact]
    [Shows("7.1:F5", "6.1:Inbox-rule-redirect-forward-forward-as-attachmen")]
    public async Task Rules_of_the_organisation_and_of_the_mailbox_are_listed_disabled_and_removed()
    {
        var shell = await AdminShell.OpenAsync(lab);
        var contoso = shell.Contoso;
        await shell.Flow.ForwardAsync();
        await shell.RunAsync("New-TransportRule", new { Name = "No forwards", MessageTypeMatches = "AutoForward", RejectMessageReasonText = "Not outside." });
        await shell.Flow.WriteAsync("Rejected");
        Assert.Equal("AutoForward", (await shell.OneAsync("Get-TransportRule")).GetProperty("MessageTypeMatches").GetString());
        await shell.RunAsync("Disable-TransportRule", new { Identity = "No forwards" });
        await shell.Flow.WriteAsync("Passed");
        Assert.Equal("Passed", Assert.Single(await shell.Flow.InAsync(contoso.Bob)).Subject);
        Assert.Equal("Undeliverable: Rejected", Assert.Single(await shell.Flow.InAsync(contoso.Ann)).Subject);
        await shell.RunAsync("Remove-TransportRule", new { Identity = "No forwards" });
        Assert.Empty(await shell.RunAsync("Get-TransportRule"));

        await shell.RunAsync("Set-Mailbox", new { Identity = contoso.Support, ForwardingSmtpAddress = (string?)null });
        await shell.RunAsync("New-InboxRule", new { Mailbox = contoso.Support, Name = "To Bob", RedirectTo = contoso.Bob });
        await shell.Flow.WriteAsync("By rule");
        Assert.Equal("To Bob", (await shell.OneAsync("Get-InboxRule", new { Mailbox = contoso.Support })).GetProperty("Name").GetString());
        await shell.RunAsync("Remove-InboxRule", new { Mailbox = contoso.Support, Identity = "To Bob" });
        await shell.Flow.WriteAsync("Stays");
        Assert.Empty(await shell.RunAsync("Get-InboxRule", new { Mailbox = contoso.Support }));
        Assert.Equal(["By rule", "Passed"], (await shell.Flow.InAsync(contoso.Bob)).Select(m => m.Subject));
        Assert.Equal(400, (await shell.SendAsync("New-InboxRule", new { Mailbox = contoso.Support, Name = "Nothing" })).Status);
    }

    [Fact]
    [Shows("7.1:trace")]
    public async Task A_trace_tells_what_became_of_a_mail()
    {
        var shell = await AdminShell.OpenAsync(lab);
        var contoso = shell.Contoso;
        await shell.Flow.ForwardAsync(keepCopy: true);
        var id = await shell.Flow.WriteAsync();
        await shell.Flow.Control.SetAutoForwardingAsync(contoso.DirectoryId, "off", Cancel);
        await shell.Flow.WriteAsync("Second");

        var traced = (await shell.RunAsync("Get-MessageTraceV2", new { MessageId = $"<{id}>", RecipientAddress = contoso.Support })).Single();
        Assert.Equal(("My order", contoso.Ann), (traced.GetProperty("Subject").GetString(), traced.GetProperty("SenderAddress").GetString()));
        var details = await shell.RunAsync("Get-MessageTraceDetailV2",
            new { MessageTraceId = traced.GetProperty("MessageTraceId").GetString(), RecipientAddress = contoso.Support });
        Assert.Equal(["Deliver", "Redirect"], details.Select(d => d.GetProperty("Event").GetString()));
        Assert.Equal("Second", (await shell.OneAsync("Get-MessageTraceV2", new { Status = "Failed" })).GetProperty("Subject").GetString());
        Assert.Equal(400, (await shell.SendAsync("Get-MessageTraceV2", new { StartDate = "2026-01-01", EndDate = "2026-02-01" })).Status);
    }
}
