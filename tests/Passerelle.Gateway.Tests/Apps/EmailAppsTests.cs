using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Apps;

public sealed class EmailAppsTests
{
    [Fact]
    public async Task A_draft_has_its_address_from_the_moment_it_opens_and_keeps_what_was_typed()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var draft = await temp.Apps.OpenDraftAsync(organisation, TempStore.Cancel);
        Assert.Matches("^[0-9a-f]{32}@in.contoso.example$", draft.ForwardingAddress);
        Assert.Equal(AppState.Draft, draft.State);

        Assert.True(await temp.Apps.KeepDraftAsync(
            organisation, draft.Id, AppForm.Of(draft) with { AssetName = "Support", EmailId = "not yet an addr" }, TempStore.Cancel));

        var later = await temp.Apps.FindAsync(organisation, draft.Id, TempStore.Cancel);
        Assert.Equal("not yet an addr", later?.EmailId);
        Assert.Equal(draft.ForwardingAddress, later?.ForwardingAddress);
    }

    [Fact]
    public async Task A_saved_draft_is_unauthorised_and_its_secret_is_sealed()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var draft = await temp.Apps.OpenDraftAsync(organisation, TempStore.Cancel);
        var saved = Assert.IsType<SaveOutcome.Saved>(await temp.Apps.SaveAsync(
            organisation, draft.Id, draft.Version, Complete(draft), TempStore.Cancel));
        Assert.Equal(AppState.Unauthorised, saved.App.State);
        Assert.True(saved.Reauthorise);
        Assert.DoesNotContain("a1B8Q~", saved.App.ClientSecret, StringComparison.Ordinal);
        Assert.Equal(
            "a1B8Q~not-a-real-secret-0123456789abcdef",
            temp.Sealer.Open("app", "client_secret", organisation, draft.Id, saved.App.ClientSecret!));
    }

    [Fact]
    public async Task A_form_that_somebody_else_overtook_changes_nothing()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var draft = await temp.Apps.OpenDraftAsync(organisation, TempStore.Cancel);
        await temp.Apps.SaveAsync(organisation, draft.Id, draft.Version, Complete(draft), TempStore.Cancel);

        var stale = await temp.Apps.SaveAsync(
            organisation, draft.Id, draft.Version, Complete(draft) with { AssetName = "Overwritten" }, TempStore.Cancel);

        Assert.Equal("Support", Assert.IsType<SaveOutcome.Stale>(stale).Current.AssetName);
    }

    [Fact]
    public async Task A_rename_keeps_the_grant_and_another_client_drops_it()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var app = await ConnectedAsync(temp, organisation);

        var renamed = Assert.IsType<SaveOutcome.Saved>(await temp.Apps.SaveAsync(
            organisation, app.Id, app.Version, AppForm.Of(app) with { AssetName = "Help" }, TempStore.Cancel));
        Assert.Equal((false, AppState.Connected), (renamed.Reauthorise, renamed.App.State));

        var moved = Assert.IsType<SaveOutcome.Saved>(await temp.Apps.SaveAsync(
            organisation, app.Id, renamed.App.Version,
            AppForm.Of(renamed.App) with { ClientId = "7c1c1a52-52a7-4a5e-8c52-0a1b2c3d4e5f" }, TempStore.Cancel));
        Assert.Equal((true, AppState.Unauthorised), (moved.Reauthorise, moved.App.State));
    }

    [Fact]
    public async Task Another_organisation_finds_saves_pauses_and_chooses_nothing()
    {
        await using var temp = new TempStore();
        var ours = await temp.OrganisationAsync();
        var theirs = await temp.OrganisationAsync("Fabrikam");
        var app = await ConnectedAsync(temp, ours);

        Assert.Null(await temp.Apps.FindAsync(theirs, app.Id, TempStore.Cancel));
        Assert.Empty(await temp.Apps.ListAsync(theirs, TempStore.Cancel));
        Assert.IsType<SaveOutcome.Unknown>(await temp.Apps.SaveAsync(theirs, app.Id, app.Version, Complete(app), TempStore.Cancel));
        Assert.False(await temp.Apps.PauseAsync(theirs, app.Id, "", TempStore.Cancel));
        Assert.False(await temp.Apps.ChooseFlowAsync(theirs, app.Id, null, TempStore.Cancel));
        Assert.False(await temp.Apps.ChooseFlowAsync(ours, app.Id, Guid.CreateVersion7(temp.Time.GetUtcNow()), TempStore.Cancel));
    }

    [Fact]
    public async Task A_paused_app_resumes_to_where_it_was()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var app = await ConnectedAsync(temp, organisation);
        Assert.True(await temp.Apps.PauseAsync(organisation, app.Id, "holiday", TempStore.Cancel));
        Assert.Equal(AppState.Paused, (await temp.Apps.FindAsync(organisation, app.Id, TempStore.Cancel))?.State);
        Assert.True(await temp.Apps.ResumeAsync(organisation, app.Id, TempStore.Cancel));
        Assert.Equal(AppState.Connected, (await temp.Apps.FindAsync(organisation, app.Id, TempStore.Cancel))?.State);
    }

    private static async Task<EmailApp> ConnectedAsync(TempStore temp, Guid organisation)
    {
        var draft = await temp.Apps.OpenDraftAsync(organisation, TempStore.Cancel);
        await temp.Apps.SaveAsync(organisation, draft.Id, draft.Version, Complete(draft), TempStore.Cancel);
        await temp.Store.WriteAsync(
            Lane.Work,
            tx =>
            {
                AppStates.Connect(tx, organisation, draft.Id, "235", temp.Time.GetUtcNow());
                return true;
            },
            TempStore.Cancel);
        return (await temp.Apps.FindAsync(organisation, draft.Id, TempStore.Cancel))!; // made above
    }

    private static AppForm Complete(EmailApp draft) => AppForm.Of(draft) with
    {
        AssetName = "Support",
        EmailId = "support@contoso.example",
        UserName = "support@contoso.example",
        DirectoryId = "0d6f2f0e-6a52-4f0e-9a52-1f1d3a4b5c6d",
        ClientId = "5b1c1a52-52a7-4a5e-8c52-0a1b2c3d4e5f",
        ClientSecret = "a1B8Q~not-a-real-secret-0123456789abcdef",
        SecretExpiryUnknown = true,
    };
}
