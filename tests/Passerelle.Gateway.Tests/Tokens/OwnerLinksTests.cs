using Microsoft.AspNetCore.WebUtilities;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Tests.Sending;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Tokens;

/// <summary>A link for somebody without an account here: it authorises one app, once, and opens nothing else.</summary>
public sealed class OwnerLinksTests
{
    [Fact]
    public async Task The_owner_connects_the_app_and_the_link_has_done_its_work()
    {
        await using var rig = await OpenAsync();
        var secret = await MakeAsync(rig);
        var way = await BeginAsync(rig, secret);
        Assert.IsType<ConnectOutcome.Connected>(await ComeBackAsync(rig, way));
        Assert.Equal("refresh-9", await rig.StoredRefreshTokenAsync());
        Assert.Equal("used", await StateAsync(rig, secret));
        Assert.Null(await rig.OwnerLinks.OpenSessionAsync((await rig.OwnerLinks.FindAsync(secret, TempStore.Cancel))!, TempStore.Cancel)); // it is there
    }

    [Fact]
    public async Task Two_ways_begun_with_one_link_store_one_grant()
    {
        await using var rig = await OpenAsync();
        var secret = await MakeAsync(rig);
        var (first, second) = (await BeginAsync(rig, secret), await BeginAsync(rig, secret));
        Answer(rig, first);
        var early = Assert.IsType<CompleteOutcome.Redeemed>(await CompleteAsync(rig, first));
        Answer(rig, second);
        var late = Assert.IsType<CompleteOutcome.Redeemed>(await CompleteAsync(rig, second));
        Assert.IsType<ConnectOutcome.Connected>(await rig.Connect.ProveAsync(early.Redemption, TempStore.Cancel));
        Assert.IsType<ConnectOutcome.Later>(await rig.Connect.ProveAsync(late.Redemption, TempStore.Cancel));
    }

    [Fact]
    public async Task After_it_was_used_a_way_that_was_begun_before_redeems_nothing()
    {
        await using var rig = await OpenAsync();
        var secret = await MakeAsync(rig);
        var (first, second) = (await BeginAsync(rig, secret), await BeginAsync(rig, secret));
        await ComeBackAsync(rig, first);
        var asked = rig.Authority.Asked.Count;
        Answer(rig, second);
        Assert.IsType<CompleteOutcome.Refused>(await CompleteAsync(rig, second));
        Assert.Equal(asked, rig.Authority.Asked.Count);
    }

    [Theory]
    [InlineData("withdrawn")]
    [InlineData("expired")]
    public async Task A_link_that_ended_while_the_owner_was_signing_in_stores_nothing(string how)
    {
        await using var rig = await OpenAsync();
        var secret = await MakeAsync(rig);
        rig.Office.Temp.Time.Advance(OwnerLinks.Life - TimeSpan.FromMinutes(5));
        var way = await BeginAsync(rig, secret);
        if (how == "withdrawn") Assert.True(await rig.OwnerLinks.WithdrawAsync(rig.Office.Organisation, rig.Office.App, (await LinkAsync(rig, secret)).Id, TempStore.Cancel));
        else rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(5));
        Answer(rig, way);
        Assert.IsType<CompleteOutcome.Refused>(await CompleteAsync(rig, way));
        Assert.Empty(rig.Authority.Asked);
        Assert.Equal(how, await StateAsync(rig, secret));
        Assert.Null(await rig.OwnerLinks.OpenSessionAsync(await LinkAsync(rig, secret), TempStore.Cancel));
    }

    [Fact]
    public async Task Only_the_session_that_the_link_opened_comes_back_not_a_persons_and_not_another_links()
    {
        await using var rig = await OpenAsync();
        var (mine, theirs) = (await BeginAsync(rig, await MakeAsync(rig)), await BeginAsync(rig, await MakeAsync(rig)));
        Answer(rig, mine);
        var query = new CallbackQuery(mine.State, "code-1", null, null);
        Assert.IsType<CompleteOutcome.Foreign>(await rig.Authorisations.CompleteAsync(query, new ReturningBrowser(mine.Session, [], mine.Cookie), TempStore.Cancel));
        Assert.IsType<CompleteOutcome.Foreign>(await rig.Authorisations.CompleteAsync(query, new ReturningBrowser([], theirs.Session, mine.Cookie), TempStore.Cancel));
        Assert.IsType<CompleteOutcome.Foreign>(await rig.Authorisations.CompleteAsync(query, new ReturningBrowser([], [], mine.Cookie), TempStore.Cancel));
        Assert.IsType<CompleteOutcome.Redeemed>(await CompleteAsync(rig, mine));
    }

    [Fact]
    public async Task Another_organisation_neither_lists_nor_withdraws_it()
    {
        await using var rig = await OpenAsync();
        var secret = await MakeAsync(rig);
        var stranger = await rig.Office.Temp.OrganisationAsync("Fabrikam");
        Assert.Empty(await rig.OwnerLinks.ListAsync(stranger, rig.Office.App, TempStore.Cancel));
        Assert.False(await rig.OwnerLinks.WithdrawAsync(stranger, rig.Office.App, (await LinkAsync(rig, secret)).Id, TempStore.Cancel));
        Assert.Equal("open", await StateAsync(rig, secret));
        Assert.Null(await rig.OwnerLinks.FindAsync("nobody-made-it", TempStore.Cancel));
        Assert.Null(await rig.OwnerLinks.FindAsync(new string('a', 5000), TempStore.Cancel));
    }

    [Fact]
    public async Task The_store_holds_the_hash_of_the_address_and_not_the_address()
    {
        await using var rig = await OpenAsync();
        var secret = await MakeAsync(rig);
        Assert.Equal(AuthorisationSecrets.Hash(secret), (await LinkAsync(rig, secret)).TokenHash);
        Assert.True(await rig.Office.Temp.HoldsAsync(AuthorisationSecrets.Hash(secret)));
        Assert.False(await rig.Office.Temp.HoldsAsync(System.Text.Encoding.ASCII.GetBytes(secret)));
    }

    [Theory]
    [InlineData("withdrawn")]
    [InlineData("expired")]
    [InlineData("used")]
    public async Task Three_are_open_at_once_for_an_app_and_another_only_when_one_has_ended(string how)
    {
        await using var rig = await OpenAsync();
        var first = await MakeAsync(rig);
        for (var more = 1; more < OwnerLinks.MostOpen; more++) await MakeAsync(rig);
        Assert.Null(await TryMakeAsync(rig));
        Assert.Equal(OwnerLinks.MostOpen, (await rig.OwnerLinks.ListAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel)).Count);
        var other = await rig.Office.AppAsync("sales@contoso.example");
        Assert.NotNull(await rig.OwnerLinks.MakeAsync(rig.Office.Organisation, other, Guid.Empty, TempStore.Cancel)); // each app has its own

        if (how == "withdrawn") Assert.True(await rig.OwnerLinks.WithdrawAsync(rig.Office.Organisation, rig.Office.App, (await LinkAsync(rig, first)).Id, TempStore.Cancel));
        else if (how == "expired") rig.Office.Temp.Time.Advance(OwnerLinks.Life);
        else Assert.IsType<ConnectOutcome.Connected>(await ComeBackAsync(rig, await BeginAsync(rig, first)));
        Assert.NotNull(await TryMakeAsync(rig));
    }

    [Fact]
    public async Task Links_that_are_asked_for_at_the_same_moment_do_not_pass_the_bound()
    {
        await using var rig = await OpenAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => rig.OwnerLinks.MakeAsync(rig.Office.Organisation, rig.Office.App, Guid.Empty, TempStore.Cancel)));
        Assert.Equal(OwnerLinks.MostOpen, made.Count(secret => secret is not null));
    }

    private static Task<SendingRig> OpenAsync() => SendingRig.OpenAsync(withGrant: false);

    private static async Task<string> MakeAsync(SendingRig rig) => (await TryMakeAsync(rig))!; // fewer than the bound are open

    private static Task<string?> TryMakeAsync(SendingRig rig)
    {
        rig.Office.Temp.Time.Advance(TimeSpan.FromSeconds(1));
        return rig.OwnerLinks.MakeAsync(rig.Office.Organisation, rig.Office.App, Guid.Empty, TempStore.Cancel);
    }

    private static async Task<OwnerLink> LinkAsync(SendingRig rig, string secret) => (await rig.OwnerLinks.FindAsync(secret, TempStore.Cancel))!; // made by the test

    private static async Task<string> StateAsync(SendingRig rig, string secret) => (await LinkAsync(rig, secret)).StateAt(rig.Office.Temp.Time.GetUtcNow());

    private static async Task<Way> BeginAsync(SendingRig rig, string secret)
    {
        var link = await LinkAsync(rig, secret);
        var session = await rig.OwnerLinks.OpenSessionAsync(link, TempStore.Cancel);
        Assert.NotNull(session);
        var hash = AuthorisationSecrets.Hash(session);
        var started = Assert.IsType<BeginOutcome.Started>(await rig.Authorisations.BeginAsync(
            await rig.AppAsync(), new Asker(link.PersonId, hash) { OwnerLinkId = link.Id }, TempStore.Cancel));
        var query = QueryHelpers.ParseQuery(new Uri(started.RedirectUrl).Query);
        return new Way(query["state"]!, query["nonce"]!, query["client_id"]!, hash, started.Cookie.Value); // the product asks with all of them
    }

    private static Task<CompleteOutcome> CompleteAsync(SendingRig rig, Way way) => rig.Authorisations.CompleteAsync(
        new CallbackQuery(way.State, "code-1", null, null), new ReturningBrowser([], way.Session, way.Cookie), TempStore.Cancel);

    private static async Task<ConnectOutcome> ComeBackAsync(SendingRig rig, Way way)
    {
        Answer(rig, way);
        return await rig.Connect.ProveAsync(Assert.IsType<CompleteOutcome.Redeemed>(await CompleteAsync(rig, way)).Redemption, TempStore.Cancel);
    }

    private static void Answer(SendingRig rig, Way way)
    {
        var idToken = rig.Authority.IdToken(way.Client, way.Nonce, "support@contoso.example", rig.Office.Temp.Time.GetUtcNow());
        rig.Authority.Answer = _ => Task.FromResult<(int, object)>(
            (200, new { access_token = "token-9", expires_in = 3600, refresh_token = "refresh-9", id_token = idToken }));
    }

    private sealed record Way(string State, string Nonce, string Client, byte[] Session, string Cookie);
}
