using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Passerelle.Lab.Testing;
using Passerelle.Lab.Tests.Exchange;

namespace Passerelle.Lab.Tests.Identity;

/// <summary>The guide followed to the letter (facts §13), and tokens that somebody made up.</summary>
public sealed class LiteralGuideTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("never", true, false)]
    [InlineData("never", false, false)]
    [InlineData("lowImpact", true, false)]
    [InlineData("always", true, true)]
    [InlineData("microsoftManaged", true, true)]
    [InlineData("microsoftManaged", false, true)]
    [Shows("2.5:90094", "3.9:Do-not-allow-user-consent", "3.9:Allow-user-consent-for-apps-old-default", "3.9:Let-Microsoft-manage-your-consent-settings-Recom",
        "3.9:User-consent-setting-authorizationPolicy.default", "12:Client-credentials-without-any-granted-role")]
    public async Task Exchange_Mail_Send_and_the_tick_change_nothing_the_consent_radio_does(string radio, bool accessTokens, bool passes)
    {
        Contoso contoso = await GuidedAsync(accessTokens);
        await lab.Fixture.Control.SetUserConsentAsync(contoso.DirectoryId, radio, Cancel);
        SignInEnd end = await lab.SignInAsync(contoso);
        Assert.Null(end.Field("access_token"));
        if (passes) Assert.Equal("SMTP.Send", LabUnderTest.Read((await lab.RedeemAsync(contoso, end.Field("code") ?? "")).Body).GetPayloadValue<string>("scp"));
        else Assert.Contains("AADSTS90094", end.Html, StringComparison.Ordinal);
    }

    [Fact]
    [Shows("1.13:app-roles")]
    public async Task The_guides_permission_gives_a_token_that_SMTP_does_not_take()
    {
        Contoso contoso = await GuidedAsync(accessTokens: true);
        TokenAnswer answer = await lab.AppTokenAsync(contoso);
        Assert.Equal(["Mail.Send"], LabUnderTest.Read(answer.Body).GetPayloadValue<string[]>("roles"));
        Assert.StartsWith("535 5.7.3 ", await SubmitAsync(contoso.Support, answer.Text("access_token")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("good", "235 2.7.0 ")]
    [InlineData("alg none", "535 5.7.3 ")]
    [InlineData("no signature", "535 5.7.3 ")]
    [InlineData("tampered", "535 5.7.3 ")]
    [InlineData("own key", "535 5.7.3 ")]
    [InlineData("other audience", "535 5.7.3 ")]
    [InlineData("other directory", "535 5.7.3 ")]
    [InlineData("expired", "535 5.7.3 ")]
    public async Task A_token_that_is_not_what_it_says_is_refused(string kind, string reply)
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SetMailboxSmtpAuthAsync(contoso.DirectoryId, contoso.Support, true, Cancel);
        var good = (await lab.GrantAsync(contoso)).GetProperty("access_token").GetString() ?? "";
        var token = kind switch
        {
            "good" => good,
            "alg none" => Part(new JsonObject { ["alg"] = "none", ["typ"] = "JWT" }) + "." + good.Split('.')[1] + ".",
            "no signature" => good[..(good.LastIndexOf('.') + 1)],
            "tampered" => Tampered(good),
            "own key" => Resigned(good),
            "other audience" => (await lab.GrantAsync(contoso, "openid Mail.Send")).GetProperty("access_token").GetString() ?? "",
            "other directory" => (await lab.GrantAsync(await lab.NewLabAsync())).GetProperty("access_token").GetString() ?? "",
            _ => good,
        };
        if (kind == "expired") await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromHours(2), Cancel);
        Assert.StartsWith(reply, await SubmitAsync(contoso.Support, token), StringComparison.Ordinal);
    }

    private async Task<Contoso> GuidedAsync(bool accessTokens)
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SetPermissionsAsync(contoso.DirectoryId, contoso.ClientId, [(LabControl.Exchange, "Mail.Send", "application")], Cancel);
        await lab.Fixture.Control.GrantAdminConsentAsync(contoso.DirectoryId, contoso.ClientId, Cancel);
        await lab.Fixture.Control.SetAuthenticationAsync(
            contoso.DirectoryId, contoso.ClientId, [("web", LabUnderTest.Callback)], accessTokens, false, false, Cancel);
        return contoso;
    }

    private async Task<string> SubmitAsync(string user, string token)
    {
        await using var dialogue = await Dialogue.OpenAsync(lab.Fixture.Endpoints.SmtpPort ?? 0);
        await dialogue.EncryptAsync();
        var offer = Encoding.UTF8.GetBytes($"user={user}\u0001auth=Bearer {token}\u0001\u0001");
        return await dialogue.SayAsync("AUTH XOAUTH2 " + Convert.ToBase64String(offer));
    }

    private static string Tampered(string token)
    {
        var parts = token.Split('.');
        JsonObject claims = Claims(token);
        claims["scp"] = "SMTP.Send Mail.Send";
        return parts[0] + "." + Part(claims) + "." + parts[2];
    }

    private static string Resigned(string token)
    {
        using var signer = new Signer(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(150));
        var kid = new JsonWebToken(token).Kid;
        return signer.Sign(new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = kid, ["x5t"] = kid }, Claims(token));
    }

    private static JsonObject Claims(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject(); // a token of the lab

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
