using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Lab.Testing;

namespace Passerelle.Portal.Tests;

/// <summary>A gateway beside a lab, set up as far as the saved form: what follows is the test's.</summary>
internal sealed class ConnectedApp : IAsyncDisposable
{
    private readonly LabFixture _lab;

    private ConnectedApp(LabFixture lab, RunningGateway gateway, Visitor admin, Contoso contoso, EmailApp app) =>
        (_lab, Gateway, Admin, Contoso, App) = (lab, gateway, admin, contoso, app);

    public RunningGateway Gateway { get; }
    public Visitor Admin { get; }
    public Contoso Contoso { get; }

    /// <summary>As it was saved.</summary>
    public EmailApp App { get; }

    public LabControl Control => _lab.Control;
    public LabMail Mail => new(_lab.Control, Contoso.Lab);

    public static async Task<ConnectedApp> SaveAsync(BrowserFixture browser, CancellationToken cancel, Func<AppForm, AppForm>? change = null)
    {
        var lab = await LabFixture.StartAsync(cancel);
        var gateway = await RunningGateway.StartAsync(LabAround.SettingsFor(lab.Endpoints));
        var admin = await browser.VisitAsync(gateway.Url, abroad: lab.Endpoints.Https.GetLeftPart(UriPartial.Authority));
        await admin.SetUpAsync(gateway, LabAround.InboundDomain);
        var organisation = (await gateway.Services.GetRequiredService<People>().OrganisationsAsync(cancel)).Single();
        var apps = gateway.Services.GetRequiredService<EmailApps>();
        var draft = await apps.OpenDraftAsync(organisation, cancel);
        var contoso = await lab.ContosoAsync("demo", $"{gateway.Url}/callback", cancel);
        await lab.PrepareAsync(contoso, gateway, draft.ForwardingAddress, cancel);
        var form = AppForm.Of(draft) with
        {
            AssetName = "Support",
            EmailId = contoso.Support,
            UserName = contoso.Support,
            DirectoryId = contoso.DirectoryId.ToString(),
            ClientId = contoso.ClientId.ToString(),
            ClientSecret = contoso.ClientSecret,
            SecretExpiryUnknown = true,
        };
        var saved = Assert.IsType<SaveOutcome.Saved>(
            await apps.SaveAsync(organisation, draft.Id, draft.Version, change is null ? form : change(form), cancel));
        return new(lab, gateway, admin, contoso, saved.App);
    }

    /// <summary>Up to the consent page, as <paramref name="account"/>, whoever is signed in there already.</summary>
    public async Task SignInAtProviderAsync(string account)
    {
        foreach (var cookie in await Admin.Page.Context.CookiesAsync()) // cookies do not know ports: the lab's are among them
        {
            if (!cookie.Name.Contains("passerelle", StringComparison.Ordinal)) await Admin.Page.Context.ClearCookiesAsync(new() { Name = cookie.Name });
        }
        await Admin.OpenAsync($"/apps/{App.Id}/authorisation");
        await Admin.Page.Locator("#authorise").ClickAsync();
        await Admin.FillAsync("login", account);
        await Admin.FillAsync("passwd", Contoso.Password);
        await Admin.Page.Locator("#signin button").ClickAsync();
    }

    public Task AnswerConsentAsync(string answer) => Admin.Page.Locator($"#consent button[value={answer}]").ClickAsync();

    public async ValueTask DisposeAsync()
    {
        await Admin.DisposeAsync();
        await Gateway.DisposeAsync();
        await _lab.DisposeAsync();
    }
}
