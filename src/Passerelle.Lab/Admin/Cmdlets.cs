namespace Passerelle.Lab.Admin;

/// <summary>Every cmdlet that the lab knows: those of the guide and of facts §7.1.</summary>
internal static class Cmdlets
{
    private static readonly Dictionary<string, Cmdlet> ByName = new Cmdlet[][]
    {
        MailboxCmdlets.All, ClientAccessCmdlets.All, OrganisationCmdlets.All, OutboundPolicyCmdlets.All, RemoteDomainCmdlets.All,
        TransportRuleCmdlets.All, InboxRuleCmdlets.All, TraceCmdlets.All,
        PrincipalCmdlets.All, PermissionCmdlets.All, ApplicationRoleCmdlets.All, AccessPolicyCmdlets.All, AuthenticationPolicyCmdlets.All,
    }.SelectMany(group => group).ToDictionary(cmdlet => cmdlet.Name, StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<string> Names => ByName.Keys;

    public static Cmdlet Named(string name) => ByName.GetValueOrDefault(name) ?? throw CmdletFault.UnknownCmdlet(name);
}
