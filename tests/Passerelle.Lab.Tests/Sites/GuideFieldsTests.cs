using System.Net;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Sites;

/// <summary>Every field of the guide's Microsoft pictures stands on the lab's page, in both languages, in the guide's words.</summary>
public sealed class GuideFieldsTests(LabUnderTest lab)
{
    private const string App = "/identity/{directory}/apps/{client}";
    private const string User = "/admin/{directory}/users/{user}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static IEnumerable<TheoryDataRow<string, string[], string[]>> Fields =>
    [
        Row("26", "/identity/{directory}/apps/new",
            ["Who can use this application", "Accounts in this organizational directory only", "Accounts in any organizational directory", "personal Microsoft accounts", "Personal Microsoft accounts only"],
            ["Qui peut utiliser cette application", "Comptes dans cet annuaire d'organisation uniquement", "Comptes Microsoft personnels uniquement"]),
        Row("27", "/identity/{directory}/apps/new", ["Redirect URI (optional)", "Web"], ["URI de redirection (facultatif)", "Web"]),
        Row("29", App,
            ["Overview", "Quickstart", "Branding & properties", "Token configuration", "Expose an API", "App roles", "Owners", "Roles and administrators", "Manifest", "New support request"],
            ["Vue d'ensemble", "Démarrage rapide", "Configuration du jeton", "Exposer une API", "Rôles d'application", "Propriétaires", "Manifeste"]),
        Row("30", App + "/authentication",
            ["Implicit grant and hybrid flows", "Access tokens (used for implicit flows)", "ID tokens (used for implicit and hybrid flows)", "Request a token directly from the authorization endpoint"],
            ["Octroi implicite et flux hybrides", "Jetons d'accès (utilisés pour les flux implicites)"]),
        Row("31", App + "/authentication", ["Supported account types"], ["Types de comptes pris en charge"]),
        Row("32", App + "/authentication", ["Allow public client flows", "Device Code Flow"], ["Autoriser les flux clients publics"]),
        Row("33", App + "/authentication", ["App instance property lock"], ["Verrou de propriété de l'instance d'application"]),
        Row("34", App + "/authentication", ["Save", "Discard"], ["Enregistrer", "Ignorer"]),
        Row("40", App + "/permissions/add?api=" + LabControl.Exchange + "&kind=Application",
            ["Delegated permissions", "Application permissions", "full_access_as_app", "Mail (", "Mail.Send"],
            ["Autorisations déléguées", "Autorisations d'application", "full_access_as_app"]),
        Row("44", App, ["Application (client) ID", "Object ID", "Directory (tenant) ID", "Supported account types"], ["ID d'application (client)", "ID de l'annuaire (locataire)"]),
        Row("45", App, ["Endpoints", "Delete", "Preview features"], ["Points de terminaison", "Supprimer"]),
        Row("47", "/identity/{directory}/classifications", ["Permission classifications"], ["Classifications d"]),
        Row("49", User + "/account", ["Reset password", "Account", "Devices", "Licenses and apps", "Mail", "OneDrive"], ["Réinitialiser le mot de passe", "Courrier"]),
        Row("50", User, ["Mailbox storage", "50 GB"], ["Stockage de la boîte aux lettres"]),
        Row("51", User,
            ["Read and manage permissions (0)", "Send as permissions (0)", "Send on behalf of permissions (0)"], ["Autorisations de lecture et de gestion (0)"]),
        Row("52", User, ["Show in global address list", "Automatic replies", "Edit Exchange properties"], ["Afficher dans la liste d'adresses globale", "Réponses automatiques"]),
        Row("56", User,
            ["The mailbox owner will be able to view and change these forwarding settings."], ["Le propriétaire de la boîte aux lettres pourra voir et modifier ces réglages de transfert."]),
    ];

    [Theory, MemberData(nameof(Fields))]
    public async Task A_field_of_the_guide_stands_on_its_page_in_both_languages(string path, string[] english, string[] french)
    {
        Contoso contoso = await lab.NewLabAsync();
        JsonElement user = await lab.Fixture.Control.SendAsync(HttpMethod.Get, $"directories/{contoso.DirectoryId}/users/{contoso.Support}", null, Cancel);
        var address = path
            .Replace("{directory}", contoso.DirectoryId.ToString(), StringComparison.Ordinal)
            .Replace("{client}", contoso.ClientId.ToString(), StringComparison.Ordinal)
            .Replace("{user}", user.GetProperty("id").GetString(), StringComparison.Ordinal);
        using LabBrowser browser = lab.Fixture.Browser();
        await HasAsync(browser, address, english);
        await HasAsync(browser, address + (address.Contains('?', StringComparison.Ordinal) ? "&lang=fr" : "?lang=fr"), french);
    }

    private static TheoryDataRow<string, string[], string[]> Row(string id, string path, string[] english, string[] french) =>
        new TheoryDataRow<string, string[], string[]>(path, english, french).WithTrait(GuideAttribute.Trait, id).WithTestDisplayName($"Guide {id}");

    private async Task HasAsync(LabBrowser browser, string address, string[] texts)
    {
        SignInEnd page = await browser.OpenAsync(new Uri(lab.Fixture.Endpoints.Http, address), Cancel);
        var html = WebUtility.HtmlDecode(page.Html);
        Assert.All(texts, text => Assert.Contains(text, html, StringComparison.Ordinal));
    }
}
