using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Passerelle.Lab.Testing;
using static Passerelle.Clients.Tests.ClientsLab;

namespace Passerelle.Clients.Tests;

/// <summary>ASP.NET's own sign-in: discovery, keys, nonce, form_post, code with PKCE, id_token.</summary>
public sealed partial class OpenIdConnectTests(ClientsLab lab)
{
    [Fact]
    [Shows("1.1:discovery-document", "1.1:signing-keys", "1.4:nonce", "1.4:response-mode", "1.4:state", "1.7:https-only-http-only-for-localhost")]
    public async Task A_site_signs_its_visitor_in_and_knows_who_he_is()
    {
        Contoso contoso = await lab.NewLabAsync();
        using X509Certificate2 certificate = OfLocalhost();
        await using WebApplication site = Site(contoso, certificate);
        await site.StartAsync(Cancel);
        var claims = new Uri(new Uri(site.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal)), "/claims");
        await lab.Control.SetAuthenticationAsync(contoso.DirectoryId, contoso.ClientId,
            [("web", new Uri(claims, "/signin-oidc").ToString())], false, false, false, Cancel);

        using HttpClient visitor = Visitor(certificate);
        using HttpResponseMessage challenged = await visitor.GetAsync(claims, Cancel);
        Uri authorize = challenged.Headers.Location ?? throw new InvalidOperationException("Not challenged");
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd end = await browser.SignInAsync(authorize, contoso.Support, Contoso.Password, Cancel);

        using var form = new FormUrlEncodedContent(Hidden().Matches(end.Html)
            .ToDictionary(field => field.Groups[1].Value, field => WebUtility.HtmlDecode(field.Groups[2].Value)));
        using HttpResponseMessage signedIn = await visitor.PostAsync(new Uri(claims, "/signin-oidc"), form, Cancel);
        Assert.Equal(claims, new Uri(claims, signedIn.Headers.Location?.ToString()));
        JsonElement known = JsonSerializer.Deserialize<JsonElement>(await visitor.GetStringAsync(claims, Cancel));
        Assert.Equal(contoso.Support, known.GetProperty("preferred_username").GetString());
        Assert.Equal(contoso.DirectoryId.ToString(), known.GetProperty("tid").GetString());
        Assert.Equal(contoso.ClientId.ToString(), known.GetProperty("aud").GetString());
    }

    private WebApplication Site(Contoso contoso, X509Certificate2 certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, door => door.UseHttps(certificate)));
        builder.Services.AddAuthorization().AddAuthentication(options =>
        {
            options.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
            options.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;
        }).AddCookie().AddOpenIdConnect(options =>
        {
            options.Authority = $"{lab.Fixture.Endpoints.Authority(contoso.DirectoryId)}/v2.0";
            options.ClientId = contoso.ClientId.ToString();
            options.ClientSecret = contoso.ClientSecret;
            options.ResponseType = "code";
            options.MapInboundClaims = false;
            options.ClaimActions.Remove("aud"); // the default action deletes it; so it is kept
            options.Backchannel = lab.Fixture.Client(followRedirects: true, cookies: false);
        });
        WebApplication site = builder.Build();
        site.UseAuthentication().UseAuthorization();
        site.MapGet("/claims", (ClaimsPrincipal who) => who.Claims.GroupBy(claim => claim.Type)
            .ToDictionary(claim => claim.Key, claim => claim.First().Value)).RequireAuthorization();
        return site;
    }

    /// <summary>A browser at the site, which keeps its cookies.</summary>
    private static HttpClient Visitor(X509Certificate2 certificate) => new(new HttpClientHandler
    {
        AllowAutoRedirect = false,
        ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == certificate.Thumbprint,
    });

    private static X509Certificate2 OfLocalhost()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">")]
    private static partial Regex Hidden();
}
