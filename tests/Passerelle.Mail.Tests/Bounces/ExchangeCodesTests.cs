using System.Text.Json;
using Passerelle.Mail.Bounces.Reasons;

namespace Passerelle.Mail.Tests.Bounces;

/// <summary>Every code that Exchange Online puts into a report, as Microsoft's tables list them (corpora: ndr-codes-exchange).</summary>
public class ExchangeCodesTests
{
    /// <summary>"Generic error": Microsoft itself says that it means nothing certain.</summary>
    private const string SaysNothing = "onhold";

    [Fact]
    public void Every_code_of_exchange_has_a_class_and_a_reason()
    {
        List<string> wrong = [];
        foreach (JsonElement one in Corpora.Json("ndr-codes-exchange", "codes.json").EnumerateArray())
        {
            string status = one.GetProperty("status").GetString()!, words = one.GetProperty("description").GetString()!.Replace("`", "", StringComparison.Ordinal); // both are strings
            ReportedRecipient told = Assert.Single(Mails.Read(Report(status, words)).Reported);
            if (told.Status != status || told.Class != (one.GetProperty("permanent").GetBoolean() ? 5 : 4) || !BounceReasons.All.Contains(told.Reason) || told.Reason is SaysNothing or "undefined")
                wrong.Add($"{status} {words}: {told}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("5.7.606", "blocked")]
    [InlineData("5.7.649", "blocked")]
    [InlineData("5.7.705", "speeding")]
    [InlineData("5.7.708", "blocked")]
    [InlineData("4.7.650", "blocked")]
    [InlineData("5.7.233", "speeding")]
    [InlineData("5.2.252", "rejected")]
    [InlineData("5.1.10", "userunknown")]
    [InlineData("5.7.520", "policyviolation")]
    public void A_code_within_a_range_means_what_the_range_means(string status, string reason) =>
        Assert.Equal(reason, Assert.Single(Mails.Read(Report(status, "Access denied")).Reported).Reason);

    private static string Report(string status, string words) =>
        $"""
        From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@contoso.example>
        Subject: Undeliverable: Your order
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain

        Delivery has failed to these recipients or groups:

        nobody@fabrikam.example
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns;EUR01.prod.example

        Final-Recipient: rfc822;nobody@fabrikam.example
        Action: {(status[0] is '4' ? "delayed" : "failed")}
        Status: {status}
        Diagnostic-Code: smtp;{status[0]}50 {status} {words}
        --b--
        """;
}
