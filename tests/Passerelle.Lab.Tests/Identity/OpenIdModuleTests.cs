using System.Collections.Frozen;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

/// <summary>
/// What the OpenID conformance suite asks of an authorization server (<c>corpora/oauth-conformance-op</c>), where Entra ID
/// does it at all; each module is named, and what Entra ID leaves out is named with its reason.
/// </summary>
public sealed class OpenIdModuleTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static readonly FrozenDictionary<string, string> NotAtEntra = new Dictionary<string, string>
    {
        ["oidcc-3rd_party-init-login"] = "no initiate_login_uri",
        ["oidcc-3rd_party-init-login-nohttps"] = "no initiate_login_uri",
        ["oidcc-alternate-happy-flow"] = "asks for address and phone at a dynamic client",
        ["oidcc-backchannel-rp-initiated-logout"] = "no back-channel logout",
        ["oidcc-backchannel-logout-discovery-endpoint-verification"] = "no back-channel logout",
        ["oidcc-frontchannel-rp-initiated-logout"] = "the frames of other applications are a browser's matter",
        ["oidcc-ensure-request-object-with-redirect-uri"] = "no request objects",
        ["oidcc-idtoken-unsigned"] = "RS256 only",
        ["oidcc-refresh-token-rp-key-rotation"] = "no keys of a dynamic client",
        ["oidcc-registration-jwks-uri"] = "no dynamic registration",
        ["oidcc-registration-logo-uri"] = "no dynamic registration",
        ["oidcc-registration-policy-uri"] = "no dynamic registration",
        ["oidcc-registration-sector-bad"] = "no dynamic registration",
        ["oidcc-registration-sector-uri"] = "no dynamic registration",
        ["oidcc-registration-tos-uri"] = "no dynamic registration",
        ["oidcc-request-uri-signed-rs256"] = "request_uri_parameter_supported is false",
        ["oidcc-request-uri-unsigned"] = "request_uri_parameter_supported is false",
        ["oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported"] = "request_uri_parameter_supported is false",
        ["oidcc-rp-initiated-logout-bad-id-token-hint"] = "logout reads no id_token_hint (facts §1.1)",
        ["oidcc-rp-initiated-logout-modified-id-token-hint"] = "logout reads no id_token_hint",
        ["oidcc-rp-initiated-logout-no-id-token-hint"] = "logout reads no id_token_hint",
        ["oidcc-scope-address"] = "scopes are openid, profile, email and offline_access (facts §1.2)",
        ["oidcc-scope-all"] = "no address and phone scopes",
        ["oidcc-scope-phone"] = "no address and phone scopes",
        ["oidcc-server-rotate-keys"] = "a directory of the lab keeps its key",
        ["oidcc-session-management-discovery-endpoint-verification"] = "no session frame",
        ["oidcc-session-management-rp-initiated-logout"] = "no session frame",
        ["oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported"] = "no request objects",
        ["oidcc-userinfo-post-body"] = "the token goes into the header",
        ["oidcc-userinfo-rs256"] = "userinfo is plain JSON",
    }.ToFrozenDictionary();

    /// <summary>OpenID Connect Discovery §3.</summary>
    private static readonly string[] Required =
    [
        "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "response_types_supported", "subject_types_supported",
        "id_token_signing_alg_values_supported",
    ];

    private static readonly FrozenDictionary<string, Func<OpenIdModuleTests, Contoso, Task>> Modules =
        new Dictionary<string, Func<OpenIdModuleTests, Contoso, Task>>
        {
            ["oidcc-server"] = (t, c) => t.GivesAsync(c, (_, answer) => Assert.Equal("n-1", LabUnderTest.Read(answer, "id_token").GetPayloadValue<string>("nonce"))),
            ["oidcc-idtoken-rs256"] = (t, c) => t.GivesAsync(c, (_, answer) => Assert.Equal("RS256", LabUnderTest.Read(answer, "id_token").Alg)),
            ["oidcc-idtoken-signature"] = (t, c) => t.GivesAsync(c, (_, answer) => Assert.Equal("RS256", LabUnderTest.Read(answer, "id_token").Alg)),
            ["oidcc-codereuse"] = (t, c) => t.CodeReuseAsync(c, TimeSpan.Zero),
            ["oidcc-codereuse-30seconds"] = (t, c) => t.CodeReuseAsync(c, TimeSpan.FromSeconds(30)),
            ["oidcc-claims-essential"] = (t, c) => t.GivesAsync(
                c, (_, answer) => Assert.NotEmpty(LabUnderTest.Read(answer, "id_token").GetPayloadValue<string>("name")),
                ("claims", """{"id_token":{"name":{"essential":true}}}""")),
            ["oidcc-claims-locales"] = (t, c) => t.GivesAsync(c, ("claims_locales", "se")),
            ["oidcc-ui-locales"] = (t, c) => t.GivesAsync(c, ("ui_locales", "se")),
            ["oidcc-display-page"] = (t, c) => t.GivesAsync(c, ("display", "page")),
            ["oidcc-display-popup"] = (t, c) => t.GivesAsync(c, ("display", "popup")),
            ["oidcc-ensure-request-with-acr-values-succeeds"] = (t, c) => t.GivesAsync(c, ("acr_values", "1")),
            ["oidcc-ensure-request-with-unknown-parameter-succeeds"] = (t, c) => t.GivesAsync(c, ("extra", "foobar")),
            ["oidcc-ensure-request-with-valid-pkce-succeeds"] = (t, c) => t.GivesAsync(c),
            ["oidcc-ensure-request-without-nonce-succeeds-for-code-flow"] = (t, c) => t.GivesAsync(
                c, (_, answer) => Assert.False(LabUnderTest.Read(answer, "id_token").TryGetPayloadValue("nonce", out string _)), ("nonce", null)),
            ["oidcc-ensure-request-without-nonce-fails"] = async (t, c) =>
            {
                await t.Lab.Fixture.Control.SetAuthenticationAsync(c.DirectoryId, c.ClientId, [("web", LabUnderTest.Callback)], true, true, false, Cancel);
                Assert.Equal("invalid_request", (await t.Lab.SignInAsync(c, ("response_type", "id_token"), ("nonce", null))).Field("error"));
            },
            ["oidcc-response-type-missing"] = async (t, c) =>
                Assert.Contains((await t.Lab.SignInAsync(c, ("response_type", null))).Field("error"), new[] { "invalid_request", "unsupported_response_type" }),
            ["oidcc-ensure-post-request-succeeds"] = async (t, c) =>
            {
                using LabBrowser browser = t.Lab.Fixture.Browser();
                Uri asked = t.Lab.Authorize(c);
                var fields = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(asked.Query).ToDictionary(f => f.Key, f => f.Value.ToString());
                var posted = new SignInEnd(new Uri(asked.GetLeftPart(UriPartial.Path)), 200, "", null);
                SignInEnd page = await browser.SubmitAsync(posted, "none", fields, Cancel);
                Assert.True(page.Has("signin"), page.Html);
                Assert.NotNull((await browser.SignInAsync(page.Address, c.Support, Contoso.Password, Cancel)).Field("code"));
            },
            ["oidcc-ensure-redirect-uri-in-authorization-request"] = async (t, c) =>
            {
                await t.RedirectsAsync(c, LabUnderTest.Callback, LabUnderTest.Callback + "2");
                await t.StaysOnThePageAsync(c, ("redirect_uri", null));
            },
            ["oidcc-ensure-registered-redirect-uri"] = (t, c) => t.StaysOnThePageAsync(c, ("redirect_uri", LabUnderTest.Callback + "/other")),
            ["oidcc-redirect-uri-query-added"] = (t, c) => t.StaysOnThePageAsync(c, ("redirect_uri", LabUnderTest.Callback + "?foo=bar")),
            ["oidcc-redirect-uri-query-mismatch"] = async (t, c) =>
            {
                await t.RedirectsAsync(c, LabUnderTest.Callback + "?foo=bar");
                await t.StaysOnThePageAsync(c, ("redirect_uri", LabUnderTest.Callback + "?foo=baz"));
            },
            ["oidcc-redirect-uri-query-OK"] = async (t, c) =>
            {
                await t.RedirectsAsync(c, LabUnderTest.Callback + "?foo=bar");
                SignInEnd end = await t.Lab.SignInAsync(c, ("redirect_uri", LabUnderTest.Callback + "?foo=bar"));
                Assert.Equal("bar", end.Field("foo"));
                Assert.NotNull(end.Field("code"));
            },
            ["oidcc-redirect-uri-regfrag"] = (t, c) => Assert.ThrowsAsync<LabRefusedException>(() => t.RedirectsAsync(c, LabUnderTest.Callback + "#foobar")),
            ["oidcc-login-hint"] = async (t, c) =>
            {
                using LabBrowser browser = t.Lab.Fixture.Browser();
                Assert.Contains($"value=\"{c.Sales}\"", (await browser.OpenAsync(t.Lab.Authorize(c, ("login_hint", c.Sales)), Cancel)).Html, StringComparison.Ordinal);
            },
            ["oidcc-prompt-login"] = (t, c) => t.AsksAgainAsync(c, asks: true, TimeSpan.Zero, ("prompt", "login")),
            ["oidcc-max-age-1"] = (t, c) => t.AsksAgainAsync(c, asks: true, TimeSpan.FromSeconds(5), ("max_age", "1")),
            ["oidcc-max-age-10000"] = (t, c) => t.AsksAgainAsync(c, asks: false, TimeSpan.FromSeconds(5), ("max_age", "10000")),
            ["oidcc-prompt-none-logged-in"] = (t, c) => t.AsksAgainAsync(c, asks: false, TimeSpan.Zero, ("prompt", "none")),
            ["oidcc-id-token-hint"] = (t, c) => t.AsksAgainAsync(c, asks: false, TimeSpan.Zero, ("prompt", "none"), ("id_token_hint", "the one of before")),
            ["oidcc-prompt-none-not-logged-in"] = async (t, c) => Assert.Equal("login_required", (await t.Lab.SignInAsync(c, ("prompt", "none"))).Field("error")),
            ["oidcc-refresh-token"] = async (t, c) =>
            {
                var refresh = (await t.Lab.GrantAsync(c)).GetProperty("refresh_token").GetString()!; // offline_access was asked for
                Assert.Matches(@"^[\x20-\x7e]+$", refresh);
                Assert.Equal(200, (await t.Lab.RefreshAsync(c, refresh)).Status);
                Guid other = await t.Lab.Fixture.Control.RegisterAppAsync(c.DirectoryId, "Other", LabUnderTest.Callback, Cancel);
                (_, var secret) = await t.Lab.Fixture.Control.AddSecretAsync(c.DirectoryId, other, "s", null, Cancel);
                Assert.Equal("invalid_grant", (await t.Lab.RefreshAsync(c with { ClientId = other, ClientSecret = secret }, refresh)).Text("error"));
            },
            ["oidcc-scope-profile"] = (t, c) => t.GivesAsync(c, HasName, ("scope", "openid profile")),
            ["oidcc-scope-email"] = (t, c) => t.GivesAsync(
                c, (contoso, answer) => Assert.Equal(contoso.Support, LabUnderTest.Read(answer, "id_token").GetPayloadValue<string>("email")), ("scope", "openid email")),
            ["oidcc-userinfo-get"] = (t, c) => t.UserInfoAsync(c, HttpMethod.Get),
            ["oidcc-userinfo-post-header"] = (t, c) => t.UserInfoAsync(c, HttpMethod.Post),
            ["oidcc-discovery-endpoint-verification"] = async (t, c) =>
            {
                using JsonDocument own = await t.DiscoveryAsync(c);
                JsonElement recorded = Corpora.Json("oauth-entra-metadata", "OpenidConfiguration.json");
                Assert.Empty(recorded.EnumerateObject().Select(p => p.Name).Except(NamesOf(own)).Except(["check_session_iframe"])); // recorded before session frames went
                Assert.Empty(Required.Except(NamesOf(own)));
            },
            ["oidcc-frontchannel-logout-discovery-endpoint-verification"] = async (t, c) =>
            {
                using JsonDocument own = await t.DiscoveryAsync(c);
                Assert.True(own.RootElement.GetProperty("frontchannel_logout_supported").GetBoolean());
            },
            ["oidcc-rp-initiated-logout-discovery-endpoint-verification"] = async (t, c) =>
            {
                using JsonDocument own = await t.DiscoveryAsync(c);
                Assert.EndsWith("/logout", own.RootElement.GetProperty("end_session_endpoint").GetString(), StringComparison.Ordinal);
            },
            ["oidcc-rp-initiated-logout"] = async (t, c) => Assert.Equal("s1", (await t.LogoutAsync(c, $"?state=s1&post_logout_redirect_uri={Escaped(LabUnderTest.Callback)}", ended: true)).Field("state")),
            ["oidcc-rp-initiated-logout-no-state"] = async (t, c) =>
            {
                SignInEnd end = await t.LogoutAsync(c, $"?post_logout_redirect_uri={Escaped(LabUnderTest.Callback)}", ended: true);
                Assert.NotNull(end.Callback);
                Assert.Null(end.Field("state"));
            },
            ["oidcc-rp-initiated-logout-only-state"] = async (t, c) => Assert.Null((await t.LogoutAsync(c, "?state=s1", ended: true)).Callback),
            ["oidcc-rp-initiated-logout-no-params"] = async (t, c) => Assert.Null((await t.LogoutAsync(c, "", ended: true)).Callback),
            ["oidcc-rp-initiated-logout-no-post-logout-redirect-uri"] = async (t, c) => Assert.Null((await t.LogoutAsync(c, "?id_token_hint=x&state=s1", ended: true)).Callback),
            ["oidcc-rp-initiated-logout-bad-post-logout-redirect-uri"] = async (t, c) =>
                Assert.Null((await t.LogoutAsync(c, "?post_logout_redirect_uri=https%3A%2F%2Fother.example%2F", ended: false)).Callback),
            ["oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri"] = async (t, c) =>
                Assert.Null((await t.LogoutAsync(c, $"?post_logout_redirect_uri={Escaped(LabUnderTest.Callback + "?foo=bar")}", ended: false)).Callback),
        }.ToFrozenDictionary();

    internal LabUnderTest Lab => lab;

    public static TheoryData<string> Names => [.. Modules.Keys.Order()];

    [Theory, MemberData(nameof(Names))]
    public async Task A_module_of_the_conformance_suite_sees_what_it_must(string module) => await Modules[module](this, await lab.NewLabAsync());

    [Fact]
    public void Every_module_is_played_or_has_its_reason()
    {
        using var modules = JsonDocument.Parse(Corpora.Bytes("oauth-conformance-op", "op-modules.json"));
        Assert.Equal(modules.RootElement.EnumerateArray().Select(m => m.GetProperty("testName").GetString()!).Order(), Modules.Keys.Concat(NotAtEntra.Keys).Order());
    }

    private static HashSet<string> NamesOf(JsonDocument document) => [.. document.RootElement.EnumerateObject().Select(p => p.Name)];

    private static string Escaped(string uri) => Uri.EscapeDataString(uri);

    private static void HasName(Contoso contoso, JsonElement answer) =>
        Assert.NotEmpty(LabUnderTest.Read(answer, "id_token").GetPayloadValue<string>("name"));

    private Task GivesAsync(Contoso contoso, params (string Name, string? Value)[] changes) => GivesAsync(contoso, HasName, changes);

    private async Task GivesAsync(Contoso contoso, Action<Contoso, JsonElement> look, params (string Name, string? Value)[] changes)
    {
        SignInEnd end = await lab.SignInAsync(contoso, changes);
        TokenAnswer answer = await lab.RedeemAsync(contoso, end.Field("code") ?? end.Html);
        Assert.Equal(200, answer.Status);
        look(contoso, answer.Body);
    }

    private async Task CodeReuseAsync(Contoso contoso, TimeSpan later)
    {
        var code = (await lab.SignInAsync(contoso)).Field("code") ?? "";
        Assert.Equal(200, (await lab.RedeemAsync(contoso, code)).Status);
        if (later > TimeSpan.Zero) await lab.Fixture.Control.AdvanceAsync(contoso.Lab, later, Cancel);
        Assert.Equal("invalid_grant", (await lab.RedeemAsync(contoso, code)).Text("error"));
    }

    private async Task StaysOnThePageAsync(Contoso contoso, (string Name, string? Value) change)
    {
        SignInEnd end = await lab.SignInAsync(contoso, change);
        Assert.Null(end.Callback);
        Assert.Contains("AADSTS", end.Html, StringComparison.Ordinal);
    }

    private Task RedirectsAsync(Contoso contoso, params string[] uris) => lab.Fixture.Control.SetAuthenticationAsync(
        contoso.DirectoryId, contoso.ClientId, [.. uris.Select(uri => ("web", uri))], false, false, false, Cancel);

    /// <summary>Signs in, waits, asks again: is the password asked again?</summary>
    private async Task AsksAgainAsync(Contoso contoso, bool asks, TimeSpan after, params (string, string?)[] changes)
    {
        using LabBrowser browser = lab.Fixture.Browser();
        Assert.NotNull((await browser.SignInAsync(lab.Authorize(contoso), contoso.Support, Contoso.Password, Cancel)).Field("code"));
        if (after > TimeSpan.Zero) await lab.Fixture.Control.AdvanceAsync(contoso.Lab, after, Cancel);
        SignInEnd again = await browser.OpenAsync(lab.Authorize(contoso, changes), Cancel);
        Assert.Equal(asks, again.Has("signin"));
        Assert.Equal(!asks, again.Field("code") is not null);
    }

    private async Task<SignInEnd> LogoutAsync(Contoso contoso, string query, bool ended)
    {
        using LabBrowser browser = lab.Fixture.Browser();
        Assert.NotNull((await browser.SignInAsync(lab.Authorize(contoso), contoso.Support, Contoso.Password, Cancel)).Field("code"));
        SignInEnd end = await browser.OpenAsync(new Uri(lab.Fixture.Endpoints.Https, $"/{contoso.DirectoryId}/oauth2/v2.0/logout{query}"), Cancel);
        Assert.Equal(ended, (await browser.OpenAsync(lab.Authorize(contoso), Cancel)).Has("signin"));
        return end;
    }

    private async Task UserInfoAsync(Contoso contoso, HttpMethod verb)
    {
        JsonElement graph = await lab.GrantAsync(contoso, "openid profile email User.Read");
        using JsonDocument own = await DiscoveryAsync(contoso);
        Assert.EndsWith("/oidc/userinfo", own.RootElement.GetProperty("userinfo_endpoint").GetString(), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(verb, "/oidc/userinfo");
        request.Headers.Authorization = new("Bearer", graph.GetProperty("access_token").GetString());
        using HttpResponseMessage answer = await lab.Fixture.Http.SendAsync(request, Cancel);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(LabUnderTest.Read(graph, "id_token").Subject, body.RootElement.GetProperty("sub").GetString());
    }

    private async Task<JsonDocument> DiscoveryAsync(Contoso contoso) =>
        JsonDocument.Parse(await lab.Fixture.Http.GetStringAsync($"/{contoso.DirectoryId}/v2.0/.well-known/openid-configuration", Cancel));
}
