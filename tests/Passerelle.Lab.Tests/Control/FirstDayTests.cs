using System.Text;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Control;

/// <summary>The posture of facts §10: what a learner meets in a new directory, in the order of that table, and the step that ends it.</summary>
public sealed class FirstDayTests(LabUnderTest lab)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Shows("5.4:535-5.7.139-Authentication-unsuccessful-SmtpClie~2", "5.4:535-5.7.139-Authentication-unsuccessful-user-is-", "2.6:50072-50079", "2.5:90094")]
    public async Task Switch_registration_and_consent_stand_before_the_first_mail_each_until_its_step()
    {
        FirstDay day = await FirstDay.NewAsync(lab, "firstsignin");
        Contoso directory = day.Directory;
        Assert.Contains("SmtpClientAuthentication is disabled for the Tenant", await day.SignInByPasswordAsync(), StringComparison.Ordinal);
        await day.Control.SetMailboxSmtpAuthAsync(directory.DirectoryId, directory.Support, true, Cancel); // X2
        Assert.Contains("security defaults policy", await day.SignInByPasswordAsync(), StringComparison.Ordinal); // so it is OAuth from here on

        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.SignInAsync(lab.Authorize(directory), directory.Support, Contoso.Password, Cancel);
        Assert.Contains("AADSTS50072:", page.Html, StringComparison.Ordinal);
        page = await browser.SubmitAsync(page, "enroll", [], Cancel); // E10
        Assert.True(page.Has("consent")); // SMTP.Send is the person's to give, as Microsoft manages it
        Assert.NotNull((await browser.SubmitAsync(page, "consent", new() { ["answer"] = "accept" }, Cancel)).Field("code"));

        (string, string?) more = ("scope", "openid Mail.Read");
        Assert.Contains("AADSTS90094:", (await lab.SignInAsync(directory, more)).Html, StringComparison.Ordinal);
        await day.Control.SetUserConsentAsync(directory.DirectoryId, "always", Cancel); // E7
        Assert.NotNull((await lab.SignInAsync(directory, more)).Field("code"));

        Assert.Equal("250", await day.SendAsync(await day.TokenAsync(), directory.Support, recipients: 1));
    }

    [Fact]
    public async Task Nothing_is_forwarded_outside_until_the_outbound_policy_says_on()
    {
        FirstDay day = await FirstDay.NewAsync(lab, "firstforward");
        Contoso directory = day.Directory;
        await day.Control.SetForwardingAsync(directory.DirectoryId, directory.Support, directory.Bob, keepCopy: true, Cancel);
        await day.Mail.WriteAsync(directory.Ann, directory.Support, "Too early", "x", Cancel);
        LabMailItem? report = await day.Mail.WaitAsync(directory.Ann, Soon, Cancel);
        Assert.NotNull(report);
        Assert.Contains("550 5.7.520", Encoding.UTF8.GetString(await day.Mail.RawAsync(report.Id, Cancel)), StringComparison.Ordinal);

        await day.Control.SetAutoForwardingAsync(directory.DirectoryId, "on", Cancel); // F3
        await day.Mail.WriteAsync(directory.Ann, directory.Support, "In time", "x", Cancel);
        Assert.NotNull(await day.Mail.WaitAsync(directory.Bob, Soon, Cancel, subject: "In time"));
    }

    [Fact]
    [Shows("5.5:550-5.7.236", "5.8:onmicrosoft.com-MOERA-sender", "5.5:550-5.7.233-Your-message-can-t-be-sent-because-y",
        "5.8:Tenant-external-recipients-TERRL-rolling-24-h")]
    public async Task A_hundred_recipients_outside_are_the_first_domains_limit_and_a_tenth_of_all_is_the_first_months()
    {
        FirstDay day = await FirstDay.NewAsync(lab, "firstlimits");
        Contoso directory = day.Directory;
        await day.Control.SetOrganisationSmtpAuthAsync(directory.DirectoryId, true, Cancel);
        await day.Control.SetSecurityDefaultsAsync(directory.DirectoryId, false, Cancel);
        var token = await day.TokenAsync();
        Assert.Equal("250", await day.SendAsync(token, directory.Support, 100));
        Assert.StartsWith("550 5.7.236 ", await day.SendAsync(token, directory.Support, 1), StringComparison.Ordinal);

        var own = $"support@{directory.Lab}.example"; // the custom domain
        await day.Control.SendAsync(HttpMethod.Post, $"directories/{directory.DirectoryId}/domains", new { name = $"{directory.Lab}.example" }, Cancel);
        await day.Control.SendAsync(HttpMethod.Put, $"directories/{directory.DirectoryId}/users/{directory.Support}/mailbox/proxy-addresses",
            new { addresses = new[] { own } }, Cancel);
        Assert.Equal(["250", "250"], [await day.SendAsync(token, own, 500), await day.SendAsync(token, own, 431)]); // 1,031 of two licences
        Assert.StartsWith("550 5.7.233 ", await day.SendAsync(token, own, 1), StringComparison.Ordinal);

        await day.Control.AdvanceAsync(directory.Lab, TimeSpan.FromDays(32), Cancel); // X6: a quarter, 2,578
        token = await day.TokenAsync();
        Assert.Equal(["250", "250", "250"], [await day.SendAsync(token, own, 500), await day.SendAsync(token, own, 500), await day.SendAsync(token, own, 500)]);
    }

    [Fact]
    public async Task A_directory_of_YAML_starts_as_one_of_the_control_API_does()
    {
        FirstDay day = await FirstDay.NewAsync(lab, "firstorder");
        await day.Control.SetYamlAsync("firstyaml", "directories: [ { displayName: firstyaml } ]", Cancel);
        JsonElement ordered = await DirectoryAsync(day.Directory.Lab);
        JsonElement written = await DirectoryAsync("firstyaml");
        string[] own = ["id", "displayName", "domains", "users", "registrations", "enterpriseApps", "submissionLimits"];
        foreach (JsonProperty setting in ordered.EnumerateObject().Where(p => !own.Contains(p.Name)))
            Assert.Equal((setting.Name, setting.Value.GetRawText()), (setting.Name, written.GetProperty(setting.Name).GetRawText()));
        Assert.Equal(["firstyaml.onmicrosoft.com"], written.GetProperty("domains").EnumerateArray().Select(d => d.GetString()));
        Assert.Equal(JsonValueKind.String, written.GetProperty("submissionLimits").GetProperty("since").ValueKind);
        Assert.Equal(JsonValueKind.String, ordered.GetProperty("submissionLimits").GetProperty("since").ValueKind);
    }

    private async Task<JsonElement> DirectoryAsync(string name) =>
        Assert.Single((await lab.Fixture.Control.ExportAsync(name, Cancel)).GetProperty("directories").EnumerateArray());
}
