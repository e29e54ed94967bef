using Microsoft.AspNetCore.WebUtilities;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

/// <summary>Both admin consent endpoints (facts §1.16).</summary>
public sealed class AdminConsentTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Shows("1.1:admin-consent-v1", "3.9:Delegated-consent-creates-an-oauth2PermissionGra")]
    public async Task The_old_endpoint_grants_everything_registered()
    {
        Contoso contoso = await ListedAsync();
        SignInEnd end = await AskAsync(contoso, "adminconsent", contoso.Administrator, consent: true);
        Assert.Equal(("True", contoso.DirectoryId.ToString(), "s1"), (end.Field("admin_consent"), end.Field("tenant"), end.Field("state")));
        Assert.Equal(["SMTP.SendAsApp"], LabUnderTest.Read((await lab.AppTokenAsync(contoso)).Body).GetPayloadValue<string[]>("roles"));
        using LabBrowser person = lab.Fixture.Browser();
        Assert.NotNull((await person.SignInAsync(lab.Authorize(contoso), contoso.Support, Contoso.Password, Cancel)).Field("code"));
    }

    [Fact]
    [Shows("1.1:admin-consent-v2")]
    public async Task The_new_endpoint_grants_what_is_asked()
    {
        Contoso contoso = await ListedAsync();
        SignInEnd end = await AskAsync(contoso, "v2.0/adminconsent", contoso.Administrator, consent: true, ("scope", "https://outlook.office365.com/.default"));
        Assert.Equal(("True", contoso.DirectoryId.ToString(), "https://outlook.office365.com/.default"),
            (end.Field("admin_consent"), end.Field("tenant"), end.Field("scope")));
        Assert.Equal(["SMTP.SendAsApp"], LabUnderTest.Read((await lab.AppTokenAsync(contoso)).Body).GetPayloadValue<string[]>("roles"));
    }

    [Fact]
    [Shows("2.5:65004", "1.1:admin-consent-v1", "1.1:admin-consent-v2")]
    public async Task A_refusal_has_another_shape_on_each()
    {
        Contoso contoso = await ListedAsync();
        SignInEnd old = await AskAsync(contoso, "adminconsent", contoso.Administrator, consent: false);
        Assert.Equal(("permission_denied", "The admin canceled the request"), (old.Field("error"), old.Field("error_description")));
        SignInEnd end = await AskAsync(contoso, "v2.0/adminconsent", contoso.Administrator, consent: false, ("scope", "https://outlook.office365.com/.default"));
        Assert.Equal(("consent_required", "True"), (end.Field("error"), end.Field("admin_consent")));
        Assert.StartsWith("AADSTS65004:", end.Field("error_description"), StringComparison.Ordinal);
    }

    [Fact]
    [Shows("2.5:90093", "2.5:650056", "2.1:90124-90130")]
    public async Task Only_an_administrator_of_one_directory_may_and_only_for_something()
    {
        Contoso contoso = await ListedAsync();
        Assert.Contains("AADSTS90093", (await AskAsync(contoso, "adminconsent", contoso.Support, consent: true)).Html, StringComparison.Ordinal);
        await lab.Fixture.Control.SetPermissionsAsync(contoso.DirectoryId, contoso.ClientId, [], Cancel);
        SignInEnd none = await AskAsync(contoso, "adminconsent", contoso.Administrator, consent: true);
        Assert.StartsWith("AADSTS650056:", none.Field("error_description"), StringComparison.Ordinal);

        Guid wide = await lab.Fixture.Control.RegisterAppAsync(contoso.DirectoryId, "Wide", LabUnderTest.Callback, "azureADMultipleOrgs", "web", Cancel);
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd common = await browser.OpenAsync(Address("common", wide, "v2.0/adminconsent", ("scope", "User.Read")), Cancel);
        Assert.Contains("AADSTS90130", common.Html, StringComparison.Ordinal);
        Assert.True((await browser.OpenAsync(Address("organizations", wide, "v2.0/adminconsent", ("scope", "User.Read")), Cancel)).Has("who"));
    }

    private async Task<Contoso> ListedAsync()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SetPermissionsAsync(contoso.DirectoryId, contoso.ClientId,
            [(LabControl.Exchange, "SMTP.SendAsApp", "application"), (LabControl.Graph, "SMTP.Send", "delegated"), (LabControl.Graph, "User.Read", "delegated")], Cancel);
        return contoso;
    }

    private Uri Address(string segment, Guid app, string endpoint, params (string, string)[] more) => new(QueryHelpers.AddQueryString(
        new Uri(lab.Fixture.Endpoints.Https, $"/{segment}/{endpoint}").ToString(),
        new Dictionary<string, string?>([.. more.Select(m => KeyValuePair.Create(m.Item1, (string?)m.Item2)),
            KeyValuePair.Create("client_id", (string?)app.ToString()), KeyValuePair.Create("redirect_uri", (string?)LabUnderTest.Callback),
            KeyValuePair.Create("state", (string?)"s1")])));

    private async Task<SignInEnd> AskAsync(Contoso contoso, string endpoint, string login, bool consent, params (string, string)[] more)
    {
        using LabBrowser browser = lab.Fixture.Browser();
        return await browser.SignInAsync(
            Address(contoso.DirectoryId.ToString(), contoso.ClientId, endpoint, more), login, Contoso.Password, consent, Cancel);
    }
}
