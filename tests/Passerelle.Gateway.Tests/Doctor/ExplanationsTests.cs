using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Doctor;

namespace Passerelle.Gateway.Tests.Doctor;

/// <summary>Texts as people copy them.</summary>
public sealed class ExplanationsTests
{
    [Theory]
    [InlineData("AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID. Trace ID: 0a Correlation ID: 0b", "E4")]
    [InlineData("Sorry, but we’re having trouble signing you in. AADSTS50011: The redirect URI 'https://x' specified in the request does not match", "E2")]
    [InlineData("AADSTS50105: Your administrator has configured the application", "E9")]
    [InlineData("AADSTS53009: a policy that came after us", "E10")]
    [InlineData("AADSTS659999: something about consent that came after us", "E6")]
    [InlineData("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled", "X3")]
    [InlineData("smtplib.SMTPAuthenticationError: (535, b'5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.", "X2")]
    [InlineData("Remote Server returned '550 5.7.520 Access denied, Your organization does not allow external forwarding. AS(7555)'", "F3")]
    [InlineData("550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy", "F5")]
    [InlineData("554 5.2.252 SendAsDenied; support@contoso.example not allowed to send as sales@contoso.example", "X5")]
    [InlineData("430 4.2.0 STOREDRV; mailbox logon failure; STOREDRV.Submission.Exception:ConnectionFailedTransientException", "X4")]
    [InlineData("554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message", "X6")]
    [InlineData("550 5.4.316 Message expired, connection refused(Socket error code 10061)", "F6")]
    [InlineData("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", "X1")]
    [InlineData("Status: 5.7.520", "F3")]
    [InlineData("Need admin approval\nPasserelle needs permission to access resources in your organization that only an admin can grant.", "E7")]
    [InlineData("error=access_denied&error_description=the+resource+owner+denied", "G3")]
    public void A_copied_text_leads_to_its_step(string text, string step)
    {
        var finding = Explanations.Of(text)[0];
        Assert.Equal((step, Finding.Wrong), (finding.SetupStep, finding.Result));
        Assert.NotEmpty(finding.Owner);
        Assert.NotEmpty(finding.Fix);
    }

    [Fact]
    public void A_whole_report_names_the_recipient_that_it_is_about()
    {
        var finding = Explanations.Of(
            """
            Delivery has failed to these recipients or groups:

            Final-Recipient: rfc822;suport@contoso.example
            Action: failed
            Status: 5.1.10
            Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup
            """)[0];
        Assert.Equal("Exchange knows no mailbox suport@contoso.example", finding.What?.ToString());
    }

    [Fact]
    public void The_raw_line_is_kept_with_its_trace_id() =>
        Assert.Contains("Trace ID: 4f2a", Explanations.Of("first line\nAADSTS700016: not found. Trace ID: 4f2a\nlast line")[0].Raw, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("It does not work. Please help! Version 10.0.1, 2026-11-28 10:15")]
    public void What_nobody_knows_is_not_guessed(string text) => Assert.Empty(Explanations.Of(text));

    [Fact]
    public void An_endless_text_costs_no_more_than_its_beginning() => Assert.Empty(Explanations.Of(new string('5', 1_000_000)));

    /// <summary>facts/microsoft365.md §11.2, row by row.</summary>
    [Theory]
    [InlineData("redirect", "E2")]
    [InlineData("secret", "E4")]
    [InlineData("token", "G3", "G1", "X4")]
    [InlineData("tenant", "X3")]
    [InlineData("mailbox", "X2")]
    [InlineData("send-as", "X5")]
    [InlineData("logon", "X4")]
    [InlineData("ninety-days", "G3")]
    [InlineData("one-day", "E3")]
    [InlineData("months", "E4")]
    [InlineData("password", "G3")]
    [InlineData("silence", "F3", "F1", "F6")]
    [InlineData("external", "F3")]
    [InlineData("twice", "G4")]
    [InlineData("spf", "F1")]
    [InlineData("approval", "E7", "E9")]
    public void A_symptom_leads_to_its_steps_the_likeliest_first(string key, params string[] steps) =>
        Assert.Equal(steps, Assert.Single(Symptoms.All, symptom => symptom.Key == key).Causes.Select(cause => cause.SetupStep).Distinct());

    [Fact]
    public void Every_symptom_leads_somewhere_and_no_two_share_an_address()
    {
        Assert.All(Symptoms.All, symptom => Assert.NotEmpty(symptom.Causes));
        Assert.Equal(Symptoms.All.Count, Symptoms.All.Select(symptom => symptom.Key).Distinct().Count());
    }
}
