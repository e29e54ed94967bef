using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Tests.Reading;
using Passerelle.Gateway.Tests.Receiving;
using Passerelle.Gateway.Tests.Routing;

namespace Passerelle.Gateway.Tests.Apps;

public sealed class RetirementsTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task A_retired_apps_mail_is_taken_and_quarantined_and_after_thirty_days_its_address_is_refused()
    {
        await using var bench = await DoorBench.OpenAsync();
        var (temp, organisation, app) = (bench.Inbound.Temp, bench.Inbound.Organisation, bench.Inbound.App);
        Assert.True(await temp.Retirements().RetireAsync(organisation, app, "moved to sales", Cancel));
        Assert.False(await temp.Retirements().RetireAsync(organisation, app, "again", Cancel));
        var retired = await temp.AppAsync(organisation, app);
        Assert.Equal((AppState.Retired, "moved to sales", temp.Time.GetUtcNow().AddDays(30)), (retired.State, retired.StateReason, retired.GoneAt));

        await using var wire = await bench.ConnectAsync();
        Assert.StartsWith("250 ", await wire.MailAsync(Written.Mail(), bench.Inbound.Address), StringComparison.Ordinal);
        await bench.Inbound.ReadDueAsync();
        Assert.Equal(1, await bench.Inbound.CountAsync("message WHERE state = 'quarantined'"));

        temp.Time.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await temp.Retirements().SweepAsync(Cancel));
        temp.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await temp.Retirements().SweepAsync(Cancel));
        Assert.Null(await temp.Apps.FindAsync(organisation, app, Cancel));
        Assert.False(await temp.Retirements().UnretireAsync(organisation, app, Cancel));
        await using var later = await bench.ConnectAsync(); // the first connection has timed out
        await later.SayAsync("MAIL FROM:<ann@fabrikam.example>");
        Assert.StartsWith("550 5.1.1 ", await later.SayAsync($"RCPT TO:<{bench.Inbound.Address}>"), StringComparison.Ordinal);
        Assert.Contains(await temp.AuditAsync(organisation), entry => entry is { Action: "app-gone", Origin: "passerelle", PersonId: null });
    }

    [Fact]
    public async Task An_app_that_is_brought_back_works_on_and_what_came_meanwhile_is_held_for_an_admin()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        var (temp, organisation, app) = (bench.Inbound.Temp, bench.Inbound.Organisation, bench.Inbound.App);
        await temp.DoAsync(tx => AppStates.Connect(tx, organisation, app, "", temp.Time.GetUtcNow()));
        await temp.Retirements().RetireAsync(organisation, app, "", Cancel);
        var message = await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        Assert.Equal(MessageState.Quarantined, message.State);

        temp.Time.Advance(TimeSpan.FromDays(29));
        Assert.True(await temp.Retirements().UnretireAsync(organisation, app, Cancel));
        Assert.Equal(AppState.Connected, (await temp.AppAsync(organisation, app)).State);
        Assert.Equal(MessageState.Held, (await bench.Inbound.MessageAsync(message.Id)).State);
        Assert.Equal(1, await bench.Inbound.Held.ReleaseAsync(organisation, app, Cancel));
        await bench.RouteDueAsync();
        Assert.Single(await bench.LettersAsync());
    }

    [Fact]
    public async Task A_draft_comes_back_as_a_draft_and_a_paused_app_paused()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var draft = await temp.Apps.OpenDraftAsync(organisation, Cancel);
        var paused = await Readied.ConnectedAsync(temp, organisation);
        await temp.Apps.PauseAsync(organisation, paused.Id, "", Cancel);
        foreach (var app in new[] { draft, paused })
        {
            await temp.Retirements().RetireAsync(organisation, app.Id, "", Cancel);
            await temp.Retirements().UnretireAsync(organisation, app.Id, Cancel);
        }
        Assert.Equal(AppState.Draft, (await temp.AppAsync(organisation, draft.Id)).State);
        Assert.Equal(AppState.Paused, (await temp.AppAsync(organisation, paused.Id)).State);
    }

    [Fact]
    public async Task A_gone_app_keeps_neither_secret_nor_grant_and_its_letters_are_dead()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        var (temp, organisation, app) = (bench.Inbound.Temp, bench.Inbound.Organisation, bench.Inbound.App);
        await temp.DoAsync(tx => tx.For(organisation).Execute(
            "UPDATE app SET client_secret = 'sealed', password = 'sealed' WHERE organisation_id = @organisation AND id = @app", new { app }));
        await temp.DoAsync(tx => tx.For(organisation).Execute(
            """
            INSERT INTO certificate (organisation_id, app_id, id, public_part, private_key, thumbprint, origin, starts_at, ends_at, created_at)
            VALUES (@organisation, @app, @app, '', 'sealed', '', 'made', 0, 0, 0)
            """,
            new { app }));
        await temp.DoAsync(tx => tx.For(organisation).Execute(
            """
            INSERT INTO next_credential (organisation_id, app_id, kind, content, added_at)
            VALUES (@organisation, @app, 'client-secret', 'sealed', 0)
            """,
            new { app }));
        await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        var effects = await temp.Retirements().EffectsAsync(organisation, app, Cancel);
        Assert.Equal((1, 0, 1, 1, "Flow", 0), (effects!.WaitingLetters, effects.OpenRuns, effects.Conversations, effects.ForwardedLately, effects.Flow, effects.AppsOfThatFlow)); // the app is there

        await temp.Retirements().RetireAsync(organisation, app, "", Cancel);
        temp.Time.Advance(TimeSpan.FromDays(8));
        Assert.Equal(0, (await temp.Retirements().EffectsAsync(organisation, app, Cancel))!.ForwardedLately); // the app is there
        temp.Time.Advance(TimeSpan.FromDays(22));
        await temp.Retirements().SweepAsync(Cancel);
        Assert.Equal(1, await bench.Inbound.CountAsync("app WHERE state = 'gone' AND client_secret IS NULL AND password IS NULL"));
        Assert.Equal(1, await bench.Inbound.CountAsync("letter WHERE state = 'dead'"));
        foreach (var secrets in new[] { "oauth_grant", "certificate", "next_credential" }) Assert.Equal(0, await bench.Inbound.CountAsync(secrets));
    }

    [Fact]
    public async Task Another_organisation_retires_and_brings_back_nothing()
    {
        await using var temp = new TempStore();
        var (ours, theirs) = (await temp.OrganisationAsync(), await temp.OrganisationAsync("Fabrikam"));
        var app = await Readied.ConnectedAsync(temp, ours);
        Assert.False(await temp.Retirements().RetireAsync(theirs, app.Id, "", Cancel));
        Assert.Null(await temp.Retirements().EffectsAsync(theirs, app.Id, Cancel));
        await temp.Retirements().RetireAsync(ours, app.Id, "", Cancel);
        Assert.False(await temp.Retirements().UnretireAsync(theirs, app.Id, Cancel));
        Assert.Null(await temp.Addresses().RotateAsync(theirs, app.Id, 14, Cancel));
        Assert.Null(await temp.Apps.CopyAsync(theirs, app.Id, Cancel));
    }
}
