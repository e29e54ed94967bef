using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Tests.Sending;

namespace Passerelle.Gateway.Tests.Tokens;

/// <summary>What happens to an app while nobody orders anything stands in the audit too: when it stopped, why, and when it works again.</summary>
public sealed class GrantAuditTests
{
    private const string Planted = "planted~refresh~token~0123456789";

    [Fact]
    public async Task A_grant_that_the_provider_ends_is_entered_once_with_the_reason_and_once_more_when_it_works_again()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Authority.Fail(400, "invalid_grant", $"AADSTS50173: The provided grant {Planted} has expired due to it being revoked", 50173);
        rig.Office.Temp.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(LetterState.Blocked, (await rig.SendOneAsync()).State);
        await rig.Tokens.RenewAsync(await rig.AppAsync(), TempStore.Cancel); // a retry of ours breaks nothing anew
        var broken = Assert.Single(await EntriesAsync(rig));
        Assert.Equal(("grant-broken", AuditKinds.Grant, null, Audit.ByItself), (broken.Action, broken.Kind, broken.PersonId, broken.Origin));
        Assert.Contains(new FieldChange("State", "connected", "broken"), broken.Changes);
        Assert.StartsWith("G3: ", Assert.Single(broken.Changes, change => change.Field == "StateReason").After, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, $"{broken.Detail}{string.Join("", broken.Changes)}", StringComparison.Ordinal); // the other side may quote what it was sent

        rig.Authority.Answer = _ => Task.FromResult<(int, object)>((200, new { token_type = "Bearer", access_token = "token-2", expires_in = 3600, refresh_token = "refresh-2" }));
        rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.IsType<ConnectOutcome.Connected>(await rig.Connect.ProveAgainAsync(await rig.AppAsync(), TempStore.Cancel));
        Assert.IsType<ConnectOutcome.Connected>(await rig.Connect.ProveAgainAsync(await rig.AppAsync(), TempStore.Cancel)); // it worked already
        var entries = await EntriesAsync(rig);
        Assert.Equal(["grant-mended", "grant-broken"], entries.Select(entry => entry.Action));
        Assert.Equal([new FieldChange("State", "broken", "connected")], entries[0].Changes);
    }

    [Fact]
    public async Task A_mail_server_that_refuses_the_sign_in_is_entered_as_well()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.TokenReply = _ => "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox";
        await rig.SendOneAsync();
        await rig.SendOneAsync();
        Assert.Equal("grant-broken", Assert.Single(await EntriesAsync(rig)).Action);
    }

    [Fact]
    public async Task A_paused_app_did_not_stop_by_itself()
    {
        await using var rig = await SendingRig.OpenAsync();
        await rig.SetAsync("state = 'paused'");
        rig.Authority.Fail(400, "invalid_grant", "AADSTS50173: revoked", 50173);
        rig.Office.Temp.Time.Advance(TimeSpan.FromHours(2));
        await rig.Tokens.RenewAsync(await rig.AppAsync(), TempStore.Cancel);
        Assert.Empty(await EntriesAsync(rig));
    }

    private static Task<List<AuditEntry>> EntriesAsync(SendingRig rig) =>
        new AuditEntries(rig.Office.Temp.Store).ListAsync(rig.Office.Organisation, new AuditFilter(), 100, TempStore.Cancel);
}
