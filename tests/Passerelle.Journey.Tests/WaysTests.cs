using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Passerelle.Dev.Run;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Tokens;
using Passerelle.Lab.Testing;

namespace Passerelle.Journey.Tests;

/// <summary>The ways beside a secret and a person at the browser, against the twin of Entra ID.</summary>
public sealed class WaysTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_federated_assertion_is_taken_by_Entra_and_its_absence_is_named()
    {
        const string Issuer = "https://cluster.contoso.example", Subject = "system:serviceaccount:mail:passerelle";
        var folder = Directory.CreateTempSubdirectory("passerelle-assertion-");
        var file = Path.Combine(folder.FullName, "token");
        await using var scene = await Scene.DraftAsync(lab, $"--Apps:AssertionFolders:0={folder.FullName}");
        await scene.PrepareMailboxAsync();
        using var rsa = RSA.Create(2048);
        var key = rsa.ExportParameters(false);
        var jwks = new { keys = new[] { new { kty = "RSA", use = "sig", kid = "cluster-1", alg = "RS256", n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) } } };
        await scene.Lab.SendAsync(HttpMethod.Put, $"labs/{scene.Contoso.Lab}/issuers", new { issuer = Issuer, jwks }, Cancel);
        await scene.Lab.SendAsync(
            HttpMethod.Post, $"directories/{scene.Contoso.DirectoryId}/apps/{scene.Contoso.ClientId}/federations", new { name = "cluster", issuer = Issuer, subject = Subject }, Cancel);
        await File.WriteAllTextAsync(file, Assertion(rsa, Issuer, Subject), Cancel);
        await scene.SaveAsync(form => new(form) { ["proof"] = "federated", ["assertionFile"] = file, ["clientSecret"] = "", ["secretExpiryUnknown"] = false });
        await scene.AuthoriseAsync();

        File.Delete(file);
        var refused = Assert.IsType<ConnectOutcome.Refused>(await AgainAsync(scene));
        Assert.Equal("E4b", refused.Finding.SetupStep);
        await File.WriteAllTextAsync(file, Assertion(rsa, Issuer, "system:serviceaccount:mail:somebody-else"), Cancel);
        Assert.Contains("AADSTS700213", Assert.IsType<ConnectOutcome.Refused>(await AgainAsync(scene)).Finding.Detail, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, Assertion(rsa, Issuer, Subject), Cancel);
        Assert.IsType<ConnectOutcome.Connected>(await AgainAsync(scene));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Where_people_may_not_consent_90094_is_named_and_an_administrators_link_opens_the_way()
    {
        await using var scene = await Scene.DraftAsync(lab);
        await scene.PrepareMailboxAsync();
        await scene.SaveAsync();
        await scene.Lab.SetUserConsentAsync(scene.Contoso.DirectoryId, "never", Cancel);
        using var portal = await scene.Gateway.SignInAsync();
        using var mailbox = scene.Fixture.Browser();
        var approval = await mailbox.SignInAsync(await portal.LeaveAsync($"/authorise/{scene.App}?consent=review", Cancel), scene.Contoso.Support, Contoso.Password, Cancel);
        var back = await mailbox.SubmitAsync(approval, "leave", [], Cancel);
        var page = await PageAfterAsync(portal, back.Callback!.PathAndQuery); // it leads back to us
        Assert.Contains("AADSTS90094", page, StringComparison.Ordinal);
        Assert.Contains("Grant admin consent, or allow users to consent", page, StringComparison.Ordinal);

        var link = await scene.Gateway.Services.GetRequiredService<AdminConsents>().MakeAsync(await AppAsync(scene), Guid.Empty, Cancel);
        using var elsewhere = scene.Fixture.Browser();
        var agreed = await elsewhere.SignInAsync(new Uri(link!), scene.Contoso.Administrator, Contoso.Password, Cancel); // Entra has one
        using var nobody = new PortalBrowser(scene.Gateway.PublicUrl);
        Assert.Contains("An administrator has agreed", await PageAfterAsync(nobody, agreed.Callback!.PathAndQuery), StringComparison.Ordinal); // it leads back to us
        Assert.Equal("unauthorised", await scene.StateAsync()); // it was no sign-in
        Assert.Contains("This authorisation was", await PageAfterAsync(nobody, agreed.Callback.PathAndQuery), StringComparison.Ordinal);

        await scene.AuthoriseAsync();
    }

    [Fact]
    public async Task An_application_without_the_right_sends_nothing_and_with_it_sends()
    {
        await using var scene = await Scene.DraftAsync(lab);
        await scene.PrepareMailboxAsync();
        await scene.SaveAsync(form => new(form) { ["way"] = "app-only" });
        await scene.Lab.SetPermissionsAsync(scene.Contoso.DirectoryId, scene.Contoso.ClientId, [(LabControl.Exchange, "Mail.Send", "application")], Cancel);
        await scene.Lab.GrantAdminConsentAsync(scene.Contoso.DirectoryId, scene.Contoso.ClientId, Cancel);
        var without = Assert.IsType<ConnectOutcome.Refused>(await AgainAsync(scene));
        Assert.Equal("E6", without.Finding.SetupStep);
        Assert.Contains("Mail.Send", without.Finding.Detail, StringComparison.Ordinal);
        Assert.Empty(await scene.SubmittedAsync());

        await scene.Lab.SetPermissionsAsync(scene.Contoso.DirectoryId, scene.Contoso.ClientId, [(LabControl.Exchange, "SMTP.SendAsApp", "application")], Cancel);
        await scene.Lab.GrantAdminConsentAsync(scene.Contoso.DirectoryId, scene.Contoso.ClientId, Cancel);
        var unknown = Assert.IsType<ConnectOutcome.Refused>(await AgainAsync(scene));
        Assert.Equal("X4", unknown.Finding.SetupStep);
        var principal = Guid.Parse(unknown.Principal);
        var rights = new LabSubmission(scene.Lab, scene.Contoso.DirectoryId);
        await rights.SetPrincipalsAsync([(scene.Contoso.ClientId, principal)], Cancel);
        await rights.SetMailboxRightsAsync(scene.Contoso.Support, [principal], [principal], Cancel);
        Assert.IsType<ConnectOutcome.Connected>(await AgainAsync(scene));

        await scene.AcknowledgeAsync();
        await scene.AnswerToAsync(await scene.AnnWritesAsync("By the application"));
        await scene.Gateway.StopAsync();
        await scene.Gateway.StartAsync(); // its options name the receiver's port from the second start on
        Assert.All(await scene.ExamineAsync(), finding => Assert.NotEqual("wrong", finding.GetProperty("result").GetString()));
    }

    private static Task<ConnectOutcome> AgainAsync(Scene scene) => AgainAsync(scene, scene.Gateway.Services.GetRequiredService<Connect>());

    private static async Task<ConnectOutcome> AgainAsync(Scene scene, Connect connect) => await connect.ProveAgainAsync(await AppAsync(scene), Cancel);

    private static async Task<EmailApp> AppAsync(Scene scene) =>
        (await scene.Gateway.Services.GetRequiredService<EmailApps>().FindAsync(await scene.Gateway.OrganisationAsync(), scene.App, Cancel))!; // the scene made it

    private static string Assertion(RSA rsa, string issuer, string subject)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = "api://AzureADTokenExchange",
            Claims = new Dictionary<string, object> { ["sub"] = subject },
            NotBefore = now,
            Expires = now.AddHours(1),
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = "cluster-1" }, "RS256"),
        });
    }

    private static async Task<string> PageAfterAsync(PortalBrowser portal, string callback)
    {
        using var answer = await portal.AskAsync(new HttpRequestMessage(HttpMethod.Get, callback), Cancel);
        using var page = await portal.AskAsync(new HttpRequestMessage(HttpMethod.Get, answer.Headers.Location!.ToString()), Cancel); // a redirect has one
        return WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(Cancel));
    }
}
