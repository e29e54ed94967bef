using System.Text.Json;

namespace Passerelle.Lab.Tests.Graph;

/// <summary>Consent setting, security defaults and conditional access through Graph: the same state as the pages'.</summary>
public sealed class PolicyTests(LabUnderTest lab)
{
    private const string Self = "ManagePermissionGrantsForSelf.";

    [Theory]
    [InlineData("never")]
    [InlineData("lowImpact", "microsoft-user-default-low")]
    [InlineData("always", "microsoft-user-default-legacy")]
    [InlineData("microsoftManaged", "microsoft-user-default-recommended", "microsoft-user-default-allow-consent-apps")]
    [Shows(
        "4.1:E7", "3.9:User-consent-setting-authorizationPolicy.default", "3.9:Do-not-allow-user-consent",
        "3.9:Allow-user-consent-for-apps-from-verified-publis", "3.9:Allow-user-consent-for-apps-old-default",
        "3.9:Let-Microsoft-manage-your-consent-settings-Recom", "3.9:companion-policy-for-popular-mail-clients")]
    public async Task The_consent_setting_is_a_list_of_policies_read_and_written(string setting, params string[] policies)
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Policy.ReadWrite.Authorization");
        string[] assigned = [.. policies.Select(policy => Self + policy)];
        (await graph.PatchAsync("/policies/authorizationPolicy", new { defaultUserRolePermissions = new { permissionGrantPoliciesAssigned = assigned } })).Is(204);
        Assert.Equal(setting, (await DirectoryAsync(graph)).GetProperty("userConsent").GetString());

        Answer read = (await graph.GetAsync("/policies/authorizationPolicy")).Is(200);
        Assert.Equal(assigned, read.Body.GetProperty("defaultUserRolePermissions").GetProperty("permissionGrantPoliciesAssigned")
            .EnumerateArray().Select(policy => policy.GetString()));
    }

    [Fact]
    public async Task An_unknown_consent_policy_changes_nothing()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Policy.ReadWrite.Authorization");
        (await graph.PatchAsync("/policies/authorizationPolicy",
            new { defaultUserRolePermissions = new { permissionGrantPoliciesAssigned = new[] { Self + "made-up" } } })).Is(400);
        Assert.Equal("microsoftManaged", (await DirectoryAsync(graph)).GetProperty("userConsent").GetString());
    }

    [Fact, Shows("4.1:E7")]
    public async Task The_consent_setting_wants_an_administrator_besides_the_permission()
    {
        object order = new { defaultUserRolePermissions = new { permissionGrantPoliciesAssigned = Array.Empty<string>() } };
        GraphLab person = await GraphLab.OfPersonAsync(lab, null, "Policy.ReadWrite.Authorization");
        (await person.PatchAsync("/policies/authorizationPolicy", order))
            .IsRefused(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
        GraphLab administrator = await GraphLab.OfPersonAsync(lab, "admin", "Policy.ReadWrite.Authorization");
        (await administrator.PatchAsync("/policies/authorizationPolicy", order)).Is(204);
    }

    [Fact, Shows("4.1:E10-read")]
    public async Task Security_defaults_and_conditional_access_are_read()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Policy.Read.All");
        const string defaults = "/policies/identitySecurityDefaultsEnforcementPolicy";
        Assert.False((await graph.GetAsync(defaults)).Is(200).Body.GetProperty("isEnabled").GetBoolean());
        await lab.SetAsync(graph.Contoso, "", new { securityDefaults = true });
        Assert.True((await graph.GetAsync(defaults)).Body.GetProperty("isEnabled").GetBoolean());
        (await graph.PatchAsync(defaults, new { isEnabled = false })).Is(403);

        await lab.PolicyAsync(graph.Contoso, "mfa");
        JsonElement policy = Assert.Single((await graph.GetAsync("/identity/conditionalAccess/policies")).Is(200).Value);
        Assert.Equal(("mfa", "enabled"), (policy.GetProperty("displayName").GetString(), policy.GetProperty("state").GetString()));
        Assert.Equal("mfa", policy.GetProperty("grantControls").GetProperty("builtInControls")[0].GetString());
    }

    [Fact]
    public async Task Security_defaults_are_switched_with_their_own_permission()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Policy.ReadWrite.SecurityDefaults");
        (await graph.PatchAsync("/policies/identitySecurityDefaultsEnforcementPolicy", new { isEnabled = true })).Is(204);
        Assert.True((await DirectoryAsync(graph)).GetProperty("securityDefaults").GetBoolean());
    }

    private Task<JsonElement> DirectoryAsync(GraphLab graph) =>
        lab.Fixture.Control.SendAsync(HttpMethod.Get, $"directories/{graph.Contoso.DirectoryId}", null, GraphLab.Cancel);
}
