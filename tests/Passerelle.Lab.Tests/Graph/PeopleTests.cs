using System.Text.Json;

namespace Passerelle.Lab.Tests.Graph;

/// <summary>Users, me and the organisation.</summary>
public sealed class PeopleTests(LabUnderTest lab)
{
    [Fact]
    public async Task Me_is_who_signed_in_and_nobody_in_an_app_only_call()
    {
        GraphLab person = await GraphLab.OfPersonAsync(lab, null, "User.Read");
        Answer me = (await person.GetAsync("/me")).Is(200);
        Assert.Equal((person.Contoso.Support, "https://graph.microsoft.com/v1.0/$metadata#users/$entity"), (me.Get("userPrincipalName"), me.Get("@odata.context")));
        Assert.False(me.Body.TryGetProperty("accountEnabled", out _));
        GraphLab app = await GraphLab.OfAppAsync(lab, "User.Read.All");
        (await app.GetAsync("/me")).IsRefused(400, "BadRequest", "/me request is only valid with delegated authentication flow.");
    }

    [Fact]
    public async Task Users_are_filtered_selected_and_paged()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "User.Read.All");
        JsonElement found = Assert.Single((await graph.GetAsync($"/users?$filter=mail eq '{graph.Contoso.Sales}'&$select=id,accountEnabled")).Is(200).Value);
        Assert.Equal(["accountEnabled", "id"], found.EnumerateObject().Select(p => p.Name).Order());

        var names = new List<string?>();
        Answer page = await graph.GetAsync("/users?$top=2");
        for (; ; page = await graph.GetAsync(new Uri(page.Get("@odata.nextLink")).PathAndQuery["/v1.0".Length..]))
        {
            Assert.InRange(page.Is(200).Value.Length, 1, 2);
            names.AddRange(page.Value.Select(user => user.GetProperty("userPrincipalName").GetString()));
            if (!page.Body.TryGetProperty("@odata.nextLink", out _)) break;
        }

        Assert.Equal([graph.Contoso.Support, graph.Contoso.Sales, graph.Contoso.Administrator], names);
    }

    [Fact, Shows("4.1:revoke")]
    public async Task Revoked_sessions_refuse_the_refresh_token()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Directory.ReadWrite.All");
        await lab.Fixture.Control.SetUserConsentAsync(graph.Contoso.DirectoryId, "always", GraphLab.Cancel);
        JsonElement granted = await lab.GrantAsync(graph.Contoso);
        await lab.Fixture.Control.AdvanceAsync(graph.Contoso.Lab, TimeSpan.FromSeconds(5), GraphLab.Cancel);
        Answer revoked = (await graph.PostAsync($"/users/{graph.Contoso.Support}/revokeSignInSessions")).Is(200);
        Assert.True(revoked.Body.GetProperty("value").GetBoolean());
        (await lab.RefreshAsync(graph.Contoso, granted.GetProperty("refresh_token").GetString()!)).IsRefused(400, 50173, "invalid_grant");
    }

    [Fact]
    public async Task A_user_is_made_disabled_and_deleted()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Directory.ReadWrite.All");
        var address = "new@" + graph.Contoso.Domain;
        object order = new
        {
            accountEnabled = true,
            displayName = "New Person",
            mailNickname = "new",
            userPrincipalName = address,
            passwordProfile = new { password = "Correct-Horse-8", forceChangePasswordNextSignIn = false },
        };
        Answer made = (await graph.PostAsync("/users", order)).Is(201);
        (await graph.PostAsync("/users", order)).Is(400);
        (await graph.PatchAsync($"/users/{made.Get("id")}", new { accountEnabled = false })).Is(204);
        Assert.False((await graph.GetAsync($"/users/{address}?$select=accountEnabled")).Body.GetProperty("accountEnabled").GetBoolean());
        (await graph.DeleteAsync($"/users/{made.Get("id")}")).Is(204);
        (await graph.GetAsync($"/users/{address}")).IsRefused(404, "Request_ResourceNotFound",
            $"Resource '{address}' does not exist or one of its queried reference-property objects are not present.");
    }

    [Fact]
    public async Task The_organisation_is_the_directory_of_the_token()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Organization.Read.All");
        JsonElement organisation = Assert.Single((await graph.GetAsync("/organization")).Is(200).Value);
        Assert.Equal(graph.Contoso.DirectoryId.ToString(), organisation.GetProperty("id").GetString());
        Assert.Equal(graph.Contoso.Domain, organisation.GetProperty("verifiedDomains")[0].GetProperty("name").GetString());
    }
}
