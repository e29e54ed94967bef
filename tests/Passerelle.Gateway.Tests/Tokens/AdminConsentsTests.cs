using Microsoft.AspNetCore.WebUtilities;
using Passerelle.Gateway.Tests.Sending;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Tokens;

/// <summary>An administrator's answer is bound to the state alone, is heard once, and signs nobody in.</summary>
public sealed class AdminConsentsTests
{
    [Fact]
    public async Task The_link_asks_for_this_apps_scope_and_an_agreement_is_remembered_without_any_token()
    {
        await using var rig = await OpenAsync();
        var (url, state) = await MakeAsync(rig);
        Assert.StartsWith($"{rig.Authority.Url}/v2.0/adminconsent?", url, StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(new Uri(url).Query);
        var app = await rig.AppAsync();
        Assert.Equal((app.ClientId, app.Scope, "https://mail.contoso.example/callback"), (query["client_id"].ToString(), query["scope"].ToString(), query["redirect_uri"].ToString()));

        var answered = Assert.IsType<CompleteOutcome.AdminAnswered>(await CompleteAsync(rig, state, consent: "True", tenant: app.DirectoryId));
        Assert.Null(answered.Finding);
        Assert.Equal("consented", (await rig.AdminConsents.LastAsync(app.OrganisationId, app.Id, TempStore.Cancel))!.Outcome); // made above
        Assert.Empty(rig.Authority.Asked);
        Assert.Null(await rig.StoredRefreshTokenAsync());
    }

    [Fact]
    public async Task A_refusal_says_admin_consent_True_too_and_the_error_is_looked_at_first()
    {
        await using var rig = await OpenAsync();
        var (_, state) = await MakeAsync(rig);
        var answered = Assert.IsType<CompleteOutcome.AdminAnswered>(await rig.Authorisations.CompleteAsync(
            new CallbackQuery(state, null, "consent_required", "AADSTS65004: The resource owner denied the request.") { AdminConsent = "True" },
            Nobody, TempStore.Cancel));
        Assert.Contains("AADSTS65004", answered.Finding!.Detail, StringComparison.Ordinal); // refused
        var app = await rig.AppAsync();
        var last = await rig.AdminConsents.LastAsync(app.OrganisationId, app.Id, TempStore.Cancel);
        Assert.Equal(("refused", answered.Finding), (last!.Outcome, last.Refusal)); // made above
    }

    [Fact]
    public async Task A_state_that_nobody_made_is_forged_and_one_that_was_answered_is_not_heard_again()
    {
        await using var rig = await OpenAsync();
        Assert.IsType<CompleteOutcome.Forged>(await CompleteAsync(rig, "invented", consent: "True"));
        var (_, state) = await MakeAsync(rig);
        await CompleteAsync(rig, state, consent: null);
        Assert.IsType<CompleteOutcome.AlreadyDone>(await CompleteAsync(rig, state, consent: "True"));
        var app = await rig.AppAsync();
        Assert.Equal("refused", (await rig.AdminConsents.LastAsync(app.OrganisationId, app.Id, TempStore.Cancel))!.Outcome); // made above
    }

    [Theory]
    [InlineData("False", null)]
    [InlineData("yes", null)]
    [InlineData("True", "99999999-9999-4999-8999-999999999999")]
    public async Task What_is_no_agreement_of_the_apps_own_directory_is_refused(string consent, string? tenant)
    {
        await using var rig = await OpenAsync();
        var (_, state) = await MakeAsync(rig);
        Assert.NotNull(Assert.IsType<CompleteOutcome.AdminAnswered>(await CompleteAsync(rig, state, consent, tenant)).Finding);
    }

    [Fact]
    public async Task A_code_that_comes_with_an_administrators_state_is_never_redeemed()
    {
        await using var rig = await OpenAsync();
        var (_, state) = await MakeAsync(rig);
        await rig.Authorisations.CompleteAsync(new CallbackQuery(state, "code-1", null, null) { AdminConsent = "True" }, Nobody, TempStore.Cancel);
        Assert.Empty(rig.Authority.Asked);
        Assert.Null(await rig.StoredRefreshTokenAsync());
    }

    [Fact]
    public async Task The_state_of_a_sign_in_is_no_administrators_state()
    {
        await using var rig = await OpenAsync();
        var session = AuthorisationSecrets.Hash("session");
        var begun = Assert.IsType<BeginOutcome.Started>(await rig.Authorisations.BeginAsync(await rig.AppAsync(), new Asker(Guid.Empty, session), TempStore.Cancel));
        var state = QueryHelpers.ParseQuery(new Uri(begun.RedirectUrl).Query)["state"].ToString();
        Assert.IsType<CompleteOutcome.Foreign>(await CompleteAsync(rig, state, consent: "True"));
        Assert.IsType<CompleteOutcome.Refused>(await rig.Authorisations.CompleteAsync(
            new CallbackQuery(state, null, null, null) { AdminConsent = "True" }, new ReturningBrowser(session, [], begun.Cookie.Value), TempStore.Cancel));
    }

    [Fact]
    public async Task It_is_good_for_seven_days_and_for_the_client_it_was_made_for()
    {
        await using var rig = await OpenAsync();
        var (_, swapped) = await MakeAsync(rig);
        await rig.SetAsync("client_id = 'another'");
        Assert.NotNull(Assert.IsType<CompleteOutcome.AdminAnswered>(await CompleteAsync(rig, swapped, consent: "True")).Finding);
        var (_, late) = await MakeAsync(rig);
        rig.Office.Temp.Time.Advance(TimeSpan.FromDays(7));
        Assert.IsType<CompleteOutcome.Expired>(await CompleteAsync(rig, late, consent: "True"));
    }

    [Fact]
    public async Task A_provider_in_another_layout_has_no_such_link()
    {
        await using var rig = await OpenAsync();
        await rig.SetAsync("authorization_url = 'https://login.fabrikam.example/authorize'");
        Assert.Null(await rig.AdminConsents.MakeAsync(await rig.AppAsync(), Guid.Empty, TempStore.Cancel));
    }

    private static ReturningBrowser Nobody { get; } = new([], [], null);

    private static Task<SendingRig> OpenAsync() => SendingRig.OpenAsync(withGrant: false);

    private static async Task<(string Url, string State)> MakeAsync(SendingRig rig)
    {
        var url = await rig.AdminConsents.MakeAsync(await rig.AppAsync(), Guid.Empty, TempStore.Cancel);
        Assert.NotNull(url);
        rig.Office.Temp.Time.Advance(TimeSpan.FromSeconds(1));
        return (url, QueryHelpers.ParseQuery(new Uri(url).Query)["state"].ToString());
    }

    private static Task<CompleteOutcome> CompleteAsync(SendingRig rig, string state, string? consent, string? tenant = null) => rig.Authorisations.CompleteAsync(
        new CallbackQuery(state, null, null, null) { AdminConsent = consent, Tenant = tenant }, Nobody, TempStore.Cancel);
}
