using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>The first page: what there is, and where the guide's steps are done.</summary>
internal static class StartPage
{
    public static IResult Show(Labs labs, Speech t) => new Page(t[SiteWords.Start], _ => Html.Of($"""
        {Html.When(labs.All.IsEmpty, Html.Of($"<p>{t[SiteWords.NoLab]}</p>"))}
        <p><a href="/webmail">{t[SiteWords.Webmail]}</a></p>
        {Html.Each(labs.All, lab => Html.Of($"""
            <section><h2>{lab.Name}</h2><p class="quiet">{t.Say(SiteWords.LabTime, lab.Time.GetUtcNow().ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture))}</p>
            {Html.Each(lab.State.Directories, directory => Html.Of($"""
                <h3>{directory.DisplayName} <span class="quiet">{directory.Domains.FirstOrDefault()}</span></h3>
                <dl><dt>{t[SiteWords.DirectoryId]}</dt><dd><code>{directory.Id}</code></dd></dl>
                <ul class="menu"><li><a href="/identity/{directory.Id}/apps">{t[SiteWords.AppRegistrations]}</a></li>
                <li><a href="/identity/{directory.Id}/consent">{t[SiteWords.ConsentAndPermissions]}</a></li>
                <li><a href="/admin/{directory.Id}/users">{t[SiteWords.ActiveUsers]}</a></li>
                <li><a href="/security/{directory.Id}/outbound">{t[SiteWords.OutboundPolicy]}</a></li></ul>
                """))}</section>
            """))}
        """));
}
