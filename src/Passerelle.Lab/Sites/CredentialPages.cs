using System.Globalization;
using Passerelle.Lab.Control;

namespace Passerelle.Lab.Sites;

/// <summary>Certificates &amp; secrets: three tabs, and a value that is shown once beside the Secret ID (facts §8.5).</summary>
internal static class CredentialPages
{
    /// <summary>Below the application's address.</summary>
    public const string Below = "/secrets";

    /// <param name="fresh">Just made: its value is on this answer and on no other.</param>
    public static IResult Show(AppPlace place, HttpContext call, NewSecret? fresh, Speech t)
    {
        var tab = call.Request.Query["tab"].ToString() is "certificates" or "federated" ? call.Request.Query["tab"].ToString() : "secrets";
        return AppPages.About(place, t, SiteWords.Secrets, field => Html.Of($"""
        {SiteForms.Done(call, t)}
        {(fresh is null ? Html.Empty : Html.Of($"""<p class="done" role="status">{t[SiteWords.CopyNow]}</p>"""))}
        <p class="quiet">{t[AppWords.CredentialsNote]}</p>
        <ul class="tabs">{Html.Each(new[]
        {
            ("certificates", AppWords.Certificates, place.App.Keys.Length), ("secrets", AppWords.ClientSecrets, place.App.Secrets.Length),
            ("federated", AppWords.Federated, place.App.Federations.Length),
        }, x => Html.Of($"""<li><a href="{AppPages.Address(place)}{Below}?tab={x.Item1}" {Html.When(x.Item1 == tab, Html.Of($"aria-current=\"page\""))}>{t.Say(x.Item2, x.Item3)}</a></li>"""))}</ul>
        {(tab switch { "certificates" => Certificates(place, field, t), "federated" => Federated(place, field, t), _ => Secrets(place, fresh, field, t) })}
        """));
    }

    private static Html Secrets(AppPlace place, NewSecret? fresh, Html field, Speech t) => Html.Of($"""
        <p class="quiet">{t[SiteWords.SecretsNote]}</p>
        {(place.App.Secrets.IsEmpty ? Html.Of($"<p>{t[SiteWords.NoSecrets]}</p>") : Table.Of(
            [t[SiteWords.Description], t[SiteWords.Expires], t[SiteWords.Value], t[SiteWords.SecretId], t[SiteWords.Action]],
            place.App.Secrets.Select(s => new[]
            {
                Table.Text(s.Description), Table.Text(AppPages.Day(s.EndsAt)),
                fresh?.SecretId == s.KeyId ? SiteForms.Copyable("secret-value", fresh.Value, t) : Table.Code(s.Hint + "******************"),
                Table.Code(s.KeyId), Remove(place, "secret", s.KeyId, s.Description, field, t),
            })))}
        <details {Html.When(fresh is null, Html.Of($"open"))}><summary>+ {t[SiteWords.NewSecret]}</summary>
        <section><h2>{t[AppWords.AddSecret]}</h2><form method="post" id="secret" action="{AppPages.Address(place)}{Below}">{field}
        <label for="description">{t[SiteWords.Description]}</label><input id="description" name="description" type="text" maxlength="120">
        <label for="days">{t[SiteWords.Expires]}</label><select id="days" name="days"><option value="180">{t[AppWords.Recommended]}</option>
        {Html.Each(new[] { 90, 365, 545, 730 }, d => Html.Of($"""<option value="{d}">{t.Say(SiteWords.Days, d)}</option>"""))}<option value="custom">{t[AppWords.Custom]}</option></select>
        <label for="until">{t[AppWords.CustomEnd]}</label><input id="until" name="until" type="date">
        <button class="primary">{t[CommonWords.Add]}</button></form></section></details>
        """);

    private static Html Certificates(AppPlace place, Html field, Speech t) => Html.Of($"""
        {(place.App.Keys.IsEmpty ? Html.Of($"<p>{t[AppWords.NoCertificates]}</p>") : Table.Of(
            [t[AppWords.Thumbprint], t[SiteWords.Description], t[SiteWords.Expires], t[AppWords.CertificateId], t[SiteWords.Action]],
            place.App.Keys.Select(k => new[]
            {
                Table.Code(Convert.ToHexString(k.Thumbprint())), Table.Text(k.DisplayName), Table.Text(AppPages.Day(k.EndsAt)), Table.Code(k.KeyId),
                Remove(place, "certificate", k.KeyId, k.DisplayName, field, t),
            })))}
        <section><h2>{t[AppWords.Upload]}</h2><form method="post" id="certificate" enctype="multipart/form-data" action="{AppPages.Address(place)}{Below}/certificates">{field}
        <label for="certificate-name">{t[SiteWords.Description]}</label><input id="certificate-name" name="name" type="text" maxlength="120">
        <label for="file">{t[AppWords.CertificateFile]}</label><input id="file" name="file" type="file" accept=".cer,.pem,.crt">
        <label for="pem">{t[AppWords.CertificateText]}</label><textarea id="pem" name="pem" rows="6" placeholder="-----BEGIN CERTIFICATE-----"></textarea>
        <button class="primary">{t[CommonWords.Add]}</button></form></section>
        """);

    private static Html Federated(AppPlace place, Html field, Speech t) => Html.Of($"""
        {(place.App.Federations.IsEmpty ? Html.Of($"<p>{t[AppWords.NoFederated]}</p>") : Table.Of(
            [t[SiteWords.Name], t[AppWords.Issuer], t[AppWords.Subject], t[SiteWords.Action]],
            place.App.Federations.Select(f => new[]
            {
                Table.Text(f.Name), Table.Code(f.Issuer), Table.Code(f.Subject), Remove(place, "federated", f.Id, f.Name, field, t),
            })))}
        <section><h2>{t[AppWords.AddFederated]}</h2><form method="post" id="federated" action="{AppPages.Address(place)}{Below}/federated">{field}
        <label for="federated-name">{t[SiteWords.Name]}</label><input id="federated-name" name="name" type="text" maxlength="120" required>
        <label for="issuer">{t[AppWords.Issuer]}</label><input id="issuer" name="issuer" type="text" maxlength="600" required>
        <label for="subject">{t[AppWords.Subject]}</label><input id="subject" name="subject" type="text" maxlength="600" required>
        <button class="primary">{t[CommonWords.Add]}</button></form></section>
        """);

    private static Html Remove(AppPlace place, string kind, Guid id, string name, Html field, Speech t) => Html.Of($"""
        <form method="post" class="inline" id="remove-{id}" action="{AppPages.Address(place)}{Below}/remove">{field}<input type="hidden" name="kind" value="{kind}"><input type="hidden" name="which" value="{id}">
        <button aria-label="{t[SiteWords.Remove]} {name} {id.ToString("N", CultureInfo.InvariantCulture)[..4]}">{t[SiteWords.Remove]}</button></form>
        """);
}
