using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Tests.Sending;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Tokens;

/// <summary>App-only: nobody signs in, the application's own token is the grant.</summary>
public sealed class ApplicationTests
{
    [Fact]
    public async Task A_token_with_the_right_is_proved_and_stored_and_the_waiting_letter_leaves_by_it()
    {
        await using var rig = await OpenAsync("SMTP.SendAsApp");
        var letter = await rig.Office.LetterAsync(await rig.Office.ConversationAsync());
        Assert.IsType<ConnectOutcome.Connected>(await rig.Connect.ProveApplicationAsync(await rig.AppAsync(), TempStore.Cancel));
        Assert.Null(await rig.StoredRefreshTokenAsync());
        Assert.Equal("principal-1", (await GrantAsync(rig))!.Subject); // just stored
        Assert.True(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));
        Assert.Equal(LetterState.Settled, await rig.Office.StateAsync(letter));
        Assert.Contains(rig.Server.Commands, command => command.StartsWith("AUTH XOAUTH2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData]
    [InlineData("Mail.Send", "full_access_as_app")]
    public async Task Without_the_right_the_server_is_never_asked_and_the_finding_says_where_to_grant_it(params string[] roles)
    {
        await using var rig = await OpenAsync(roles);
        var refused = Assert.IsType<ConnectOutcome.Refused>(await rig.Connect.ProveApplicationAsync(await rig.AppAsync(), TempStore.Cancel));
        Assert.Equal(("E6", Cause.Entra), (refused.Finding.SetupStep, refused.Finding.Owner));
        Assert.Contains("SMTP.SendAsApp", refused.Finding.Detail, StringComparison.Ordinal);
        Assert.All(roles, role => Assert.Contains(role, refused.Finding.Detail, StringComparison.Ordinal));
        Assert.Equal(0, rig.Server.Connections);
        var app = await rig.AppAsync();
        Assert.Equal("E6", (await rig.Office.Temp.Store.ReadAsync(tx => RefusedSignIns.Find(tx, app), TempStore.Cancel))?.Why?.SetupStep);
        Assert.Null(await GrantAsync(rig));
    }

    [Fact]
    public async Task It_is_renewed_by_the_clients_credentials_and_never_by_a_refresh_token()
    {
        await using var rig = await OpenAsync("SMTP.SendAsApp");
        await rig.GrantAsync("old", TimeSpan.FromMinutes(1), "a refresh token of earlier days");
        Assert.IsType<TokenAnswer.Ready>(await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel));
        rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.IsType<TokenAnswer.Ready>(await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel));
        Assert.Equal(2, rig.Authority.Asked.Count);
        Assert.All(rig.Authority.Asked, asked =>
        {
            Assert.Equal("client_credentials", asked["grant_type"]);
            Assert.Equal("https://outlook.office365.com/.default", asked["scope"]);
            Assert.DoesNotContain("refresh_token", asked.Keys);
        });
    }

    [Fact]
    public async Task A_right_that_was_taken_back_is_noticed_at_the_next_renewal_and_letters_wait()
    {
        await using var rig = await OpenAsync("SMTP.SendAsApp");
        await rig.Connect.ProveApplicationAsync(await rig.AppAsync(), TempStore.Cancel);
        Issue(rig);
        rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(59));
        var letter = await rig.SendOneAsync();
        Assert.Equal(LetterState.Blocked, letter.State);
        Assert.Equal(AppState.Broken, await rig.Office.AppStateAsync());
        Assert.Equal("E6", (await GrantAsync(rig))!.Broken!.SetupStep); // marked just now

        Issue(rig, "SMTP.SendAsApp");
        Assert.IsType<ConnectOutcome.Connected>(await rig.Connect.ProveAgainAsync(await rig.AppAsync(), TempStore.Cancel));
        Assert.Equal(LetterState.Waiting, await rig.Office.StateAsync(letter.Id));
    }

    [Fact]
    public async Task An_application_that_Exchange_does_not_know_is_told_the_object_id_to_register()
    {
        await using var rig = await OpenAsync("SMTP.SendAsApp");
        rig.Server.AuthReply = "535 5.7.3 Authentication unsuccessful";
        var refused = Assert.IsType<ConnectOutcome.Refused>(await rig.Connect.ProveApplicationAsync(await rig.AppAsync(), TempStore.Cancel));
        Assert.Equal(("X4", Cause.Exchange, "principal-1"), (refused.Finding.SetupStep, refused.Finding.Owner, refused.Principal));
    }

    [Fact]
    public async Task A_delegate_whom_the_mailbox_does_not_let_in_is_not_told_to_sign_in_as_the_mailbox()
    {
        await using var rig = await SendingRig.OpenAsync();
        await rig.SetAsync("signs_in_as = 'sales@contoso.example'");
        rig.Server.AuthReply = "535 5.7.3 Authentication unsuccessful";
        var redemption = new Redemption(
            await rig.AppAsync(), new TokenReply.Issued(new SecretText("token"), rig.Office.Temp.Time.GetUtcNow().AddHours(1), null, null, ""),
            new SignedIn("Sales@contoso.example", "object-2", "directory-1"), rig.Office.Temp.Time.GetUtcNow());
        Assert.False(redemption.IsAnotherAccount);
        var refused = Assert.IsType<ConnectOutcome.Refused>(await rig.Connect.ProveAsync(redemption, TempStore.Cancel));
        Assert.Equal(("X5", Cause.Exchange), (refused.Finding.SetupStep, refused.Finding.Owner));

        var mailbox = redemption with { Who = new SignedIn("support@contoso.example", "object-1", "directory-1") };
        Assert.Equal("sales@contoso.example", Assert.IsType<ConnectOutcome.AnotherAccount>(await rig.Connect.ProveAsync(mailbox, TempStore.Cancel)).Mailbox);
    }

    private static async Task<SendingRig> OpenAsync(params string[] roles)
    {
        var rig = await SendingRig.OpenAsync(withGrant: false);
        await rig.SetAsync("way = 'app-only', scope = 'https://outlook.office365.com/.default'");
        Issue(rig, roles);
        return rig;
    }

    private static void Issue(SendingRig rig, params string[] roles) => rig.Authority.Answer = _ => Task.FromResult<(int, object)>(
        (200, new { token_type = "Bearer", access_token = FakeAuthority.AppToken(roles), expires_in = 3599 }));

    private static Task<Grant?> GrantAsync(SendingRig rig) =>
        rig.Office.Temp.Store.ReadAsync(tx => Grants.Find(tx, rig.Office.Organisation, rig.Office.App), TempStore.Cancel);
}
