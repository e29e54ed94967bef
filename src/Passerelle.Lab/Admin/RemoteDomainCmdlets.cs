using System.Text.Json.Nodes;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Admin;

/// <summary>Remote domains (step F4 of facts §7.1).</summary>
internal static class RemoteDomainCmdlets
{
    public static readonly Cmdlet[] All =
    [
        new("Get-RemoteDomain", CmdletNeed.Read, ["Identity"], call => call.Given.Has("Identity")
            ? [Show(Find(call))]
            : call.Directory.MailFlow.RemoteDomains.Select(Show)),
        new("New-RemoteDomain", CmdletNeed.Organisation, ["Name", "DomainName"], call =>
        {
            var made = new RemoteDomain(call.Given.Required("Name"), call.Given.Required("DomainName").ToLowerInvariant());
            if (call.Directory.MailFlow.RemoteDomains.Any(r => Is(r, made.Name) || r.DomainName == made.DomainName)) throw CmdletFault.Exists(made.Name);
            call.ChangeFlow(flow => flow.With(made));
            return [Show(made)];
        }),
        new("Set-RemoteDomain", CmdletNeed.Organisation, ["Identity", "AutoForwardEnabled"], call =>
        {
            var domain = Find(call);
            var allowed = call.Given.Flag("AutoForwardEnabled") ?? domain.AutoForwardEnabled;
            call.ChangeFlow(flow => flow.With(domain with { AutoForwardEnabled = allowed }));
            return CmdletCall.Nothing;
        }),
        new("Remove-RemoteDomain", CmdletNeed.Organisation, ["Identity"], call =>
        {
            var domain = Find(call);
            if (domain.Name == MailFlow.Default) throw CmdletFault.Bad("The default remote domain can't be removed.");
            call.ChangeFlow(flow => flow with { RemoteDomains = flow.RemoteDomains.RemoveAll(r => r.Name == domain.Name) });
            return CmdletCall.Nothing;
        }),
    ];

    private static RemoteDomain Find(CmdletCall call)
    {
        var named = call.Given.Required("Identity");
        return call.Directory.MailFlow.RemoteDomains.FirstOrDefault(r => Is(r, named) || r.DomainName.Equals(named, StringComparison.OrdinalIgnoreCase))
            ?? throw CmdletFault.NotFound(named, call.Directory);
    }

    private static bool Is(RemoteDomain domain, string name) => domain.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static JsonObject Show(RemoteDomain domain) => new()
    {
        ["Identity"] = domain.Name,
        ["Name"] = domain.Name,
        ["DomainName"] = domain.DomainName,
        ["AutoForwardEnabled"] = domain.AutoForwardEnabled,
        ["AutoReplyEnabled"] = true,
        ["DeliveryReportEnabled"] = true,
        ["NDREnabled"] = true,
        ["AllowedOOFType"] = "External",
    };
}
