using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Apps.Certificates;

namespace Passerelle.Gateway.Tests.Api;

/// <summary>Proofs and ways to be authorised, as a program orders them.</summary>
public sealed class WaysTests
{
    [Fact]
    public async Task A_certificate_is_made_and_its_public_half_can_be_read_and_nothing_else()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (admin, app, _) = await AppAsync(gateway);
        using (admin)
        {
            using var made = await admin.PostAsync($"/api/v1/apps/{app}/certificates", null, LiveGateway.Cancel);
            var answer = await JsonAsync(made);
            Assert.True(answer.GetProperty("inUse").GetBoolean());
            using var certificate = X509Certificate2.CreateFromPem(answer.GetProperty("publicPart").GetString()!); // it is said above
            Assert.Equal(answer.GetProperty("thumbprint").GetString(), certificate.Thumbprint);
            var list = await admin.GetStringAsync($"/api/v1/apps/{app}/certificates", LiveGateway.Cancel);
            Assert.Contains(certificate.Thumbprint, list, StringComparison.Ordinal);
            Assert.DoesNotContain("PRIVATE", list, StringComparison.Ordinal);
            Assert.DoesNotContain("privateKey", list, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task An_uploaded_one_waits_until_it_is_used_and_a_bad_file_is_named()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (admin, app, _) = await AppAsync(gateway);
        using (admin)
        {
            (await admin.PostAsync($"/api/v1/apps/{app}/certificates", null, LiveGateway.Cancel)).Dispose();
            using var taken = await admin.PostAsJsonAsync($"/api/v1/apps/{app}/certificates/upload", new { file = SomeCertificate.Pfx("right"), password = "right" }, LiveGateway.Cancel);
            var answer = await JsonAsync(taken);
            Assert.Equal(("uploaded", false), (answer.GetProperty("origin").GetString(), answer.GetProperty("inUse").GetBoolean()));
            using var refused = await admin.PostAsJsonAsync($"/api/v1/apps/{app}/certificates/upload", new { file = SomeCertificate.Pfx("right"), password = "wrong" }, LiveGateway.Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("certificate-password", await refused.Content.ReadAsStringAsync(LiveGateway.Cancel), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Trying_an_app_that_nobody_authorised_says_who_must_do_what_and_a_draft_has_nothing_to_try()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (admin, app, organisation) = await AppAsync(gateway);
        using (admin)
        {
            using var draft = await admin.PostAsync($"/api/v1/apps/{app}/connection", null, LiveGateway.Cancel);
            Assert.Equal(HttpStatusCode.Conflict, draft.StatusCode);
            await SetAsync(gateway, organisation, "state = 'unauthorised'");
            using var tried = await admin.PostAsync($"/api/v1/apps/{app}/connection", null, LiveGateway.Cancel);
            var answer = await JsonAsync(tried);
            Assert.Equal("refused", answer.GetProperty("outcome").GetString());
            Assert.Equal("G3", answer.GetProperty("finding").GetProperty("setupStep").GetString());
        }
    }

    [Fact]
    public async Task A_code_for_another_device_is_asked_for_only_where_the_app_is_authorised_so()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (admin, app, organisation) = await AppAsync(gateway);
        using (admin)
        {
            await SetAsync(gateway, organisation, "state = 'unauthorised'");
            using var byCode = await admin.PostAsync($"/api/v1/apps/{app}/device-sign-in", null, LiveGateway.Cancel);
            Assert.Equal(HttpStatusCode.Conflict, byCode.StatusCode);
            using var nothing = await admin.PostAsync($"/api/v1/apps/{app}/device-sign-in/stop", null, LiveGateway.Cancel);
            Assert.Equal(HttpStatusCode.Conflict, nothing.StatusCode);
            using var state = JsonDocument.Parse(await admin.GetStringAsync($"/api/v1/apps/{app}/device-sign-in", LiveGateway.Cancel));
            Assert.Equal("none", state.RootElement.GetProperty("state").GetString());

            await PutWaitingAsync(gateway, organisation, app);
            using var stopped = await admin.PostAsync($"/api/v1/apps/{app}/device-sign-in/stop", null, LiveGateway.Cancel);
            Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
            var after = await admin.GetStringAsync($"/api/v1/apps/{app}/device-sign-in", LiveGateway.Cancel);
            Assert.Contains("\"state\":\"stopped\"", after, StringComparison.Ordinal);
            Assert.DoesNotContain("deviceCode", after, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_owners_link_is_shown_once_listed_without_its_secret_and_withdrawn()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (admin, app, organisation) = await AppAsync(gateway);
        using (admin)
        {
            await SetAsync(gateway, organisation, "state = 'unauthorised'");
            using var made = await admin.PostAsync($"/api/v1/apps/{app}/owner-links", null, LiveGateway.Cancel);
            var url = (await JsonAsync(made)).GetProperty("url").GetString()!; // it is an address
            Assert.StartsWith($"{LiveGateway.PublicUrl}/owner/", url, StringComparison.Ordinal);
            var list = await admin.GetStringAsync($"/api/v1/apps/{app}/owner-links", LiveGateway.Cancel);
            Assert.DoesNotContain(url.Split('/')[^1], list, StringComparison.Ordinal);
            using var links = JsonDocument.Parse(list);
            var link = Assert.Single(links.RootElement.EnumerateArray());
            Assert.Equal("open", link.GetProperty("state").GetString());

            using var withdrawn = await admin.PostAsJsonAsync($"/api/v1/apps/{app}/owner-links/withdraw", new { linkId = link.GetProperty("id").GetGuid() }, LiveGateway.Cancel);
            Assert.Equal(HttpStatusCode.NoContent, withdrawn.StatusCode);
            using var again = await admin.PostAsJsonAsync($"/api/v1/apps/{app}/owner-links/withdraw", new { linkId = link.GetProperty("id").GetGuid() }, LiveGateway.Cancel);
            Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        }
    }

    [Fact]
    public async Task An_administrators_link_leads_to_the_directorys_own_consent_page()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (admin, app, organisation) = await AppAsync(gateway);
        using (admin)
        {
            using var none = await admin.PostAsync($"/api/v1/apps/{app}/admin-consent", null, LiveGateway.Cancel);
            Assert.Equal(HttpStatusCode.Conflict, none.StatusCode);
            await SetAsync(gateway, organisation, "authorization_url = 'https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize', client_id = 'client-1'");
            using var made = await admin.PostAsync($"/api/v1/apps/{app}/admin-consent", null, LiveGateway.Cancel);
            var url = (await JsonAsync(made)).GetProperty("url").GetString();
            Assert.StartsWith("https://login.microsoftonline.com/contoso.example/v2.0/adminconsent?client_id=client-1", url, StringComparison.Ordinal);
        }
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(LiveGateway.Cancel);
    }

    private static async Task<(HttpClient Admin, Guid App, Guid Organisation)> AppAsync(LiveGateway gateway)
    {
        var (organisation, secret) = await gateway.OrganisationAsync("fabrikam");
        return (gateway.Browser(secret), (await gateway.Get<EmailApps>().OpenDraftAsync(organisation, LiveGateway.Cancel)).Id, organisation);
    }

    private static Task SetAsync(LiveGateway gateway, Guid organisation, string columns) => gateway.Get<IStore>().WriteAsync(
        Lane.Work, tx => tx.For(organisation).Execute($"UPDATE app SET {columns} WHERE organisation_id = @organisation"), LiveGateway.Cancel);

    /// <summary>As if a provider had given a code; it is asked about in an hour.</summary>
    private static Task PutWaitingAsync(LiveGateway gateway, Guid organisation, Guid app)
    {
        var now = gateway.Get<TimeProvider>().GetUtcNow();
        var row = new Passerelle.Gateway.Sending.Devices.DeviceSignIn
        {
            OrganisationId = organisation,
            AppId = app,
            Id = Guid.CreateVersion7(now),
            AppVersion = 1,
            DeviceCode = "sealed",
            UserCode = "ABCD2345",
            VerificationUrl = "https://login.contoso.example/device",
            Issuer = "",
            IntervalSeconds = 5,
            StartedAt = now,
            ExpiresAt = now.AddHours(2),
            NextPollAt = now.AddHours(1),
            State = Passerelle.Gateway.Sending.Devices.DeviceSignIn.Waiting,
        };
        return gateway.Get<IStore>().WriteAsync(
            Lane.Work,
            tx =>
            {
                row.Put(tx);
                return true;
            },
            LiveGateway.Cancel);
    }
}
