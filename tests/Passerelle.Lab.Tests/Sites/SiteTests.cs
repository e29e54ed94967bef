using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Sites;

/// <summary>The guide's Microsoft steps through the pages alone, on plain http as a person would.</summary>
public sealed class SiteTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_guides_steps_are_done_through_the_pages()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/apps/new"), Cancel);
        page = await browser.SubmitAsync(page, "register", new() { ["name"] = "By hand", ["audience"] = "AzureADMyOrg", ["uri"] = LabUnderTest.Callback }, Cancel);
        var app = Regex.Match(page.Html, "id=\"client-id\">([0-9a-f-]{36})").Groups[1].Value;

        page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/apps/{app}/secrets"), Cancel);
        page = await browser.SubmitAsync(page, "secret", new() { ["description"] = "hand", ["days"] = "180" }, Cancel);
        var secret = WebUtility.HtmlDecode(Regex.Match(page.Html, "id=\"secret-value\">([^<]*)").Groups[1].Value);
        Assert.DoesNotContain(secret, (await browser.OpenAsync(page.Address, Cancel)).Html, StringComparison.Ordinal);

        Contoso byHand = contoso with { ClientId = Guid.Parse(app), ClientSecret = secret };
        Assert.Equal(200, (await lab.AppTokenAsync(byHand)).Status);
        SignInEnd end = await lab.SignInAsync(byHand);
        Assert.Equal(200, (await lab.RedeemAsync(byHand, end.Field("code")!)).Status); // a failed sign-in fails here
    }

    [Fact]
    public async Task A_tick_counts_when_it_is_saved()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/apps/{contoso.ClientId}/authentication"), Cancel);
        Assert.Equal("unsupported_response_type", (await lab.SignInAsync(contoso, ("response_type", "token"))).Field("error"));
        await browser.SubmitAsync(page, "authentication", new() { ["uris"] = LabUnderTest.Callback, ["access"] = "on" }, Cancel);
        Assert.NotNull((await lab.SignInAsync(contoso, ("response_type", "token"))).Field("access_token"));
    }

    [Fact]
    public async Task Authenticated_SMTP_and_forwarding_are_set_on_the_users_page()
    {
        Contoso contoso = await lab.NewLabAsync();
        JsonElement user = await UserAsync(contoso);
        using LabBrowser browser = lab.Fixture.Browser();
        Uri address = At($"/admin/{contoso.DirectoryId}/users/{user.GetProperty("id").GetString()}");
        SignInEnd page = await browser.OpenAsync(address, Cancel);
        page = await browser.SubmitAsync(page, "apps", new() { ["smtp"] = "on" }, Cancel);
        await browser.SubmitAsync(page, "forwarding", new() { ["forward"] = "on", ["address"] = "a@gateway.example", ["keep"] = "on" }, Cancel);
        JsonElement mailbox = (await UserAsync(contoso)).GetProperty("mailbox");
        Assert.True(mailbox.GetProperty("smtpAuthEnabled").GetBoolean());
        Assert.Equal("a@gateway.example", mailbox.GetProperty("forwardingSmtpAddress").GetString());
        Assert.True(mailbox.GetProperty("keepCopy").GetBoolean());

        Assert.Equal(6, mailbox.GetProperty("blockedApps").GetArrayLength());

        SignInEnd refused = await browser.SubmitAsync(page, "forwarding", new() { ["forward"] = "on", ["address"] = "" }, Cancel);
        Assert.Equal(400, refused.Status);
        Assert.Contains($"href=\"{page.Address.AbsolutePath}\"", refused.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Admin_consent_and_the_consent_setting_are_pages_too()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/consent"), Cancel);
        await browser.SubmitAsync(page, "setting", new() { ["setting"] = "Never" }, Cancel);
        Assert.Contains("AADSTS90094", (await lab.SignInAsync(contoso)).Html, StringComparison.Ordinal);

        await lab.Fixture.Control.SetPermissionsAsync(contoso.DirectoryId, contoso.ClientId,
            [
                .. new[] { "SMTP.Send", "openid", "profile", "offline_access" }.Select(n => (LabControl.Graph, n, "delegated")),
                (LabControl.Exchange, "Mail.Send", "application"),
            ], Cancel);
        page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/apps/{contoso.ClientId}/permissions"), Cancel);
        Assert.Single(Regex.Matches(page.Html, "Not granted for Contoso")); // what a person may grant for himself has no warning
        page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/apps/{contoso.ClientId}/permissions/consent"), Cancel);
        Assert.Contains("Do you want to grant consent for the requested permissions for all accounts in Contoso?", page.Html, StringComparison.Ordinal);
        page = await browser.SubmitAsync(page, "admin-consent", [], Cancel);
        Assert.Contains("Successfully granted admin consent", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Not granted", page.Html, StringComparison.Ordinal);
        Assert.NotNull((await lab.SignInAsync(contoso)).Field("code"));
    }

    [Fact]
    public async Task Forwarding_outside_is_allowed_on_the_security_page()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        Uri address = At($"/security/{contoso.DirectoryId}/outbound");
        foreach (var mode in new[] { "Off", "Automatic", "On" })
        {
            SignInEnd page = await browser.SubmitAsync(await browser.OpenAsync(address, Cancel), "outbound", new() { ["mode"] = mode }, Cancel);
            Assert.Contains($"<option value=\"{mode}\" selected>", page.Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_language_of_the_page()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/apps/{contoso.ClientId}/authentication?lang=fr"), Cancel);
        page = await browser.SubmitAsync(page, "authentication", new() { ["uris"] = "http://gateway.example/back" }, Cancel);
        Assert.Contains("doit commencer par https:// ou http://localhost", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sign_in_page_keeps_its_request_when_the_language_is_changed()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(lab.Authorize(contoso), Cancel);
        var french = WebUtility.HtmlDecode(Regex.Match(page.Html, "href=\"([^\"]*)\" lang=\"fr\"").Groups[1].Value);
        page = await browser.OpenAsync(new Uri(page.Address, french), Cancel);
        Assert.True(page.Has("signin"));
        Assert.Contains("Mot de passe", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_speak_French_and_carry_their_style()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/apps?lang=fr"), Cancel);
        Assert.Contains("Inscriptions d'applications", WebUtility.HtmlDecode(page.Html), StringComparison.Ordinal);
        Assert.Equal(200, (await browser.OpenAsync(At("/assets/lab.css"), Cancel)).Status);
        Assert.Contains(contoso.DirectoryId.ToString(), (await browser.OpenAsync(At("/"), Cancel)).Html, StringComparison.Ordinal);
        Assert.Equal(404, (await browser.OpenAsync(At("/identity/nobody.example/apps"), Cancel)).Status);
    }

    [Fact]
    public async Task A_form_without_the_pages_token_changes_nothing()
    {
        Contoso contoso = await lab.NewLabAsync();
        using HttpClient client = lab.Fixture.Client(followRedirects: false, cookies: true);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["setting"] = "Always" });
        using HttpResponseMessage answer = await client.PostAsync(At($"/identity/{contoso.DirectoryId}/consent"), form, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private Uri At(string path) => new(lab.Fixture.Endpoints.Http, path);

    private Task<JsonElement> UserAsync(Contoso contoso) =>
        lab.Fixture.Control.SendAsync(HttpMethod.Get, $"directories/{contoso.DirectoryId}/users/{contoso.Support}", null, Cancel);
}
