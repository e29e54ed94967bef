using Passerelle.Lab.Testing;
using static Microsoft.Playwright.Assertions;

namespace Passerelle.Portal.Tests.Sites;

/// <summary>The guide's steps 2 and 3, Defender included, by a person with a browser on the lab's sites. The same walk makes the
/// pictures of the docs.</summary>
public sealed class TheGuide(BrowserFixture browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Guide("24", "25", "27", "28", "30", "34", "36", "37", "39", "41", "42", "43", "46", "48", "53", "54", "55", "57", "58", "64")]
    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public async Task Steps_2_and_3_walked_through_the_sites_give_a_channel_that_works(string language)
    {
        await using var lab = await LabFixture.StartAsync(Cancel);
        var directory = new FreshDirectory(lab, "demo");
        await directory.MakeAsync(Cancel);
        var origin = lab.Endpoints.Http.GetLeftPart(UriPartial.Authority);
        await using var visitor = await browser.VisitAsync(origin, abroad: FreshDirectory.Callback);
        var reader = new Reader(visitor, language);
        await reader.Page.SetViewportSizeAsync(1120, 700);

        var client = await RegisterAsync(reader);
        await TickAccessTokensAsync(reader);
        var secret = await MakeSecretAsync(reader);
        await AddMailSendAsync(reader);
        await GrantAsync(reader);
        await AllowUserConsentAsync(reader);
        await TickAuthenticatedSmtpAsync(reader);
        await ForwardAsync(reader, directory.ForwardingAddress);
        await AllowForwardingAsync(reader);

        var code = await SignInAsync(reader, directory, client);
        var token = await directory.RedeemAsync(client, secret, code, Cancel);
        await directory.SubmitAsync(token, "Hello from the channel", Cancel);
        Assert.NotNull(await directory.Mail.WaitAsync(directory.Customer, TimeSpan.FromSeconds(20), Cancel, subject: "Hello from the channel"));
        await directory.Mail.WriteAsync(directory.Customer, directory.Support, "Where is my order?", "Ann", Cancel);
        Assert.NotNull(await directory.Mail.WaitAsync(directory.ForwardingAddress, TimeSpan.FromSeconds(20), Cancel, subject: "Where is my order?"));
        Assert.NotNull(await directory.Mail.WaitAsync(directory.Support, TimeSpan.FromSeconds(20), Cancel, subject: "Where is my order?")); // the copy
        Assert.Empty(visitor.Trouble);
    }

    /// <returns>Application (client) ID.</returns>
    private static async Task<string> RegisterAsync(Reader reader)
    {
        await reader.OpenAsync("/");
        await reader.FollowAsync("App registrations", "Inscriptions d'applications");
        await reader.FollowAsync("New registration", "Nouvelle inscription");
        await reader.FillAsync("name", "WebexConnect");
        await reader.TickAsync("Accounts in this organizational directory only", "Comptes dans cet annuaire d'organisation uniquement");
        await reader.Page.Locator("#platform").SelectOptionAsync("Web");
        await reader.FillAsync("uri", FreshDirectory.Callback);
        await reader.PictureAsync("register-an-application");
        await reader.PressAsync("Register", "S'inscrire");
        await reader.SeeAsync("Application (client) ID", "ID d'application (client)");
        await reader.SeeAsync("Directory (tenant) ID", "ID de l'annuaire (locataire)");
        await reader.PictureAsync("overview");
        return await reader.Page.Locator("#client-id").InnerTextAsync();
    }

    private static async Task TickAccessTokensAsync(Reader reader)
    {
        await reader.FollowAsync("Authentication", "Authentification");
        await reader.LeaveUnsavedAsync(
            () => reader.TickAsync("Access tokens (used for implicit flows)", "Jetons d'accès (utilisés pour les flux implicites)"), () => reader.TickedAsync("[name=access]"));
        await reader.TickAsync("Access tokens (used for implicit flows)", "Jetons d'accès (utilisés pour les flux implicites)");
        await reader.PictureAsync("authentication");
        await reader.PressAsync("Save", "Enregistrer");
        await SavedAsync(reader);
        Assert.Equal("on", await reader.TickedAsync("[name=access]"));
    }

    /// <returns>The Value.</returns>
    private static async Task<string> MakeSecretAsync(Reader reader)
    {
        await reader.FollowAsync("Certificates & secrets", "Certificats et secrets");
        await reader.FillAsync("description", "wxconnect");
        await reader.Page.Locator("#days").SelectOptionAsync("365");
        await reader.PictureAsync("add-a-client-secret");
        await reader.PressAsync("Add", "Ajouter");
        var value = await reader.Page.Locator("#secret-value").InnerTextAsync();
        await reader.PictureAsync("secret-value");
        return value;
    }

    private static async Task AddMailSendAsync(Reader reader)
    {
        await reader.FollowAsync("API permissions", "Autorisations API");
        await reader.FollowAsync("Add a permission", "Ajouter une autorisation");
        await reader.FollowAsync("APIs my organization uses", "API utilisées par mon organisation");
        await reader.FillAsync("q", "office 365");
        await reader.PressAsync("Search", "Rechercher");
        await Expect(reader.Page.GetByText("Office 365 SharePoint Online")).ToBeVisibleAsync();
        await reader.PictureAsync("apis-my-organization-uses");
        await reader.FollowAsync("Office 365 Exchange Online", "Office 365 Exchange Online");
        await reader.FollowAsync("Application permissions", "Autorisations d'application");
        await reader.Page.Locator("summary", new() { HasTextRegex = new(@"^Mail \(") }).ClickAsync();
        await reader.Page.Locator("[name=add][value$='|Application|Mail.Send']").CheckAsync();
        await reader.PictureAsync("mail-send");
        await reader.PressAsync("Add permissions", "Ajouter des autorisations");
        await reader.SeeAsync("⚠ Not granted for Contoso", "⚠ Non accordé pour Contoso");
    }

    private static async Task GrantAsync(Reader reader)
    {
        await reader.FollowAsync("Grant admin consent for Contoso", "Accorder le consentement administrateur pour Contoso");
        await reader.SeeAsync("Do you want to grant consent for the requested permissions", "Voulez-vous accorder le consentement");
        await reader.PictureAsync("grant-admin-consent");
        await reader.PressAsync("Yes", "Oui");
        await reader.SeeAsync("Successfully granted admin consent", "Le consentement administrateur a été accordé");
        await reader.PictureAsync("granted");
    }

    private static async Task AllowUserConsentAsync(Reader reader)
    {
        await reader.FollowAsync("Consent and permissions", "Consentement et autorisations");
        await reader.LeaveUnsavedAsync(() => reader.Page.Locator("[value=Always]").CheckAsync(), () => reader.TickedAsync("[value=Always]"));
        await reader.Page.Locator("[value=Always]").CheckAsync();
        await reader.SeeAsync("SMTP.Send: users may consent.", "SMTP.Send : les utilisateurs peuvent consentir.");
        await reader.PictureAsync("user-consent-settings");
        await reader.PressAsync("Save", "Enregistrer");
        await SavedAsync(reader);
        Assert.Equal("on", await reader.TickedAsync("[value=Always]"));
    }

    private static async Task TickAuthenticatedSmtpAsync(Reader reader)
    {
        await reader.FollowAsync("Active users", "Utilisateurs actifs");
        await reader.FollowAsync("Contoso Support", "Contoso Support");
        await reader.LeaveUnsavedAsync(() => reader.TickAsync("Authenticated SMTP", "SMTP authentifié"), () => reader.TickedAsync("[name=smtp]"));
        await reader.TickAsync("Authenticated SMTP", "SMTP authentifié");
        await reader.PictureAsync("manage-email-apps");
        await reader.Page.Locator("#apps button").ClickAsync();
        await SavedAsync(reader);
        await reader.SeeAsync("All apps allowed", "Toutes les applications autorisées");
    }

    private static async Task ForwardAsync(Reader reader, string address)
    {
        await reader.LeaveUnsavedAsync(
            () => reader.TickAsync("Forward all emails sent to this mailbox", "Transférer tous les e-mails envoyés"), () => reader.TickedAsync("[name=forward]"));
        await reader.TickAsync("Forward all emails sent to this mailbox", "Transférer tous les e-mails envoyés");
        await reader.FillAsync("address", address);
        await reader.TickAsync("Keep a copy of forwarded email in this mailbox", "Conserver une copie des e-mails transférés");
        await reader.PictureAsync("manage-email-forwarding");
        await reader.Page.Locator("#forwarding button").ClickAsync();
        await SavedAsync(reader);
        await Expect(reader.Page.Locator("#forwarding-applied")).ToHaveTextAsync(reader.Say("Applied", "Appliqué"));
    }

    private static async Task AllowForwardingAsync(Reader reader)
    {
        await reader.FollowAsync("Anti-spam outbound policy", "Stratégie anti-spam sortante");
        await reader.LeaveUnsavedAsync(() => reader.Page.Locator("#mode").SelectOptionAsync("On"), () => reader.Page.Locator("#mode").InputValueAsync());
        await reader.Page.Locator("#mode").SelectOptionAsync(reader.Say("On - Forwarding is enabled", "Activé - Le transfert est activé"));
        await reader.PictureAsync("automatic-forwarding");
        await reader.PressAsync("Save", "Enregistrer");
        await SavedAsync(reader);
        await Expect(reader.Page.Locator("#mode")).ToHaveValueAsync("On");
    }

    /// <returns>The code that the application's callback gets.</returns>
    private static async Task<string> SignInAsync(Reader reader, FreshDirectory directory, string client)
    {
        await reader.Page.RouteAsync($"{FreshDirectory.Callback}**", route => route.FulfillAsync(new() { ContentType = "text/plain", Body = "the application" }));
        await reader.Page.GotoAsync(directory.Authorize(client));
        await Expect(reader.Page.Locator("#login")).ToHaveValueAsync(directory.Support);
        await reader.FillAsync("passwd", Contoso.Password);
        await reader.PictureAsync("sign-in");
        await reader.Page.Locator("#signin button").ClickAsync();
        await reader.SeeAsync("AADSTS50072", "AADSTS50072"); // the directory is new: security defaults are on
        await reader.PictureAsync("more-information-required");
        await reader.PressAsync("Next", "Suivant");
        await Expect(reader.Page.Locator(".scopes")).ToContainTextAsync("SMTP.Send");
        await reader.PictureAsync("permissions-requested");
        await reader.PressAsync("Accept", "Accepter");
        await reader.Page.WaitForURLAsync($"{FreshDirectory.Callback}?**");
        var answer = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(reader.Page.Url).Query);
        Assert.Equal("walked", answer["state"].ToString());
        return answer["code"].ToString();
    }

    private static Task SavedAsync(Reader reader) => Expect(reader.Page.Locator(".done")).ToHaveTextAsync(reader.Say("Saved.", "Enregistré."));
}
