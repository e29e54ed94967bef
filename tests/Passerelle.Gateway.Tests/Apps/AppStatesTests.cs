using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tests.Apps;

/// <summary>Every state of an app can be reached and left (design §1).</summary>
public sealed class AppStatesTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task An_app_whose_authorisation_was_lost_while_paused_does_not_resume_as_connected()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var app = await Readied.ConnectedAsync(temp, organisation);
        await temp.Apps.PauseAsync(organisation, app.Id, "holiday", Cancel);
        var form = AppForm.Of(app) with { ClientId = "7c1c1a52-52a7-4a5e-8c52-0a1b2c3d4e5f" };
        Assert.True(Assert.IsType<SaveOutcome.Saved>(await temp.Apps.SaveAsync(organisation, app.Id, app.Version, form, Cancel)).Reauthorise);
        Assert.Equal(AppState.Paused, (await temp.AppAsync(organisation, app.Id)).State);
        await temp.Apps.ResumeAsync(organisation, app.Id, Cancel);
        Assert.Equal(AppState.Unauthorised, (await temp.AppAsync(organisation, app.Id)).State);
    }

    [Fact]
    public async Task An_app_that_was_authorised_while_paused_stays_paused_and_resumes_as_connected()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var app = await Readied.SavedAsync(temp, organisation);
        await temp.Apps.PauseAsync(organisation, app.Id, "not yet", Cancel);
        await temp.DoAsync(tx => AppStates.Connect(tx, organisation, app.Id, "", temp.Time.GetUtcNow()));
        var paused = await temp.AppAsync(organisation, app.Id);
        Assert.Equal((AppState.Paused, "not yet"), (paused.State, paused.StateReason));
        await temp.Apps.ResumeAsync(organisation, app.Id, Cancel);
        Assert.Equal(AppState.Connected, (await temp.AppAsync(organisation, app.Id)).State);
    }

    [Fact]
    public async Task An_app_whose_grant_broke_while_paused_resumes_as_broken()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var app = await Readied.ConnectedAsync(temp, organisation);
        await temp.Apps.PauseAsync(organisation, app.Id, "", Cancel);
        await temp.DoAsync(tx => tx.For(organisation).Execute(
            """
            INSERT INTO oauth_grant (organisation_id, app_id, scope, signed_in_as, subject, issuer_directory, obtained_at, refreshed_at, state, epoch)
            VALUES (@organisation, @Id, '', '', '', '', 0, 0, 'broken', 1)
            """,
            new { app.Id }));
        await temp.Apps.ResumeAsync(organisation, app.Id, Cancel);
        Assert.Equal(AppState.Broken, (await temp.AppAsync(organisation, app.Id)).State);
    }
}
