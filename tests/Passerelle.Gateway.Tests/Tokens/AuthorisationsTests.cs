using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Tests.Sending;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Tokens;

public sealed class AuthorisationsTests
{
    private static readonly byte[] Session = SHA256.HashData("session"u8);
    private static readonly byte[] OtherSession = SHA256.HashData("other"u8);

    [Fact]
    public async Task A_sign_in_is_redeemed_with_its_verifier_proved_with_235_and_only_then_stored()
    {
        await using var rig = await OpenAsync();
        var begun = await BeginAsync(rig);
        Assert.Equal("https://mail.contoso.example/callback", begun.Query["redirect_uri"]);
        Assert.Equal("support@contoso.example", begun.Query["login_hint"]);
        Assert.StartsWith("__Host-", begun.Cookie.Name, StringComparison.Ordinal);
        Answer(rig, begun, "support@contoso.example");

        var redeemed = Assert.IsType<CompleteOutcome.Redeemed>(await CompleteAsync(rig, begun));
        var asked = Assert.Single(rig.Authority.Asked);
        Assert.Equal(
            begun.Query["code_challenge"], WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(asked["code_verifier"]))));
        Assert.Null(await rig.StoredRefreshTokenAsync());

        var letter = await rig.Office.LetterAsync(await rig.Office.ConversationAsync());
        Assert.True(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));
        Assert.Equal(LetterState.Blocked, await rig.Office.StateAsync(letter));
        var connected = Assert.IsType<ConnectOutcome.Connected>(await rig.Connect.ProveAsync(redeemed.Redemption, TempStore.Cancel));
        Assert.Equal(1, connected.Freed);
        Assert.Equal("refresh-9", await rig.StoredRefreshTokenAsync());
        Assert.Equal(AppState.Connected, await rig.Office.AppStateAsync());
        Assert.Equal(LetterState.Waiting, await rig.Office.StateAsync(letter));
    }

    [Fact]
    public async Task Another_signed_in_account_is_explained_and_not_stored()
    {
        await using var rig = await OpenAsync();
        rig.Server.AuthReply = "535 5.7.3 Authentication unsuccessful";
        var begun = await BeginAsync(rig);
        Answer(rig, begun, "admin@contoso.example");
        var redeemed = Assert.IsType<CompleteOutcome.Redeemed>(await CompleteAsync(rig, begun));
        var other = Assert.IsType<ConnectOutcome.AnotherAccount>(await rig.Connect.ProveAsync(redeemed.Redemption, TempStore.Cancel));
        Assert.Equal("admin@contoso.example", other.SignedInAs);
        Assert.Equal("G3", other.Finding.SetupStep);
        Assert.Null(await rig.StoredRefreshTokenAsync());
    }

    [Fact]
    public async Task A_call_back_works_once()
    {
        await using var rig = await OpenAsync();
        var begun = await BeginAsync(rig);
        Answer(rig, begun, "support@contoso.example");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CompleteAsync(rig, begun)));
        Assert.Single(outcomes.OfType<CompleteOutcome.Redeemed>());
        Assert.Equal(4, outcomes.OfType<CompleteOutcome.AlreadyDone>().Count());
        Assert.Single(rig.Authority.Asked);
        Assert.Equal("redeemed", Assert.IsType<CompleteOutcome.AlreadyDone>(await CompleteAsync(rig, begun)).Outcome);
    }

    [Fact]
    public async Task A_forged_state_and_anybody_elses_browser_get_nothing_and_spend_nothing()
    {
        await using var rig = await OpenAsync();
        var begun = await BeginAsync(rig);
        Answer(rig, begun, "support@contoso.example");
        Assert.IsType<CompleteOutcome.Forged>(await rig.Authorisations.CompleteAsync(
            new CallbackQuery("invented", "code", null, null), Browser(begun), TempStore.Cancel));
        Assert.IsType<CompleteOutcome.Forged>(await rig.Authorisations.CompleteAsync(
            new CallbackQuery(null, "code", null, null), Browser(begun), TempStore.Cancel));
        var query = new CallbackQuery(begun.Query["state"], "code", null, null);
        Assert.IsType<CompleteOutcome.Foreign>(await rig.Authorisations.CompleteAsync(query, new ReturningBrowser(OtherSession, [], begun.Cookie.Value), TempStore.Cancel));
        Assert.IsType<CompleteOutcome.Foreign>(await rig.Authorisations.CompleteAsync(query, new ReturningBrowser(Session, [], null), TempStore.Cancel));
        Assert.IsType<CompleteOutcome.Foreign>(await rig.Authorisations.CompleteAsync(query, new ReturningBrowser(Session, [], "other"), TempStore.Cancel));
        Assert.IsType<CompleteOutcome.Redeemed>(await CompleteAsync(rig, begun));
    }

    [Theory]
    [InlineData("client_id = '77777777-7777-4888-8999-aaaaaaaaaaaa'")]
    [InlineData("token_url = 'https://evil.example/token'")]
    [InlineData("scope = 'openid offline_access https://graph.microsoft.com/Mail.ReadWrite'")]
    public async Task A_client_that_was_swapped_between_Authorise_and_the_call_back_gets_no_code(string change)
    {
        await using var rig = await OpenAsync();
        var begun = await BeginAsync(rig);
        await rig.SetAsync(change);
        Answer(rig, begun, "support@contoso.example");
        Assert.IsType<CompleteOutcome.Refused>(await CompleteAsync(rig, begun));
        Assert.Empty(rig.Authority.Asked);
    }

    [Fact]
    public async Task Settings_that_changed_between_the_redeemed_code_and_the_proof_store_nothing()
    {
        await using var rig = await OpenAsync();
        var begun = await BeginAsync(rig);
        Answer(rig, begun, "support@contoso.example");
        var redeemed = Assert.IsType<CompleteOutcome.Redeemed>(await CompleteAsync(rig, begun));
        await rig.SetAsync("user_name = 'sales@contoso.example'");
        Assert.IsType<ConnectOutcome.Later>(await rig.Connect.ProveAsync(redeemed.Redemption, TempStore.Cancel));
        Assert.Null(await rig.StoredRefreshTokenAsync());
    }

    [Fact]
    public async Task Reviewing_the_consent_and_a_delegate_are_asked_for_by_the_address()
    {
        await using var rig = await OpenAsync();
        Assert.DoesNotContain("prompt", (await BeginAsync(rig)).Query.Keys);
        await rig.SetAsync("signs_in_as = 'sales@contoso.example'");
        var started = Assert.IsType<BeginOutcome.Started>(await rig.Authorisations.BeginAsync(
            await rig.AppAsync(), new Asker(Guid.Empty, Session) { ReviewConsent = true }, TempStore.Cancel));
        var query = QueryHelpers.ParseQuery(new Uri(started.RedirectUrl).Query);
        Assert.Equal(("consent", "sales@contoso.example"), (query["prompt"].ToString(), query["login_hint"].ToString()));
    }

    [Fact]
    public async Task Blocked_user_consent_is_named_with_the_administrator_who_can_mend_it()
    {
        await using var rig = await OpenAsync();
        var begun = await BeginAsync(rig);
        var refused = Assert.IsType<CompleteOutcome.Refused>(await rig.Authorisations.CompleteAsync(
            new CallbackQuery(begun.Query["state"], null, "access_denied", "AADSTS90094: The grant requires admin permission."), Browser(begun), TempStore.Cancel));
        Assert.Equal(("E7", Cause.Entra), (refused.Finding.SetupStep, refused.Finding.Owner));
    }

    [Fact]
    public async Task After_ten_minutes_it_has_expired()
    {
        await using var rig = await OpenAsync();
        var begun = await BeginAsync(rig);
        rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.IsType<CompleteOutcome.Expired>(await CompleteAsync(rig, begun));
        Assert.Empty(rig.Authority.Asked);
    }

    [Fact]
    public async Task A_refused_consent_says_who_must_do_what()
    {
        await using var rig = await OpenAsync();
        var begun = await BeginAsync(rig);
        var refused = Assert.IsType<CompleteOutcome.Refused>(await rig.Authorisations.CompleteAsync(
            new CallbackQuery(begun.Query["state"], null, "access_denied", "AADSTS65004: User declined to consent"),
            Browser(begun), TempStore.Cancel));
        Assert.Equal(("G3", Cause.Mailbox), (refused.Finding.SetupStep, refused.Finding.Owner));
        Assert.Contains("AADSTS65004", refused.Finding.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonce")]
    [InlineData("audience")]
    [InlineData("issuer")]
    [InlineData("key")]
    [InlineData("time")]
    public async Task An_id_token_that_proves_nothing_is_refused(string wrong)
    {
        await using var rig = await OpenAsync();
        var begun = await BeginAsync(rig);
        using var stranger = RSA.Create(2048);
        var now = rig.Office.Temp.Time.GetUtcNow();
        Answer(rig, rig.Authority.IdToken(
            wrong == "audience" ? "another-client" : begun.Query["client_id"],
            wrong == "nonce" ? "another" : begun.Query["nonce"],
            "support@contoso.example",
            wrong == "time" ? now.AddHours(-2) : now,
            wrong == "issuer" ? "https://evil.example" : null,
            wrong == "key" ? stranger : null));
        Assert.IsType<CompleteOutcome.Refused>(await CompleteAsync(rig, begun));
    }

    private static async Task<SendingRig> OpenAsync() => await SendingRig.OpenAsync(withGrant: false);

    private static async Task<Begun> BeginAsync(SendingRig rig)
    {
        var started = Assert.IsType<BeginOutcome.Started>(await rig.Authorisations.BeginAsync(
            await rig.AppAsync(), new Asker(Guid.CreateVersion7(rig.Office.Temp.Time.GetUtcNow()), Session), TempStore.Cancel));
        var query = QueryHelpers.ParseQuery(new Uri(started.RedirectUrl).Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        return new Begun(query, started.Cookie);
    }

    private static Task<CompleteOutcome> CompleteAsync(SendingRig rig, Begun begun) => rig.Authorisations.CompleteAsync(
        new CallbackQuery(begun.Query["state"], "code-1", null, null), Browser(begun), TempStore.Cancel);

    private static ReturningBrowser Browser(Begun begun) => new(Session, [], begun.Cookie.Value);

    private static void Answer(SendingRig rig, Begun begun, string account) => Answer(rig, rig.Authority.IdToken(
        begun.Query["client_id"], begun.Query["nonce"], account, rig.Office.Temp.Time.GetUtcNow()));

    private static void Answer(SendingRig rig, string idToken) => rig.Authority.Answer = _ => Task.FromResult<(int, object)>((
        200,
        new { token_type = "Bearer", access_token = "token-9", expires_in = 3600, refresh_token = "refresh-9", id_token = idToken }));

    private sealed record Begun(Dictionary<string, string> Query, AuthorisationCookie Cookie);
}
