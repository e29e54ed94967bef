using System.Net;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tests.Portal;

/// <summary>Every field of the guide's form stands on our pages, in both languages, in the guide's words.</summary>
public sealed class GuideFormTests
{
    public static IEnumerable<TheoryDataRow<string, string, string>> Fields =>
    [
        Row("8", "/apps", "Configure new app", "Configurer une nouvelle application"),
        Row("11", "/apps/new", "Configure new app", "Configurer une nouvelle application"),
        Row("11", "/apps/new", "its mail is forwarded here, and answers leave as the mailbox", "son courrier est transféré ici, et les réponses partent en son nom"),
        Row("9", "settings", "OAuth 2.0", "OAuth 2.0"),
        Row("12", "settings", "Asset name", "Nom de l’actif"),
        Row("13", "settings", "Email ID", "Adresse e-mail (Email ID)"),
        Row("14", "settings", "Forwarding address", "Adresse de transfert"),
        Row("14", "settings", "Emails sent to the asset email ID will be forwarded to this address.", "Les e-mails envoyés à l’adresse de l’actif seront transférés à cette adresse."),
        Row("15", "settings", "Authentication type", "Type d’authentification"),
        Row("16", "settings", "SMTP server", "Serveur SMTP"),
        Row("17", "settings", "Port", "Port"),
        Row("18", "settings", "User name", "Nom d’utilisateur"),
        Row("19", "settings", "Security", "Sécurité"),
        Row("20", "settings", "Client ID", "ID client"),
        Row("21", "settings", "Client secret", "Secret client"),
        Row("22", "settings", "Call back URL", "URL de rappel (Call Back URL)"),
        Row("23", "microsoft", "Register an application", "Inscrire une application"),
        Row("4", "microsoft", "Cloud Application Administrator", "Administrateur d'application cloud"),
        Row("4", "microsoft", "Exchange administrator", "administrateur Exchange"),
        Row("6", "microsoft", "If the mailbox is in use", "Si la boîte est en service"),
    ];

    [Theory, MemberData(nameof(Fields))]
    public async Task A_field_of_the_guide_stands_on_its_page_in_both_languages(string page, string english, string french)
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, secret) = await gateway.OrganisationAsync("fabrikam");
        var app = await gateway.Get<EmailApps>().OpenDraftAsync(organisation, LiveGateway.Cancel);
        await gateway.Get<EmailApps>().KeepDraftAsync(organisation, app.Id, AppForm.Of(app) with { EmailId = "support@fabrikam.example" }, LiveGateway.Cancel);
        var path = page.StartsWith('/') ? page : $"/apps/{app.Id}/{page}";
        using var browser = gateway.Browser(secret);
        Assert.Contains(english, await ReadAsync(browser, path, "en"), StringComparison.Ordinal);
        Assert.Contains(french, await ReadAsync(browser, path, "fr"), StringComparison.Ordinal);
    }

    private static TheoryDataRow<string, string, string> Row(string id, string page, string english, string french) =>
        new TheoryDataRow<string, string, string>(page, english, french).WithTrait(GuideAttribute.Trait, id);

    private static async Task<string> ReadAsync(HttpClient browser, string path, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept-Language", language);
        using var answer = await browser.SendAsync(request, LiveGateway.Cancel);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(LiveGateway.Cancel));
    }
}
