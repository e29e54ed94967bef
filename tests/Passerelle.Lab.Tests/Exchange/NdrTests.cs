using System.Text.Json;
using MimeKit;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Tests.Exchange;

/// <summary>Reports in Exchange's form (facts §6.4).</summary>
public class NdrTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Shows("5.5:550-5.1.1-5.1.10-RESOLVER.ADR.RecipientNotFound-")]
    public async Task A_report_has_three_parts_and_the_words_of_the_service()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        var contoso = flow.Contoso;
        await flow.Flow.SetAsync(new { edgeBlocking = false }, Cancel);
        var id = await flow.WriteAsync(to: "nobody@" + contoso.Domain);

        var (recipient, mail) = await flow.ReportToAsync(contoso.Ann);
        const string reply = "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup";
        Assert.Equal("Undeliverable: My order", mail.Subject);
        Assert.Equal($"postmaster@{contoso.Domain.Split('.')[0]}.onmicrosoft.com", mail.From.Mailboxes.Single().Address);
        Assert.Equal(("auto-replied", ""), (mail.Headers["Auto-Submitted"], mail.Headers["X-MS-Exchange-Message-Is-Ndr"]));
        Assert.Equal(($"<{id}>", $"<{id}>", "<>"), (mail.Headers["In-Reply-To"], mail.Headers["References"], mail.Headers["Return-Path"]));
        Assert.Equal(("failed", "5.1.10", "smtp;" + reply), (recipient["Action"], recipient["Status"], recipient["Diagnostic-Code"]));
        Assert.Equal(("rfc822;nobody@" + contoso.Domain, "nobody@" + contoso.Domain), (recipient["Final-Recipient"], recipient["X-Display-Name"]));
        Assert.Null(recipient["Remote-MTA"]);
        var report = Assert.IsType<MultipartReport>(mail.Body);
        Assert.Equal("delivery-status", report.ReportType);
        Assert.Equal("Content-Type", Assert.IsType<MultipartAlternative>(report[0]).ContentType.Parameters["differences"]);
        var perMessage = Assert.IsType<MessageDeliveryStatus>(report[1]).StatusGroups[0];
        Assert.StartsWith("dns;", perMessage["Reporting-MTA"], StringComparison.Ordinal);
        Assert.StartsWith("dns;", perMessage["Received-From-MTA"], StringComparison.Ordinal);
        Assert.Equal(id, Assert.IsType<MessagePart>(report[2]).Message?.MessageId);
        foreach (var words in new[] { "Delivery has failed to these recipients or groups:", "Diagnostic information for administrators:", "Generating server: ", $"Remote Server returned '{reply}'", "Original message headers:" })
            Assert.Contains(words, mail.TextBody, StringComparison.Ordinal);
        foreach (var words in new[] { "How to Fix It", "More Info for Email Admins", "Original Message Details", "Error Details", "Message Hops", "RELAY TIME" })
            Assert.Contains(words, mail.HtmlBody, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false, "5.2.2", "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded")]
    [InlineData(false, true, "5.2.1", "554 5.2.1 mailbox disabled; STOREDRV.Deliver.Exception:AccountDisabledException.MapiExceptionAccountDisabled")]
    public async Task A_mailbox_that_cannot_take_the_mail_is_reported(bool full, bool disabled, string status, string reply)
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.Flow.SetMailboxStateAsync(flow.Contoso.Support, full, disabled, Cancel);
        await flow.WriteAsync();

        var (recipient, _) = await flow.ReportToAsync(flow.Contoso.Ann);
        Assert.Equal(status, recipient["Status"]);
        Assert.StartsWith("smtp;" + reply, recipient["Diagnostic-Code"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_mailbox_that_keeps_no_copy_still_forwards()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.ForwardAsync(keepCopy: false);
        await flow.Flow.SetMailboxStateAsync(flow.Contoso.Support, full: true, disabled: false, Cancel);
        await flow.WriteAsync();

        Assert.Single(await flow.InAsync(flow.Contoso.Bob));
    }

    [Fact]
    public async Task A_member_of_the_organisation_hears_from_Microsoft_Outlook()
    {
        var flow = await MailFlowLab.NewAsync(lab);
        await flow.Mail.WriteAsync(flow.Contoso.Support, "nobody@" + flow.Contoso.Domain, "Hello", "x", Cancel);

        var (_, mail) = await flow.ReportToAsync(flow.Contoso.Support);
        var from = mail.From.Mailboxes.Single();
        Assert.Equal("Microsoft Outlook", from.Name);
        Assert.Matches(@"^MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@.+\.onmicrosoft\.com$", from.Address);
    }

    [Fact]
    public void Every_code_that_the_vendor_documents_for_reports_is_explained()
    {
        var corpus = Path.Combine(AppContext.BaseDirectory, "../../../../../../shared/corpora/ndr-codes-exchange/codes.json");
        Assert.SkipUnless(File.Exists(corpus), "no ../shared beside the repository");
        var statuses = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(corpus)).EnumerateArray()
            .Select(code => code.GetProperty("status").GetString());
        Assert.All(statuses, status => Assert.NotNull(NdrCodes.Of($"{status?[0]}50 {status} x")));
    }
}
