using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Passerelle.Lab.Control;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>The directory's policies: who may consent (facts §3.9), security defaults, conditional access.</summary>
internal sealed class Policies(IdentityCommands identity)
{
    private const string Self = "ManagePermissionGrantsForSelf.";
    private const string Low = Self + "microsoft-user-default-low";
    private const string Legacy = Self + "microsoft-user-default-legacy";
    private const string Recommended = Self + "microsoft-user-default-recommended";
    private const string MailClients = Self + "microsoft-user-default-allow-consent-apps";

    public async Task<GraphAnswer> AnswerAsync(GraphCall call, CancellationToken cancel)
    {
        switch (call.Method, call.Path)
        {
            case ("GET", ["policies", "authorizationPolicy"]):
                call.Demand("Policy.Read.All", "Policy.ReadWrite.Authorization");
                return GraphAnswer.One("policies/authorizationPolicy/$entity", Authorization(call.Directory));
            case ("PATCH", ["policies", "authorizationPolicy"]):
                call.Demand("Policy.ReadWrite.Authorization");
                call.DemandAdministrator();
                return SetConsent(call, await call.BodyAsync(cancel));
            case ("GET", ["policies", "identitySecurityDefaultsEnforcementPolicy"]):
                call.Demand("Policy.Read.All", "Policy.ReadWrite.SecurityDefaults");
                return GraphAnswer.One("policies/identitySecurityDefaultsEnforcementPolicy/$entity", Defaults(call.Directory));
            case ("PATCH", ["policies", "identitySecurityDefaultsEnforcementPolicy"]):
                call.Demand("Policy.ReadWrite.SecurityDefaults");
                call.DemandAdministrator();
                identity.Edit(call.Place, new DirectoryChangeOrder(SecurityDefaults: (await call.BodyAsync(cancel)).Flag("isEnabled")));
                return GraphAnswer.NoContent;
            case ("GET", ["identity", "conditionalAccess", "policies"]):
                call.Demand("Policy.Read.All");
                return new ODataQuery(call.Request).Page("identity/conditionalAccess/policies", call.Directory.AccessPolicies.Select(Access), 100);
            default:
                throw GraphFault.NoSegment(call.Path[^1]);
        }
    }

    private static JsonObject Authorization(LabDirectory directory) => new()
    {
        ["id"] = "authorizationPolicy",
        ["allowInvitesFrom"] = "everyone",
        ["allowedToSignUpEmailBasedSubscriptions"] = true,
        ["allowedToUseSSPR"] = true,
        ["allowEmailVerifiedUsersToJoinOrganization"] = false,
        ["allowUserConsentForRiskyApps"] = null,
        ["blockMsolPowerShell"] = false,
        ["displayName"] = "Authorization Policy",
        ["description"] = "Used to manage authorization related settings across the company.",
        ["guestUserRoleId"] = "10dae51f-b6af-4016-8d66-8c2a99b929b3",
        ["defaultUserRolePermissions"] = new JsonObject
        {
            ["allowedToCreateApps"] = true,
            ["allowedToCreateSecurityGroups"] = true,
            ["allowedToReadBitlockerKeysForOwnedDevice"] = true,
            ["allowedToReadOtherUsers"] = true,
            ["permissionGrantPoliciesAssigned"] = GraphJson.List(Assigned(directory.UserConsent)),
        },
    };

    private static string[] Assigned(UserConsent setting) => setting switch
    {
        UserConsent.LowImpact => [Low],
        UserConsent.Always => [Legacy],
        UserConsent.MicrosoftManaged => [Recommended, MailClients],
        _ => [],
    };

    /// <summary>What is not about consent for oneself says nothing here; a policy that the directory does not have is refused.</summary>
    private static GraphAnswer SetConsent(GraphCall call, JsonObject body)
    {
        if (body.Object("defaultUserRolePermissions")?.Texts("permissionGrantPoliciesAssigned") is not { } assigned) return GraphAnswer.NoContent;
        string[] own = [.. assigned.Where(policy => policy.StartsWith(Self, StringComparison.Ordinal))];
        if (own.FirstOrDefault(policy => policy is not (Low or Legacy or Recommended or MailClients)) is { } unknown)
            throw GraphFault.Bad($"The permission grant policy '{unknown[Self.Length..]}' does not exist.");
        var setting = own.Contains(Legacy) ? UserConsent.Always
            : own.Contains(Recommended) ? UserConsent.MicrosoftManaged
            : own.Contains(Low) ? UserConsent.LowImpact
            : UserConsent.Never;
        call.Lab.ChangeDirectory(call.Token.DirectoryId, directory => directory with { UserConsent = setting });
        return GraphAnswer.NoContent;
    }

    private static JsonObject Defaults(LabDirectory directory) => new()
    {
        ["id"] = "00000000-0000-0000-0000-000000000005",
        ["displayName"] = "Security Defaults",
        ["description"] = "Security defaults is a set of basic identity security mechanisms recommended by Microsoft.",
        ["isEnabled"] = directory.SecurityDefaults,
    };

    private static JsonObject Access(AccessPolicy policy) => new()
    {
        ["id"] = policy.Id.ToString(),
        ["displayName"] = policy.Name,
        ["state"] = policy.Enabled ? "enabled" : "disabled",
        ["conditions"] = new JsonObject
        {
            ["clientAppTypes"] = new JsonArray("all"),
            ["applications"] = new JsonObject { ["includeApplications"] = Covered(policy.Apps) },
            ["users"] = new JsonObject
            {
                ["includeUsers"] = Covered(policy.Users),
                ["excludeUsers"] = GraphJson.List(policy.ExcludedUsers.Select(id => id.ToString())),
            },
        },
        ["grantControls"] = Control(policy.Demand) is { } control
            ? new JsonObject { ["operator"] = "OR", ["builtInControls"] = new JsonArray(control) }
            : null,
        ["sessionControls"] = policy.Demand is AccessDemand.SignInFrequency
            ? new JsonObject { ["signInFrequency"] = new JsonObject { ["value"] = policy.Hours, ["type"] = "hours", ["isEnabled"] = true } }
            : null,
    };

    private static JsonArray Covered(ImmutableArray<Guid> ids) =>
        ids.IsEmpty ? new JsonArray("All") : GraphJson.List(ids.Select(id => id.ToString()));

    private static string? Control(AccessDemand demand) => demand switch
    {
        AccessDemand.Block or AccessDemand.NoDeviceFlow => "block",
        AccessDemand.Mfa or AccessDemand.OtherProvider => "mfa",
        AccessDemand.CompliantDevice or AccessDemand.ManagedDevice => "compliantDevice",
        AccessDemand.DomainJoinedDevice => "domainJoinedDevice",
        AccessDemand.ApprovedApp => "approvedApplication",
        _ => null,
    };
}
