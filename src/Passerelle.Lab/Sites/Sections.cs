using System.Collections.Immutable;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>The menu beside every page of a directory, in the guide's order. What the lab leaves out stands there too, grey,
/// with the reason: a reader of Microsoft's pages must not search for it.</summary>
internal static class Sections
{
    private static readonly ImmutableArray<(Word Title, ImmutableArray<Entry> Entries)> All =
    [
        (new("Identity", "Identité"),
        [
            new(SiteWords.AppRegistrations, "identity", "apps"),
            new(EnterpriseWords.EnterpriseApps, "identity", "enterprise"),
            new(EnterpriseWords.ConsentShort, "identity", "consent"),
            new(EnterpriseWords.Classifications, "identity", "classifications"),
            new(EnterpriseWords.SecurityDefaults, "identity", "security-defaults"),
            new(new("Groups", "Groupes"), Left: new("no guide step needs groups", "aucune étape du guide n'utilise de groupes")),
            new(new("Conditional Access", "Accès conditionnel"), Left: new("set by the control API", "se règle par l'API de contrôle")),
        ]),
        (new("Admin", "Administration"),
        [
            new(SiteWords.ActiveUsers, "admin", "users"),
            new(AdminWords.MailFlow, "admin", "mail-flow"),
            new(AdminWords.RemoteDomains, "admin", "remote-domains"),
            new(AdminWords.Rules, "admin", "rules"),
            new(new("Billing", "Facturation"), Left: new("a lab costs nothing", "un laboratoire ne coûte rien")),
        ]),
        (new("Security", "Sécurité"), [new(AdminWords.OutboundShort, "security", "outbound")]),
    ];

    public static Html Menu(LabDirectory directory, string lab, string current, Speech t) => Html.Of($"""
        <nav class="side" aria-label="{directory.DisplayName}"><p class="tenant">{directory.DisplayName}<br><span class="quiet">{directory.Domains.FirstOrDefault()}</span></p>
        {Html.Each(All, section => Html.Of($"""<h2>{t[section.Title]}</h2><ul>{Html.Each(section.Entries, e => Item(e, directory, current, t))}</ul>"""))}
        <h2>{t[new("Lab", "Laboratoire")]}</h2><ul>
        {Html.Each(new[] { (FaultWords.Faults, $"/faults/{lab}"), (LogWords.Log, $"/log/{lab}"), (SiteWords.Webmail, "/webmail") }, l => Link(t[l.Item1], l.Item2, current))}</ul></nav>
        """);

    private static Html Item(Entry entry, LabDirectory directory, string current, Speech t) => entry.Left is { } reason
        ? Html.Of($"""<li class="left-out">{t[entry.Text]} <small>({t[reason]})</small></li>""")
        : Link(t[entry.Text], $"/{entry.Site}/{directory.Id}/{entry.Page}", current);

    private static Html Link(string text, string address, string current) => Html.Of($"""
        <li><a href="{address}" {Html.When(current == address || current.StartsWith(address + "/", StringComparison.Ordinal), Html.Of($"aria-current=\"page\""))}>{text}</a></li>
        """);

    /// <param name="Left">Why the lab has no such page; null when it has.</param>
    private sealed record Entry(Word Text, string Site = "", string Page = "", Word? Left = null);
}
