using System.Text.Json.Nodes;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Admin;

/// <summary>Authentication policies and who stands under one (facts §5.9): they say which protocols take a password.</summary>
internal static class AuthenticationPolicyCmdlets
{
    private const string Smtp = "AllowBasicAuthSmtp";

    public static readonly Cmdlet[] All =
    [
        new("New-AuthenticationPolicy", CmdletNeed.Organisation, ["Name", Smtp], call =>
        {
            var made = new AuthenticationPolicy(call.Given.Required("Name"), call.Given.Flag(Smtp) ?? false);
            if (call.Directory.AuthenticationPolicy(made.Name) is not null) throw CmdletFault.Exists(made.Name);
            call.Change(d => d with { AuthenticationPolicies = d.AuthenticationPolicies.Add(made) });
            return [Show(made)];
        }),
        new("Get-AuthenticationPolicy", CmdletNeed.Read, ["Identity"], call => call.Given.Has("Identity")
            ? [Show(Policy(call, "Identity"))]
            : call.Directory.AuthenticationPolicies.Select(Show)),
        new("Set-AuthenticationPolicy", CmdletNeed.Organisation, ["Identity", Smtp], call =>
        {
            var policy = Policy(call, "Identity");
            var changed = policy with { AllowBasicAuthSmtp = call.Given.Flag(Smtp) ?? policy.AllowBasicAuthSmtp };
            call.Change(d => d with { AuthenticationPolicies = d.AuthenticationPolicies.Replace(policy, changed) });
            return CmdletCall.Nothing;
        }),
        new("Remove-AuthenticationPolicy", CmdletNeed.Organisation, ["Identity"], call =>
        {
            var policy = Policy(call, "Identity");
            if (call.Directory.Users.Any(user => user.StandsUnder(policy)))
                throw CmdletFault.Bad($"The authentication policy '{policy.Name}' is assigned to users and cannot be removed.");
            call.Change(d => d with { AuthenticationPolicies = d.AuthenticationPolicies.Remove(policy) });
            return CmdletCall.Nothing;
        }),
        new("Set-User", CmdletNeed.Recipients, ["Identity", "AuthenticationPolicy"], call =>
        {
            var named = call.Given.Required("Identity");
            var user = call.FindUser(named) ?? throw CmdletFault.NotFound(named, call.Directory);
            if (!call.Given.Has("AuthenticationPolicy")) return CmdletCall.Nothing;
            var policy = string.IsNullOrEmpty(call.Given.Text("AuthenticationPolicy")) ? null : Policy(call, "AuthenticationPolicy").Name; // $null takes it away
            call.Lab.ChangeUser(call.Directory.Id, user.Id, u => u with { AuthenticationPolicy = policy });
            return CmdletCall.Nothing;
        }),
    ];

    private static AuthenticationPolicy Policy(CmdletCall call, string parameter)
    {
        var named = call.Given.Required(parameter);
        return call.Directory.AuthenticationPolicy(named) ?? throw CmdletFault.NotFound(named, call.Directory);
    }

    private static JsonObject Show(AuthenticationPolicy policy) => new()
    {
        ["Identity"] = policy.Name,
        ["Name"] = policy.Name,
        [Smtp] = policy.AllowBasicAuthSmtp,
    };
}
