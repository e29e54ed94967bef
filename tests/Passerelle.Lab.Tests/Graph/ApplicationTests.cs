using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Graph;

/// <summary>The Azure steps of the guide, automated (facts §4.1): each call does what it says in the directory.</summary>
public sealed class ApplicationTests(LabUnderTest lab)
{
    private const string SmtpSend = "258f6531-6087-4cc4-bb90-092c5fb3ed3f";
    private const string SendAsApp = "7146a1f0-8703-45b3-9eae-527a64c00995";

    [Fact, Shows("4.1:E1-E2-E3-E5")]
    public async Task An_application_is_registered_with_its_redirects_ticks_and_permissions()
    {
        GraphLab graph = await ManagerAsync();
        Answer made = await MakeAsync(graph);
        Assert.Equal("https://graph.microsoft.com/v1.0/$metadata#applications/$entity", made.Get("@odata.context"));
        Assert.NotEqual(made.Get("id"), made.Get("appId"));
        Assert.Equal((graph.Contoso.Domain, "AzureADMyOrg"), (made.Get("publisherDomain"), made.Get("signInAudience")));
        Assert.Equal(JsonValueKind.Null, made.Body.GetProperty("api").GetProperty("requestedAccessTokenVersion").ValueKind);

        JsonElement state = await ExportAsync(graph, made.Get("appId"));
        Assert.Equal("https://gw.example.com/oauth/callback", state.GetProperty("redirectUris")[0].GetProperty("uri").GetString());
        Assert.True(state.GetProperty("implicitAccessTokens").GetBoolean());
        Assert.Equal(["SMTP.Send", "SMTP.SendAsApp"], state.GetProperty("permissions").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        Answer read = (await graph.GetAsync($"/applications/{made.Get("id")}")).Is(200);
        Assert.Equal(made.Body.GetProperty("requiredResourceAccess").ToString(), read.Body.GetProperty("requiredResourceAccess").ToString());
    }

    [Fact]
    public async Task Registering_makes_no_service_principal_yet()
    {
        GraphLab graph = await ManagerAsync();
        Answer made = await MakeAsync(graph);
        (await graph.GetAsync($"/servicePrincipals(appId='{made.Get("appId")}')")).Is(404);
    }

    [Fact, Shows("4.1:change")]
    public async Task A_registration_is_changed_under_either_of_its_ids_and_the_rest_stays()
    {
        GraphLab graph = await ManagerAsync();
        Answer made = await MakeAsync(graph);
        (await graph.PatchAsync($"/applications/{made.Get("id")}", new { displayName = "Renamed" })).Is(204);
        (await graph.PatchAsync($"/applications(appId='{made.Get("appId")}')", new { web = new { redirectUris = new[] { "https://gw.example.com/second" } } })).Is(204);
        Answer read = await graph.GetAsync($"/applications(appId='{made.Get("appId")}')");
        Assert.Equal("Renamed", read.Get("displayName"));
        Assert.Equal("""["https://gw.example.com/second"]""", read.Body.GetProperty("web").GetProperty("redirectUris").ToString());
        Assert.True(read.Body.GetProperty("web").GetProperty("implicitGrantSettings").GetProperty("enableAccessTokenIssuance").GetBoolean());
    }

    [Fact, Shows("4.1:E4", "4.1:remove")]
    public async Task A_secret_shows_its_value_once_proves_the_application_and_is_taken_away_by_its_key_id()
    {
        GraphLab graph = await ManagerAsync();
        Contoso contoso = graph.Contoso;
        Answer app = await graph.GetAsync($"/applications(appId='{contoso.ClientId}')");
        Answer made = (await graph.PostAsync($"/applications/{app.Get("id")}/addPassword",
            new { passwordCredential = new { displayName = "gateway 2026" } })).Is(200);
        var value = made.Get("secretText");
        Assert.Matches("^[A-Za-z0-9]{3}8Q~[A-Za-z0-9._~-]{34}$", value);
        Assert.Equal((value[..3], "gateway 2026"), (made.Get("hint"), made.Get("displayName")));
        Assert.NotEqual(value, made.Get("keyId"));
        Assert.Equal(200, (await TokenAsync(contoso, value)).Status);

        JsonElement listed = (await graph.GetAsync($"/applications/{app.Get("id")}?$select=passwordCredentials")).Body.GetProperty("passwordCredentials");
        JsonElement kept = Assert.Single(listed.EnumerateArray(), p => p.GetProperty("keyId").GetString() == made.Get("keyId"));
        Assert.Equal(JsonValueKind.Null, kept.GetProperty("secretText").ValueKind);

        (await graph.PostAsync($"/applications/{app.Get("id")}/removePassword", new { keyId = made.Get("keyId") })).Is(204);
        (await TokenAsync(contoso, value)).IsRefused(401, 7000215, "invalid_client");
        (await graph.PostAsync($"/applications/{app.Get("id")}/removePassword", new { keyId = made.Get("keyId") })).Is(400);
    }

    [Fact, Shows("4.1:E4b")]
    public async Task Certificates_and_federations_are_added_replaced_and_removed()
    {
        GraphLab graph = await ManagerAsync();
        Answer made = await MakeAsync(graph);
        var path = $"/applications/{made.Get("id")}";
        using RSA key = RSA.Create(2048);
        (await graph.PatchAsync(path, new { keyCredentials = new[] { Key(key, "first") } })).Is(204);
        JsonElement first = Assert.Single((await graph.GetAsync(path)).Body.GetProperty("keyCredentials").EnumerateArray());
        Assert.Equal(("first", "AsymmetricX509Cert"), (first.GetProperty("displayName").GetString(), first.GetProperty("type").GetString()));

        using RSA next = RSA.Create(2048);
        Answer added = (await graph.PostAsync(path + "/addKey", new { keyCredential = Key(next, "second"), proof = Proof(key, made.Get("id")) })).Is(200);
        Assert.Equal(2, (await graph.GetAsync(path)).Body.GetProperty("keyCredentials").GetArrayLength());
        (await graph.PostAsync(path + "/addKey", new { keyCredential = Key(next, "third"), proof = Proof(RSA.Create(2048), made.Get("id")) }))
            .IsRefused(401, "Authentication_MissingOrMalformed", "Access Token missing or malformed.");
        (await graph.PostAsync(path + "/removeKey", new { keyId = added.Get("keyId"), proof = Proof(key, made.Get("id")) })).Is(204);
        (await graph.PatchAsync(path, new { keyCredentials = Array.Empty<object>() })).Is(204);
        Assert.Equal(0, (await graph.GetAsync(path)).Body.GetProperty("keyCredentials").GetArrayLength());

        Answer federation = (await graph.PostAsync(path + "/federatedIdentityCredentials", new
        {
            name = "ci",
            issuer = "https://issuer.example",
            subject = "repo:contoso/gateway",
            audiences = new[] { "api://AzureADTokenExchange" },
        })).Is(201);
        Assert.Equal("repo:contoso/gateway", federation.Get("subject"));
        Assert.Single((await graph.GetAsync(path + "/federatedIdentityCredentials")).Value);
        (await graph.DeleteAsync($"{path}/federatedIdentityCredentials/{federation.Get("id")}")).Is(204);
        Assert.Empty((await graph.GetAsync(path + "/federatedIdentityCredentials")).Value);
    }

    [Fact, Shows("4.1:service-principal")]
    public async Task A_service_principal_is_made_from_the_app_id_once()
    {
        GraphLab graph = await ManagerAsync();
        Answer app = await MakeAsync(graph);
        Answer made = (await graph.PostAsync("/servicePrincipals", new { appId = app.Get("appId") })).Is(201);
        Assert.NotEqual(app.Get("id"), made.Get("id"));
        Assert.Equal(graph.Contoso.DirectoryId.ToString(), made.Get("appOwnerOrganizationId"));
        (await graph.PostAsync("/servicePrincipals", new { appId = app.Get("appId") })).Is(409);
        (await graph.PostAsync("/servicePrincipals", new { appId = "0193a000-0000-7000-8000-00000000dead" })).Is(400);
    }

    [Fact, Shows("4.1:look-up-Exchange")]
    public async Task Exchange_is_looked_up_with_what_it_offers_and_nothing_else()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Application.Read.All");
        Answer read = (await graph.GetAsync($"/servicePrincipals(appId='{LabControl.Exchange}')?$select=id,appRoles,oauth2PermissionScopes")).Is(200);
        Assert.Equal(["@odata.context", "appRoles", "id", "oauth2PermissionScopes"], read.Body.EnumerateObject().Select(p => p.Name).Order());
        Answer found = (await graph.GetAsync($"/servicePrincipals?$filter=appId eq '{LabControl.Exchange}'")).Is(200);
        Assert.Equal(read.Get("id"), Assert.Single(found.Value).GetProperty("id").GetString());
    }

    [Fact, Shows("4.1:E6-app-role", "3.9:Delegated-consent-creates-an-oauth2PermissionGra")]
    public async Task An_assigned_role_is_in_the_next_token_and_is_refused_twice_and_when_unknown()
    {
        GraphLab graph = await ManagerAsync();
        var (client, exchange) = await PrincipalsAsync(graph);
        object order = new { principalId = client, resourceId = exchange, appRoleId = SendAsApp };
        Answer made = (await graph.PostAsync($"/servicePrincipals/{exchange}/appRoleAssignedTo", order)).Is(201);
        Assert.Equal(("ServicePrincipal", "Office 365 Exchange Online"), (made.Get("principalType"), made.Get("resourceDisplayName")));
        Assert.Contains("SMTP.SendAsApp", LabUnderTest.Read((await lab.AppTokenAsync(graph.Contoso)).Body).GetPayloadValue<string[]>("roles"));

        (await graph.PostAsync($"/servicePrincipals/{client}/appRoleAssignments", order))
            .IsRefused(400, "Request_BadRequest", "Permission being assigned already exists on the object");
        (await graph.PostAsync($"/servicePrincipals/{exchange}/appRoleAssignedTo", new { principalId = client, resourceId = exchange, appRoleId = SmtpSend }))
            .IsRefused(400, "Request_BadRequest", "Permission being assigned was not found on application.");

        Assert.Contains((await graph.GetAsync($"/servicePrincipals/{client}/appRoleAssignments")).Value, a => a.GetProperty("id").GetString() == made.Get("id"));
        (await graph.DeleteAsync($"/servicePrincipals/{exchange}/appRoleAssignedTo/{made.Get("id")}")).Is(204);
        Assert.False(LabUnderTest.Read((await lab.AppTokenAsync(graph.Contoso)).Body).TryGetPayloadValue("roles", out string[] _));
    }

    [Fact, Shows("4.1:E6-delegated", "3.9:Delegated-consent-creates-an-oauth2PermissionGra")]
    public async Task A_grant_for_everybody_spares_the_consent_page_and_one_for_a_person_only_that_persons()
    {
        GraphLab graph = await ManagerAsync();
        var (client, exchange) = await PrincipalsAsync(graph);
        Answer all = (await graph.PostAsync("/oauth2PermissionGrants", Grant(client, exchange, "AllPrincipals", null, "SMTP.Send"))).Is(201);
        Assert.Equal(("AllPrincipals", "SMTP.Send"), (all.Get("consentType"), all.Get("scope")));
        SignInEnd end = await SilentAsync(graph.Contoso, graph.Contoso.Support);
        Assert.NotNull(end.Field("code"));

        (await graph.DeleteAsync($"/oauth2PermissionGrants/{all.Get("id")}")).Is(204);
        Assert.Null((await SilentAsync(graph.Contoso, graph.Contoso.Support)).Field("code"));

        Answer person = (await graph.GetAsync($"/users/{graph.Contoso.Support}?$select=id")).Is(200);
        (await graph.PostAsync("/oauth2PermissionGrants", Grant(client, exchange, "Principal", person.Get("id"), "SMTP.Send"))).Is(201);
        Assert.NotNull((await SilentAsync(graph.Contoso, graph.Contoso.Support)).Field("code"));
        Assert.Null((await SilentAsync(graph.Contoso, graph.Contoso.Sales)).Field("code"));
    }

    [Fact, Shows("4.1:extend-grant")]
    public async Task A_grant_is_extended_and_read_back()
    {
        GraphLab graph = await ManagerAsync();
        var (client, exchange) = await PrincipalsAsync(graph);
        Answer made = (await graph.PostAsync("/oauth2PermissionGrants", Grant(client, exchange, "AllPrincipals", null, "SMTP.Send"))).Is(201);
        (await graph.PatchAsync($"/oauth2PermissionGrants/{made.Get("id")}", new { scope = "SMTP.Send IMAP.AccessAsUser.All" })).Is(204);
        Answer read = (await graph.GetAsync($"/oauth2PermissionGrants/{made.Get("id")}")).Is(200);
        Assert.Equal("SMTP.Send IMAP.AccessAsUser.All", read.Get("scope"));
        Assert.Contains((await graph.GetAsync($"/oauth2PermissionGrants?$filter=clientId eq '{client}'")).Value, g => g.GetProperty("id").GetString() == made.Get("id"));
        (await graph.PostAsync("/oauth2PermissionGrants", Grant(client, exchange, "AllPrincipals", null, "SMTP.Send"))).Is(409);
    }

    [Fact, Shows("4.1:E9")]
    public async Task A_disabled_service_principal_gets_no_token()
    {
        GraphLab graph = await ManagerAsync();
        var (client, _) = await PrincipalsAsync(graph);
        (await graph.PatchAsync($"/servicePrincipals/{client}", new { accountEnabled = false, appRoleAssignmentRequired = true })).Is(204);
        Assert.NotEqual(200, (await lab.AppTokenAsync(graph.Contoso)).Status);
        (await graph.PatchAsync($"/servicePrincipals/{client}", new { accountEnabled = true, appRoleAssignmentRequired = false })).Is(204);
        Assert.Equal(200, (await lab.AppTokenAsync(graph.Contoso)).Status);
    }

    [Fact]
    public async Task Deleting_the_registration_takes_its_service_principal_along()
    {
        GraphLab graph = await ManagerAsync();
        Answer made = await MakeAsync(graph);
        (await graph.PostAsync("/servicePrincipals", new { appId = made.Get("appId") })).Is(201);
        (await graph.DeleteAsync($"/applications/{made.Get("id")}")).Is(204);
        (await graph.GetAsync($"/applications/{made.Get("id")}")).Is(404);
        (await graph.GetAsync($"/servicePrincipals(appId='{made.Get("appId")}')")).Is(404);
    }

    [Fact]
    public async Task The_role_for_ones_own_applications_reaches_no_other()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Application.ReadWrite.OwnedBy");
        Answer own = (await graph.PostAsync("/applications", new { displayName = "Mine" })).Is(201);
        (await graph.PatchAsync($"/applications/{own.Get("id")}", new { displayName = "Still mine" })).Is(204);
        (await graph.PatchAsync($"/applications(appId='{graph.Contoso.ClientId}')", new { displayName = "Not mine" }))
            .IsRefused(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    }

    private Task<GraphLab> ManagerAsync() => GraphLab.OfAppAsync(lab,
        "Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All", "User.Read.All");

    private static async Task<Answer> MakeAsync(GraphLab graph) => (await graph.PostAsync("/applications", new
    {
        displayName = "Email gateway",
        signInAudience = "AzureADMyOrg",
        web = new
        {
            redirectUris = new[] { "https://gw.example.com/oauth/callback" },
            implicitGrantSettings = new { enableAccessTokenIssuance = true, enableIdTokenIssuance = false },
        },
        requiredResourceAccess = new object[]
        {
            new { resourceAppId = LabControl.Graph, resourceAccess = new[] { new { id = SmtpSend, type = "Scope" } } },
            new { resourceAppId = LabControl.Exchange, resourceAccess = new[] { new { id = SendAsApp, type = "Role" } } },
        },
    })).Is(201);

    private static async Task<(string Client, string Exchange)> PrincipalsAsync(GraphLab graph) => (
        (await graph.GetAsync($"/servicePrincipals(appId='{graph.Contoso.ClientId}')")).Get("id"),
        (await graph.GetAsync($"/servicePrincipals(appId='{LabControl.Exchange}')")).Get("id"));

    private static object Grant(string client, string resource, string type, string? person, string scope) =>
        new { clientId = client, consentType = type, principalId = person, resourceId = resource, scope };

    /// <summary>Signs in and refuses whatever is asked: a code means that nothing was asked.</summary>
    private async Task<SignInEnd> SilentAsync(Contoso contoso, string login)
    {
        using LabBrowser browser = lab.Fixture.Browser();
        return await browser.SignInAsync(lab.Authorize(contoso, ("scope", "https://outlook.office.com/SMTP.Send")), login, Contoso.Password,
            consent: false, GraphLab.Cancel);
    }

    private Task<TokenAnswer> TokenAsync(Contoso contoso, string secret) => lab.AppTokenAsync(contoso, ("client_secret", secret));

    private async Task<JsonElement> ExportAsync(GraphLab graph, string clientId) => (await lab.Fixture.Control.SendAsync(
        HttpMethod.Get, $"directories/{graph.Contoso.DirectoryId}/apps/{clientId}", null, GraphLab.Cancel)).Clone();

    private object Key(RSA key, string name)
    {
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(lab.Now.AddDays(-1), lab.Now.AddDays(30));
        return new { type = "AsymmetricX509Cert", usage = "Verify", displayName = name, key = Convert.ToBase64String(certificate.RawData) };
    }

    private string Proof(RSA key, string issuer) => new Microsoft.IdentityModel.JsonWebTokens.JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }
        .CreateToken(JsonSerializer.Serialize(new
        {
            aud = "00000002-0000-0000-c000-000000000000",
            iss = issuer,
            nbf = lab.Now.ToUnixTimeSeconds(),
            exp = lab.Now.AddMinutes(5).ToUnixTimeSeconds(),
        }), new Microsoft.IdentityModel.Tokens.SigningCredentials(new Microsoft.IdentityModel.Tokens.RsaSecurityKey(key), "RS256"));
}
