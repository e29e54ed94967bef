using System.Text.Json.Nodes;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Admin;

/// <summary>Applications as Exchange knows them (step X4 of facts §7.1, §3.6). The object id is taken as typed: the usual
/// mistake must stay possible.</summary>
internal static class PrincipalCmdlets
{
    public static readonly Cmdlet[] All =
    [
        new("New-ServicePrincipal", CmdletNeed.Organisation, ["AppId", "ObjectId", "ServiceId", "DisplayName"], call =>
        {
            var made = new ExchangePrincipal(Id(call, "AppId"), Id(call, call.Given.Has("ServiceId") ? "ServiceId" : "ObjectId"), call.Given.Text("DisplayName") ?? "");
            if (call.Directory.ExchangePrincipals.Any(p => p.ObjectId == made.ObjectId || p.AppId == made.AppId)) throw CmdletFault.Exists(made.ObjectId.ToString());
            call.Change(d => d with { ExchangePrincipals = d.ExchangePrincipals.Add(made) });
            return [Show(made)];
        }),
        new("Get-ServicePrincipal", CmdletNeed.Read, ["Identity"], call => call.Given.Text("Identity") is { } named
            ? [Show(Find(call, named))]
            : call.Directory.ExchangePrincipals.Select(Show)),
        new("Set-ServicePrincipal", CmdletNeed.Organisation, ["Identity", "DisplayName"], call =>
        {
            var principal = Find(call, call.Given.Required("Identity"));
            var name = call.Given.Required("DisplayName");
            call.Change(d => d with { ExchangePrincipals = d.ExchangePrincipals.Replace(principal, principal with { DisplayName = name }) });
            return CmdletCall.Nothing;
        }),
        new("Remove-ServicePrincipal", CmdletNeed.Organisation, ["Identity"], call =>
        {
            var principal = Find(call, call.Given.Required("Identity"));
            call.Change(d => d with { ExchangePrincipals = d.ExchangePrincipals.Remove(principal) });
            return CmdletCall.Nothing;
        }),
    ];

    /// <summary>By object id, client id or display name.</summary>
    public static ExchangePrincipal Find(CmdletCall call, string named) =>
        TryFind(call.Directory, named) ?? throw CmdletFault.NotFound(named, call.Directory);

    public static ExchangePrincipal? TryFind(LabDirectory directory, string named) => directory.ExchangePrincipals.FirstOrDefault(p =>
        p.ObjectId.ToString().Equals(named, StringComparison.OrdinalIgnoreCase) || p.AppId.ToString().Equals(named, StringComparison.OrdinalIgnoreCase)
        || (p.DisplayName.Length > 0 && p.DisplayName.Equals(named, StringComparison.OrdinalIgnoreCase)));

    public static Guid Id(CmdletCall call, string parameter) => Guid.TryParse(call.Given.Required(parameter), out var id) ? id
        : throw CmdletFault.Parameter($"Cannot process argument transformation on parameter '{parameter}'. It is not a GUID.");

    private static JsonObject Show(ExchangePrincipal principal) => new()
    {
        ["Identity"] = principal.ObjectId.ToString(),
        ["DisplayName"] = principal.DisplayName,
        ["AppId"] = principal.AppId.ToString(),
        ["ObjectId"] = principal.ObjectId.ToString(),
    };
}
