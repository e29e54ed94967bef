using System.Text.Json.Nodes;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Admin;

/// <summary>Application access policies (facts §3.8), which RBAC for Applications replaces. The scope is a mailbox: the lab has
/// no groups.</summary>
internal static class AccessPolicyCmdlets
{
    private const int MostPolicies = 300;

    public static readonly Cmdlet[] All =
    [
        new("New-ApplicationAccessPolicy", CmdletNeed.Organisation, ["AppId", "PolicyScopeGroupId", "AccessRight", "Description"], call =>
        {
            if (call.Directory.ApplicationAccessPolicies.Length >= MostPolicies)
                throw CmdletFault.Bad("The total size of App Access Policies exceeded the limit.");
            var right = call.Given.Choice<ApplicationAccess>("AccessRight") ?? throw CmdletFault.Parameter("AccessRight is missing.");
            var made = new ApplicationAccessPolicy(call.Lab.NewId(), PrincipalCmdlets.Id(call, "AppId"),
                call.Mailbox("PolicyScopeGroupId").Address, right, call.Given.Text("Description") ?? "");
            call.Change(d => d with { ApplicationAccessPolicies = d.ApplicationAccessPolicies.Add(made) });
            return [Show(made)];
        }),
        new("Get-ApplicationAccessPolicy", CmdletNeed.Read, ["Identity"], call => call.Given.Has("Identity")
            ? [Show(Policy(call))]
            : call.Directory.ApplicationAccessPolicies.Select(Show)),
        new("Set-ApplicationAccessPolicy", CmdletNeed.Organisation, ["Identity", "Description"], call =>
        {
            var policy = Policy(call);
            var description = call.Given.Text("Description") ?? "";
            call.Change(d => d with { ApplicationAccessPolicies = d.ApplicationAccessPolicies.Replace(policy, policy with { Description = description }) });
            return CmdletCall.Nothing;
        }),
        new("Remove-ApplicationAccessPolicy", CmdletNeed.Organisation, ["Identity"], call =>
        {
            var policy = Policy(call);
            call.Change(d => d with { ApplicationAccessPolicies = d.ApplicationAccessPolicies.Remove(policy) });
            return CmdletCall.Nothing;
        }),
        new("Test-ApplicationAccessPolicy", CmdletNeed.Read, ["Identity", "AppId"], call =>
        {
            var user = call.Mailbox();
            var app = PrincipalCmdlets.Id(call, "AppId");
            return
            [
                new JsonObject
                {
                    ["AppId"] = app.ToString(), ["Mailbox"] = user.Address, ["MailboxId"] = user.Id.ToString(),
                    ["AccessCheckResult"] = ApplicationAccessPolicy.Allows(call.Directory, app, user) ? "Granted" : "Denied",
                },
            ];
        }),
    ];

    private static ApplicationAccessPolicy Policy(CmdletCall call)
    {
        var named = call.Given.Required("Identity");
        return call.Directory.ApplicationAccessPolicies.FirstOrDefault(p => Identity(p).Equals(named, StringComparison.OrdinalIgnoreCase))
            ?? throw CmdletFault.NotFound(named, call.Directory);
    }

    private static string Identity(ApplicationAccessPolicy policy) => policy.Id.ToString();

    private static JsonObject Show(ApplicationAccessPolicy policy) => new()
    {
        ["Identity"] = Identity(policy),
        ["AppId"] = policy.AppId.ToString(),
        ["ScopeName"] = policy.Scope,
        ["ScopeIdentity"] = policy.Scope,
        ["AccessRight"] = policy.Right.ToString(),
        ["Description"] = policy.Description,
        ["ShardType"] = "All",
    };
}
