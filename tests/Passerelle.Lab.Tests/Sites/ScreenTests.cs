using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Sites;

/// <summary>The screens of facts §8: what stands on them, and what their buttons do.</summary>
public sealed class ScreenTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Shows("8:8.1", "8:8.2", "8:8.3")]
    public async Task A_registration_is_made_listed_and_shown_with_ids_that_cannot_be_confused()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/apps"), Cancel);
        Has(page, "New registration", "Endpoints", "All applications", "Created on", "Expiring soon|Current", "/oauth2/v2.0/token", "Groups");
        page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/apps/new"), Cancel);
        Has(page, "Accounts in this organizational directory only", "Personal Microsoft accounts only", "Public client/native", "Single-page application");
        page = await browser.SubmitAsync(page, "register",
            new() { ["name"] = "Desk", ["audience"] = "AzureADMyOrg", ["platform"] = "PublicClient", ["uri"] = "http://localhost" }, Cancel);
        Has(page, "Application (client) ID", "Object ID", "Directory (tenant) ID", "My organization only", "0 certificate, 0 secret", "0 web, 0 spa, 1 public client",
            "Managed application in local directory", "data-copy=\"enterprise-id\"");
    }

    [Fact, Guide("45")]
    public async Task A_deleted_registration_is_unknown_from_then_on()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/apps/{contoso.ClientId}"), Cancel);
        page = await browser.SubmitAsync(page, "delete", [], Cancel);
        Assert.DoesNotContain(contoso.ClientId.ToString(), page.Html, StringComparison.Ordinal);
        Assert.Equal("[700016]", (await lab.AppTokenAsync(contoso)).Text("error_codes"));
    }

    [Fact, Shows("8:8.4")]
    public async Task A_switch_unsaved_is_a_switch_unchanged_and_the_tick_changes_nothing_for_a_code()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/apps/{contoso.ClientId}/authentication"), Cancel);
        Has(page, "A tick has no effect until it is saved.", "Front-channel logout URL", "Allow public client flows");
        Assert.NotNull((await lab.SignInAsync(contoso)).Field("code"));
        Assert.Equal("unsupported_response_type", (await lab.SignInAsync(contoso, ("response_type", "token"))).Field("error"));
        page = await browser.SubmitAsync(page, "authentication", new() { ["access"] = "on" }, Cancel);
        Has(page, LabUnderTest.Callback);
        SignInEnd end = await lab.SignInAsync(contoso);
        Assert.Equal(200, (await lab.RedeemAsync(contoso, end.Field("code")!)).Status); // a failed sign-in fails here
        foreach (var bad in new[] { "http://gateway.example/x", "https://gateway.example/#x", "https://gateway.example/" + new string('x', 256) })
            Assert.Equal(400, (await browser.SubmitAsync(page, "authentication", new() { ["uris"] = bad }, Cancel)).Status);
    }

    [Guide("35", "37")]
    [Fact, Shows("8:8.5")]
    public async Task Certificates_and_secrets_has_three_tabs_and_shows_a_value_once()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        Uri address = At($"/identity/{contoso.DirectoryId}/apps/{contoso.ClientId}/secrets");
        SignInEnd page = await browser.OpenAsync(address, Cancel);
        Has(page, "Certificates (0)", "Client secrets (1)", "Federated credentials (0)", "Recommended: 180 days (6 months)", "730 days", "Custom", "Secret ID");
        page = await browser.SubmitAsync(page, "secret", new() { ["description"] = "wxconnect", ["days"] = "90" }, Cancel);
        Has(page, "id=\"secret-value\"");
        Assert.DoesNotContain("id=\"secret-value\"", (await browser.OpenAsync(address, Cancel)).Html, StringComparison.Ordinal);

        page = await browser.OpenAsync(new Uri(address, "?tab=federated"), Cancel);
        page = await browser.SubmitAsync(page, "federated",
            new() { ["name"] = "ci", ["issuer"] = "https://issuer.example", ["subject"] = "repo:one" }, Cancel);
        Has(page, "Federated credentials (1)", "repo:one");
        page = await browser.OpenAsync(new Uri(address, "?tab=certificates"), Cancel);
        Assert.Equal(400, (await browser.SubmitAsync(page, "certificate", new() { ["name"] = "x", ["pem"] = "not one" }, Cancel)).Status);
    }

    [Guide("38")]
    [Fact, Shows("8:8.6", "8:8.7", "8:8.8")]
    public async Task Exchange_is_found_by_search_its_Mail_Send_added_and_granted()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        Uri listed = At($"/identity/{contoso.DirectoryId}/apps/{contoso.ClientId}/permissions");
        Uri picker = new(listed + "/add?tab=organization&q=office%20365");
        Has(await browser.OpenAsync(picker, Cancel), "APIs my organization uses", "Office 365 Exchange Online", "Office 365 SharePoint Online");
        SignInEnd page = await browser.OpenAsync(new Uri(listed + $"/add?api={LabControl.Exchange}&kind=Application"), Cancel);
        Has(page, "Delegated permissions", "Application permissions", "Mail (", "Send mail as any user");
        page = await browser.SubmitAsync(page, "add", new() { ["add"] = $"{LabControl.Exchange}|Application|Mail.Send" }, Cancel);
        Has(page, "Not granted for Contoso", "User.Read");
        page = await browser.SubmitAsync(page, "listed", new() { ["add"] = $"{LabControl.Exchange}|Application|SMTP.SendAsApp" }, Cancel);
        page = await GrantOneAsync(browser, page, $"{LabControl.Exchange}|Application|SMTP.SendAsApp");
        Has(page, "✔ Granted for Contoso", "Not granted for Contoso"); // that row alone
        Assert.Equal(["SMTP.SendAsApp"], LabUnderTest.Read((await lab.AppTokenAsync(contoso)).Body).Claims.Where(c => c.Type == "roles").Select(c => c.Value));
        page = await browser.OpenAsync(new Uri(listed + "/consent"), Cancel);
        Has(page, "Yes", "No");
        page = await browser.SubmitAsync(page, "admin-consent", [], Cancel);
        Has(page, "Successfully granted admin consent for the requested permissions.", "✔ Granted for Contoso");
    }

    [Theory, Shows("8:8.9")]
    [InlineData("Never", false)]
    [InlineData("LowImpact", false)]
    [InlineData("Always", true)]
    [InlineData("MicrosoftManaged", true)]
    public async Task Each_consent_radio_does_to_SMTP_Send_what_it_says(string radio, bool users)
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/consent"), Cancel);
        await browser.SubmitAsync(page, "setting", new() { ["setting"] = radio }, Cancel);
        Assert.Equal(users, (await lab.SignInAsync(contoso)).Field("code") is not null);
    }

    [Fact, Shows("8:8.14")]
    public async Task What_is_classified_low_impact_users_may_grant_and_else_approval_is_needed()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/consent"), Cancel);
        var before = page.Html;
        await browser.SubmitAsync(page, "setting", new() { ["setting"] = "LowImpact" }, Cancel);
        SignInEnd approval = await lab.SignInAsync(contoso);
        Has(approval, "AADSTS90094");
        Assert.True(approval.Has("leave"));
        page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/classifications"), Cancel);
        await lab.Fixture.Control.SendAsync(HttpMethod.Patch, $"directories/{contoso.DirectoryId}",
            new { lowImpactScopes = new[] { "openid", "profile", "offline_access", "SMTP.Send" } }, Cancel);
        Assert.Equal(2, Regex.Count(before, "SMTP.Send: users may consent."));
        Assert.Equal(3, Regex.Count((await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/consent"), Cancel)).Html, "SMTP.Send: users may consent.")); // "for selected permissions" too
        Assert.NotNull((await lab.SignInAsync(contoso)).Field("code"));
        await browser.SubmitAsync(page, "classifications", new() { ["low"] = "openid" }, Cancel);
        await lab.Fixture.Control.RevokeGrantsAsync(contoso.DirectoryId, contoso.ClientId, Cancel); // what was granted would still hold
        Has(await lab.SignInAsync(contoso), "AADSTS90094");
    }

    [Fact, Shows("8:8.10", "8:8.11")]
    public async Task An_enterprise_app_is_switched_off_and_its_grants_are_revoked()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.GrantAsync(contoso);
        using LabBrowser browser = lab.Fixture.Browser();
        Uri address = At($"/identity/{contoso.DirectoryId}/enterprise/{contoso.ClientId}");
        SignInEnd page = await browser.OpenAsync(new Uri(address + "/permissions"), Cancel);
        Has(page, "Admin consent", "User consent", "SMTP.Send", contoso.Support);
        page = await browser.SubmitAsync(page, "revoke", [], Cancel);
        Assert.DoesNotContain("SMTP.Send", page.Html, StringComparison.Ordinal);
        page = await browser.OpenAsync(address, Cancel);
        Has(page, "Enabled for users to sign-in", "Assignment required", "Visible to users", "Object ID");
        await browser.SubmitAsync(page, "properties", [], Cancel);
        Assert.Equal("[7000116]", (await lab.AppTokenAsync(contoso)).Text("error_codes"));
    }

    [Fact, Shows("8:8.12")]
    public async Task The_sign_in_page_asks_for_name_and_password_and_then_for_consent()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(lab.Authorize(contoso), Cancel);
        Assert.True(page.Has("signin"));
        page = await browser.SubmitAsync(page, "signin", new() { ["login"] = contoso.Support, ["passwd"] = Contoso.Password }, Cancel);
        Assert.True(page.Has("consent"));
        Has(page, "Permissions requested", "unverified");
    }

    [Fact, Shows("8:8.16", "8:8.17", "8:8.18")]
    public async Task The_Mail_tab_counts_apps_and_tells_whether_mail_is_forwarded()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(await UserAddressAsync(contoso), Cancel);
        Has(page, "Mailbox storage", "50 GB", "Mailbox permissions", "Automatic replies", "Outlook on the web", "Outlook desktop (MAPI)", "Exchange web services",
            "Mobile (Exchange ActiveSync)", "IMAP", "Pop", "Authenticated SMTP", "Keep a copy of forwarded email in this mailbox", ">None<");
        page = await browser.SubmitAsync(page, "apps", new() { ["app"] = "Imap", ["smtp"] = "on" }, Cancel);
        Has(page, "2 apps allowed");
        page = await browser.SubmitAsync(page, "forwarding", new() { ["forward"] = "on", ["address"] = "a@gateway.example" }, Cancel);
        Has(page, ">Applied<", "a@gateway.example");
    }

    [Fact, Shows("8:8.16")]
    public async Task Mailbox_permissions_are_given_on_their_page_and_counted_on_the_Mail_tab()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        Uri address = await UserAddressAsync(contoso);
        Has(await browser.OpenAsync(address, Cancel), "Read and manage permissions (0)", "Send as permissions (0)", "Send on behalf of permissions (0)");
        JsonElement sales = await lab.Fixture.Control.SendAsync(HttpMethod.Get, $"directories/{contoso.DirectoryId}/users/{contoso.Sales}", null, Cancel);
        SignInEnd page = await browser.OpenAsync(new Uri(address + "/permissions"), Cancel);
        await browser.SubmitAsync(page, "rights", new() { ["send-as"] = sales.GetProperty("id").GetString()! }, Cancel); // every user has one
        Has(await browser.OpenAsync(address, Cancel), "Read and manage permissions (0)", "Send as permissions (1)");
    }

    [Fact, Shows("8:8.5")]
    public async Task A_certificate_is_uploaded_as_a_file()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        Uri address = At($"/identity/{contoso.DirectoryId}/apps/{contoso.ClientId}/secrets?tab=certificates");
        SignInEnd page = await browser.OpenAsync(address, Cancel);
        using var key = RSA.Create(2048);
        using X509Certificate2 certificate = new CertificateRequest("CN=gateway", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(lab.Now, lab.Now.AddDays(30));
        foreach (var file in new[] { certificate.RawData, Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()) })
        {
            using var form = new MultipartFormDataContent { { new StringContent("gateway"), "name" }, { new StringContent(""), "pem" } };
            form.Add(new StringContent(Regex.Match(page.Html, "name=\"forgery\" value=\"([^\"]*)\"").Groups[1].Value), "forgery");
            form.Add(new ByteArrayContent(file), "file", "gateway.cer");
            using HttpResponseMessage answer = await browser.Http.PostAsync(new Uri(address.GetLeftPart(UriPartial.Path) + "/certificates"), form, Cancel);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        }
        Has(await browser.OpenAsync(address, Cancel), "Certificates (2)", Convert.ToHexString(certificate.GetCertHash()));
    }

    [Theory, Shows("8:8.16")]
    [InlineData("sessions")]
    [InlineData("password")]
    public async Task Revoked_sessions_and_a_reset_password_cause_50173(string form)
    {
        Contoso contoso = await lab.NewLabAsync();
        JsonElement granted = await lab.GrantAsync(contoso);
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromMinutes(1), Cancel);
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(new Uri(await UserAddressAsync(contoso) + "/account"), Cancel);
        await browser.SubmitAsync(page, form, form == "password" ? new() { ["password"] = "another one" } : [], Cancel);
        Assert.Equal("[50173]", (await lab.RefreshAsync(contoso, granted.GetProperty("refresh_token").GetString()!)).Text("error_codes")); // GrantAsync asks for offline_access
    }

    [Fact, Shows("8:8.19", "8:8.20", "8:8.21")]
    public async Task Defender_Exchange_and_Entra_settings_are_saved()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(At($"/security/{contoso.DirectoryId}/outbound"), Cancel);
        Has(page, "Automatic means off today", "Automatic - System-controlled", "On - Forwarding is enabled", "Off - Forwarding is disabled", "Message limits");
        page = await browser.SubmitAsync(page, "custom", new() { ["policy"] = "Gateway forwarding", ["from"] = contoso.Support, ["mode"] = "On" }, Cancel);
        Has(page, "Gateway forwarding", contoso.Support);

        page = await browser.OpenAsync(At($"/admin/{contoso.DirectoryId}/mail-flow"), Cancel);
        Has(page, "Turn off SMTP AUTH protocol for your organization", "Turn on use of legacy TLS clients");
        await browser.SubmitAsync(page, "mail-flow", [], Cancel);
        page = await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/security-defaults"), Cancel);
        Has(page, "Disabled (not recommended)");
        await browser.SubmitAsync(page, "security-defaults", new() { ["defaults"] = "on" }, Cancel);
        JsonElement directory = await lab.Fixture.Control.SendAsync(HttpMethod.Get, $"directories/{contoso.DirectoryId}", null, Cancel);
        Assert.True(directory.GetProperty("smtpAuthEnabled").GetBoolean());
        Assert.True(directory.GetProperty("securityDefaults").GetBoolean());
    }

    [Fact]
    public async Task A_fault_is_armed_from_its_page_told_on_every_page_and_read_in_the_log()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        Has(await browser.OpenAsync(At($"/faults/{contoso.Lab}?q=AADSTS90033"), Cancel), "90033");
        SignInEnd page = await browser.OpenAsync(At($"/faults/{contoso.Lab}/arm?where=Token&code=90033"), Cancel);
        page = await browser.SubmitAsync(page, "arm", new() { ["often"] = "once", ["probability"] = "100" }, Cancel);
        Has(page, "1 more");
        Has(await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/apps"), Cancel), "may be wrong on purpose");
        Assert.Equal("[90033]", (await lab.AppTokenAsync(contoso)).Text("error_codes"));
        Assert.Equal(200, (await lab.AppTokenAsync(contoso)).Status);
        page = await browser.OpenAsync(At($"/log/{contoso.Lab}?area=fault"), Cancel);
        Has(page, "token: 90033", $"data-live=\"/log/{contoso.Lab}/live");
        Assert.DoesNotContain("may be wrong on purpose", (await browser.OpenAsync(At($"/identity/{contoso.DirectoryId}/apps"), Cancel)).Html, StringComparison.Ordinal);
        Has(await browser.OpenAsync(At($"/log/{contoso.Lab}/download?area=fault"), Cancel), "token: 90033");
    }

    /// <summary>The button of one row leads elsewhere than its form.</summary>
    private static Task<SignInEnd> GrantOneAsync(LabBrowser browser, SignInEnd page, string permission) => browser.SubmitAsync(
        page with { Address = new Uri(page.Address.GetLeftPart(UriPartial.Path) + "/grant") }, "listed", new() { ["grant"] = permission }, Cancel);

    /// <param name="texts">Each stands on the page; alternatives are parted by '|'.</param>
    private static void Has(SignInEnd page, params string[] texts)
    {
        var html = WebUtility.HtmlDecode(page.Html);
        foreach (var text in texts)
            Assert.True(text.Split('|').Any(one => html.Contains(one, StringComparison.Ordinal)), $"'{text}' is not on {page.Address}: {html}");
    }

    private Uri At(string path) => new(lab.Fixture.Endpoints.Http, path);

    private async Task<Uri> UserAddressAsync(Contoso contoso)
    {
        JsonElement user = await lab.Fixture.Control.SendAsync(HttpMethod.Get, $"directories/{contoso.DirectoryId}/users/{contoso.Support}", null, Cancel);
        return At($"/admin/{contoso.DirectoryId}/users/{user.GetProperty("id").GetString()}");
    }
}
