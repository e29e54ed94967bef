using Microsoft.Identity.Client;
using Passerelle.Clients.Tests;
using Passerelle.Lab.Testing;

[assembly: AssemblyFixture(typeof(ClientsLab))]

namespace Passerelle.Clients.Tests;

/// <summary>One host for all clients; each test takes a lab of its own in it, with SMTP AUTH switched on.</summary>
public sealed class ClientsLab : IAsyncLifetime
{
    public const string Callback = "https://gateway.example/callback";
    public const string AppScope = "https://outlook.office365.com/.default";
    private int _labs;

    /// <summary>What a letter needs.</summary>
    public static string[] SmtpScopes { get; } = ["https://outlook.office.com/SMTP.Send"];

    /// <summary>What reading by IMAP needs.</summary>
    public static string[] ImapScopes { get; } = ["https://outlook.office.com/IMAP.AccessAsUser.All"];

    internal static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal LabFixture Fixture { get; private set; } = null!; // xUnit calls InitializeAsync first

    internal LabControl Control => Fixture.Control;

    internal int SmtpPort => Fixture.Endpoints.SmtpPort ?? throw new InvalidOperationException("The host has no SMTP door");

    internal int ImapPort => Fixture.Endpoints.ImapPort ?? throw new InvalidOperationException("The host has no IMAP door");

    public async ValueTask InitializeAsync() => Fixture = await LabFixture.StartAsync(Cancel);

    public ValueTask DisposeAsync() => Fixture.DisposeAsync();

    internal async Task<Contoso> NewLabAsync()
    {
        Contoso contoso = await Fixture.ContosoAsync($"c{Interlocked.Increment(ref _labs)}", Callback, Cancel);
        await Control.SetOrganisationSmtpAuthAsync(contoso.DirectoryId, true, Cancel);
        return contoso;
    }

    internal LabMail Mail(Contoso contoso) => new(Control, contoso.Lab);

    /// <summary>MSAL.NET with the secret; all that differs from production is the authority and the trust (facts §12).</summary>
    internal IConfidentialClientApplication Msal(Contoso contoso, string? secret = null) =>
        Confidential(contoso).WithClientSecret(secret ?? contoso.ClientSecret).Build();

    internal ConfidentialClientApplicationBuilder Confidential(Contoso contoso) => ConfidentialClientApplicationBuilder
        .Create(contoso.ClientId.ToString())
        .WithAuthority(Fixture.Endpoints.Authority(contoso.DirectoryId).ToString())
        .WithInstanceDiscovery(false)
        .WithRedirectUri(Callback)
        .WithHttpClientFactory(new Trusting(Fixture));

    internal IPublicClientApplication PublicMsal(Contoso contoso) => PublicClientApplicationBuilder
        .Create(contoso.ClientId.ToString())
        .WithAuthority(Fixture.Endpoints.Authority(contoso.DirectoryId).ToString())
        .WithInstanceDiscovery(false)
        .WithHttpClientFactory(new Trusting(Fixture))
        .Build();

    /// <summary>A person signs in at the address that a client made.</summary>
    /// <returns>The code in the callback.</returns>
    internal async Task<string> CodeAsync(Contoso contoso, Uri authorize)
    {
        using LabBrowser browser = Fixture.Browser();
        SignInEnd end = await browser.SignInAsync(authorize, contoso.Support, Contoso.Password, Cancel);
        return end.Field("code") ?? throw new InvalidOperationException("No code: " + end.Html);
    }

    /// <summary>A person enters the code that a device shows, signs in and agrees.</summary>
    internal async Task EnterAsync(Contoso contoso, Uri page, string userCode)
    {
        using LabBrowser browser = Fixture.Browser();
        SignInEnd end = await browser.SubmitAsync(
            await browser.OpenAsync(page, Cancel), "device", new() { ["otc"] = userCode }, Cancel);
        end = await browser.SubmitAsync(
            end, "signin", new() { ["login"] = contoso.Support, ["passwd"] = Contoso.Password }, Cancel);
        if (end.Has("consent")) end = await browser.SubmitAsync(end, "consent", new() { ["answer"] = "accept" }, Cancel);
        Assert.Contains("id=\"device-done\"", end.Html, StringComparison.Ordinal);
    }

    /// <summary>Code flow with PKCE by MSAL.NET as support@.</summary>
    internal async Task<AuthenticationResult> SignInAsync(
        Contoso contoso, IConfidentialClientApplication app, params string[] scopes)
    {
        Uri address = await app.GetAuthorizationRequestUrl(scopes).WithRedirectUri(Callback).WithPkce(out var verifier)
            .ExecuteAsync(Cancel);
        var code = await CodeAsync(contoso, address);
        return await app.AcquireTokenByAuthorizationCode(scopes, code).WithPkceCodeVerifier(verifier).ExecuteAsync(Cancel);
    }

    /// <summary>An access token of support@, as a client that only speaks SMTP would be given it.</summary>
    internal async Task<string> MailTokenAsync(Contoso contoso, params string[] scopes) =>
        (await SignInAsync(contoso, Msal(contoso), scopes is [] ? SmtpScopes : scopes)).AccessToken;

    private sealed class Trusting(LabFixture fixture) : IMsalHttpClientFactory
    {
        public HttpClient GetHttpClient() => fixture.Http;
    }
}
