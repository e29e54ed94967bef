using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tests.Apps;

public sealed class AppChangesTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task Before_saving_it_is_said_which_change_forces_another_authorisation()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var app = await Readied.ConnectedAsync(temp, organisation);
        var form = AppForm.Of(app) with
        {
            AssetName = "Help",
            Signature = "The team",
            ClientId = "7c1c1a52-52a7-4a5e-8c52-0a1b2c3d4e5f",
            DirectoryId = "9d6f2f0e-6a52-4f0e-9a52-1f1d3a4b5c6d",
            ClientSecret = Readied.Secret,
        };
        var changes = temp.Apps.Preview(app, form);

        Assert.Equal(
            [nameof(AppForm.ClientId), nameof(AppForm.DirectoryId)], // the causes; the addresses only follow
            changes.Where(change => change.Reauthorises).Select(change => change.Field).Order());
        Assert.Equal(
            [nameof(AppForm.AssetName), nameof(AppForm.AuthorizationUrl), nameof(AppForm.ClientSecret), nameof(AppForm.Signature), nameof(AppForm.TokenUrl)],
            changes.Where(change => !change.Reauthorises).Select(change => change.Field).Order());
        Assert.DoesNotContain(changes, change => $"{change.Before}{change.After}".Contains(Readied.Secret, StringComparison.Ordinal));
        Assert.Equal(app, await temp.AppAsync(organisation, app.Id));
    }

    [Fact]
    public void What_one_person_touched_goes_over_what_another_saved_and_nothing_else_does()
    {
        var opened = new AppForm { AssetName = "Support", UserName = "old", Signature = "ours" };
        var mine = opened with { AssetName = "Mine", Signature = "mine" };
        var theirs = opened with { AssetName = "Theirs", UserName = "new" };
        Assert.Equal(opened with { AssetName = "Mine", UserName = "new", Signature = "mine" }, AppChanges.Rebase(opened, mine, theirs));
    }

    [Fact]
    public async Task A_secret_is_said_to_have_changed_and_never_said()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var app = await Readied.SavedAsync(temp, organisation);
        var saved = Assert.IsType<SaveOutcome.Saved>(await temp.Apps.SaveAsync(
            organisation, app.Id, app.Version, AppForm.Of(app) with { ClientSecret = "another~not-a-real-secret-0123456789" }, Cancel));
        Assert.Equal([new FieldChange(nameof(AppForm.ClientSecret), AppChanges.Hidden, AppChanges.Hidden)], AppChanges.Between(app, saved.App));
    }

    /// <summary>Fields of <see cref="AppForm"/> that nobody may read back are never filled from the row.</summary>
    [Fact]
    public async Task No_form_of_a_stored_app_holds_a_secret()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var form = AppForm.Of(await Readied.SavedAsync(temp, organisation));
        Assert.All(AppChanges.Names.Where(AppChanges.IsSecret), name => Assert.Equal("", AppChanges.Text(form, name)));
    }

    [Fact]
    public async Task A_second_app_on_one_mailbox_is_a_warning_that_is_read_once()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        await Readied.SavedAsync(temp, organisation, "Support");
        var draft = await temp.Apps.OpenDraftAsync(organisation, Cancel);
        var form = Readied.Form(draft, "Second", "Support@contoso.example");
        var refused = Assert.IsType<SaveOutcome.Invalid>(await temp.Apps.SaveAsync(organisation, draft.Id, draft.Version, form, Cancel));
        Assert.Equal([new FieldProblem(nameof(AppForm.EmailId), "email-id-taken", "Support", IsWarning: true)], refused.Problems);
        var saved = Assert.IsType<SaveOutcome.Saved>(await temp.Apps.SaveAsync(organisation, draft.Id, draft.Version, form with { WarningsRead = true }, Cancel)).App;
        Assert.IsType<SaveOutcome.Saved>(await temp.Apps.SaveAsync(organisation, saved.Id, saved.Version, AppForm.Of(saved) with { AssetName = "Renamed" }, Cancel));
    }

    [Fact]
    public async Task A_copy_is_a_draft_with_the_same_settings_its_own_address_and_no_secret()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var app = await Readied.ConnectedAsync(temp, organisation);
        var copy = (await temp.Apps.CopyAsync(organisation, app.Id, Cancel))!; // the app is there
        Assert.Equal((AppState.Draft, "Support (2)"), (copy.State, copy.AssetName));
        Assert.NotEqual(app.ForwardingAddress, copy.ForwardingAddress);
        Assert.Null(copy.ClientSecret);
        Assert.Null(copy.ConnectedAt);
        Assert.Equal(
            AppForm.Of(app) with { AssetName = copy.AssetName, SecretExpiryUnknown = false },
            AppForm.Of(copy));
        Assert.Equal("Support (3)", (await temp.Apps.CopyAsync(organisation, app.Id, Cancel))!.AssetName); // the app is there
    }

    [Fact]
    public async Task A_draft_that_two_people_type_into_loses_nothing()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var draft = await temp.Apps.OpenDraftAsync(organisation, Cancel);
        Assert.True(await temp.Apps.KeepDraftAsync(organisation, draft.Id, draft.Version, AppForm.Of(draft) with { AssetName = "First" }, Cancel));
        Assert.False(await temp.Apps.KeepDraftAsync(organisation, draft.Id, draft.Version, AppForm.Of(draft) with { EmailId = "second@contoso.example" }, Cancel));
        Assert.Equal(("First", ""), ((await temp.AppAsync(organisation, draft.Id)).AssetName, (await temp.AppAsync(organisation, draft.Id)).EmailId));
    }
}
