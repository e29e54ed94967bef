using System.Text.Json;
using MimeKit;
using Passerelle.Mail.Bounces;

namespace Passerelle.Mail.Tests;

public class BounceTests
{
    /// <summary>As Exchange Online writes it (facts/microsoft365.md §6.4).</summary>
    private const string ExchangeReport = """
        From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@contoso.example>
        To: support@contoso.example
        Subject: Undeliverable: Your order
        Auto-Submitted: auto-replied
        X-MS-Exchange-Message-Is-Ndr:
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain

        Delivery has failed.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns;EUR01.prod.example
        Arrival-Date: Mon, 15 Jul 2019 10:00:00 +0000

        Final-Recipient: rfc822;nobody@fabrikam.example
        Action: ACTION
        Status: STATUS
        Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not
         found by SMTP address lookup
        --b
        Content-Type: message/rfc822

        Message-ID: <letter@contoso.example>
        Subject: Your order

        Hello
        --b--
        """;

    [Theory]
    [InlineData("failed", "5.1.10", MailKind.Bounce, 5)]
    [InlineData("delayed", "4.4.1", MailKind.Delay, 4)]
    [InlineData("delivered", "2.0.0", MailKind.DeliveryNotice, 2)]
    [InlineData("relayed", "2.0.0", MailKind.DeliveryNotice, 2)]
    public void A_delivery_report_names_recipient_status_and_the_mail_it_is_about(string action, string status, MailKind kind, int @class)
    {
        ReadMail mail = Mails.Read(ExchangeReport.Replace("ACTION", action, StringComparison.Ordinal).Replace("STATUS", status, StringComparison.Ordinal));
        Assert.Equal((kind, Certainty.Sure), (mail.Kind, mail.Judgement.Certainty));
        ReportedRecipient told = Assert.Single(mail.Reported);
        Assert.Equal(("nobody@fabrikam.example", status, @class, "<letter@contoso.example>"), (told.Recipient, told.Status, told.Class, told.OriginalMessageId));
        Assert.EndsWith("found by SMTP address lookup", told.Diagnostic, StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_that_is_missing_is_taken_from_the_servers_words() =>
        Assert.Equal("5.1.10", Assert.Single(Mails.Read(ExchangeReport.Replace("Status: STATUS\n", "", StringComparison.Ordinal).Replace("ACTION", "failed", StringComparison.Ordinal)).Reported).Status);

    [Fact, Corpus]
    public void The_fields_of_every_report_are_read_as_the_corpus_expects()
    {
        var tally = new Tally("dsn-structure", "fields");
        foreach (var (file, expect) in Corpora.Cases("dsn-structure"))
        {
            using MimeMessage message = MimeMessage.Load(Path.Combine(Corpora.Folder("dsn-structure"), file), TestContext.Current.CancellationToken);
            DeliveryReport report = DeliveryReport.In(message)!;
            Assert.True(report is not null, file);
            if (expect.TryGetProperty("perMessage", out JsonElement fields) && fields.ValueKind is JsonValueKind.Object) Same(tally, file, fields, report.PerMessage);
            JsonElement[] recipients = [.. expect.GetProperty("perRecipient").EnumerateArray()];
            if (recipients.Length == 0) continue; // one report hides them in base64, which we read and the corpus' parser did not
            tally.Count(recipients.Length == report.PerRecipient.Count, () => $"{file}: {recipients.Length} recipients, {report.PerRecipient.Count} read");
            for (int i = 0; i < Math.Min(recipients.Length, report.PerRecipient.Count); i++) Same(tally, file, recipients[i], report.PerRecipient[i]);
        }
        tally.Reaches();
    }

    private static void Same(Tally tally, string file, JsonElement fields, HeaderList read)
    {
        foreach (JsonProperty field in fields.EnumerateObject())
            tally.Count(Flat(field.Value.GetString()!) == Flat(read[field.Name] ?? ""), () => $"{file} {field.Name}: {field.Value} / {read[field.Name]}");
    }

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
