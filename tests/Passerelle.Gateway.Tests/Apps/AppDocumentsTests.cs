using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tests.Apps;

public sealed class AppDocumentsTests
{
    private static readonly System.Globalization.CultureInfo French = System.Globalization.CultureInfo.GetCultureInfo("fr");

    private static CancellationToken Cancel => TempStore.Cancel;

    /// <summary>What comes after the place.</summary>
    private static string WordsOf(string sentence) => sentence[(sentence.IndexOf(": ", StringComparison.Ordinal) + 2)..];

    [Fact]
    public async Task What_is_exported_holds_no_secret_and_applying_it_again_changes_nothing()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var app = await Readied.ConnectedAsync(temp, organisation);
        var form = AppForm.Of(app) with { Signature = "The team: help\n  \"always\"", Aliases = "help@contoso.example", DisplayName = "# Contoso" };
        Assert.IsType<SaveOutcome.Saved>(await temp.Apps.SaveAsync(organisation, app.Id, app.Version, form, Cancel));

        var yaml = await temp.Documents().ExportAsync(organisation, null, Cancel);
        Assert.Contains($"clientSecret: {AppDocument.Placeholder}", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain(Readied.Secret, yaml, StringComparison.Ordinal);
        Assert.DoesNotContain((await temp.AppAsync(organisation, app.Id)).ClientSecret!, yaml, StringComparison.Ordinal); // it has one
        Assert.DoesNotContain("tokenUrl", yaml, StringComparison.Ordinal); // the preset says it

        Assert.Equal([(AppApplied.Unchanged, 0)], Outcomes(await ApplyAsync(temp, organisation, yaml!))); // exported above
        Assert.Equal(AppForm.Of(await temp.AppAsync(organisation, app.Id)), AppForm.Of(await temp.AppAsync(organisation, app.Id)) with { Signature = form.Signature });
    }

    [Fact]
    public async Task A_new_app_is_created_once_as_a_draft_that_waits_for_its_secret()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        const string Yaml = """
            passerelle: 1
            apps:
              - assetName: Support
                emailId: support@contoso.example
                userName: support@contoso.example
                directoryId: 0d6f2f0e-6a52-4f0e-9a52-1f1d3a4b5c6d
                clientId: 5b1c1a52-52a7-4a5e-8c52-0a1b2c3d4e5f
                clientSecret: (entered in the portal)
            """;
        var dry = await ApplyAsync(temp, organisation, Yaml, dryRun: true);
        Assert.False(dry.Done);
        Assert.Equal(AppApplied.Created, dry.Apps[0].Outcome);
        Assert.Empty(await temp.Apps.ListAsync(organisation, Cancel));

        var created = await ApplyAsync(temp, organisation, Yaml);
        Assert.True(created.Done);
        Assert.NotEmpty(created.Apps[0].Sentences);
        Assert.All(created.Apps[0].Sentences, sentence => Assert.StartsWith("Left to do in the portal: ", sentence, StringComparison.Ordinal));
        var app = Assert.Single(await temp.Apps.ListAsync(organisation, Cancel));
        Assert.Equal((AppState.Draft, "Support", created.Apps[0].Id), (app.State, app.AssetName, app.Id));

        Assert.Equal([(AppApplied.Unchanged, 0)], Outcomes(await ApplyAsync(temp, organisation, Yaml)));
        var renamed = await ApplyAsync(temp, organisation, Yaml.Replace("support@contoso.example", "help@contoso.example", StringComparison.Ordinal));
        Assert.Equal([(AppApplied.Changed, 2)], Outcomes(renamed));
        Assert.Single(await temp.Apps.ListAsync(organisation, Cancel));
    }

    [Fact]
    public async Task A_complete_app_is_changed_by_name_and_what_forces_an_authorisation_is_said()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var app = await Readied.ConnectedAsync(temp, organisation);
        var judged = await ApplyAsync(temp, organisation, "passerelle: 1\napps:\n- assetName: SUPPORT\n  clientId: 7c1c1a52-52a7-4a5e-8c52-0a1b2c3d4e5f\n");
        Assert.Equal([nameof(AppForm.AssetName), nameof(AppForm.ClientId)], judged.Apps[0].Changes.Select(change => change.Field));
        Assert.True(judged.Apps[0].Changes[1].Reauthorises);
        Assert.Equal((AppState.Unauthorised, "SUPPORT"), ((await temp.AppAsync(organisation, app.Id)).State, (await temp.AppAsync(organisation, app.Id)).AssetName));
    }

    [Fact]
    public async Task With_one_app_refused_none_is_stored()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var app = await Readied.ConnectedAsync(temp, organisation);
        var judged = await ApplyAsync(temp, organisation, $"""
            passerelle: 1
            apps:
              - id: {app.Id}
                assetName: Renamed
              - assetName: Sales
                emailId: nobody
            """);
        Assert.False(judged.Done);
        Assert.Equal([AppApplied.Changed, AppApplied.Refused], judged.Apps.Select(one => one.Outcome));
        Assert.Contains(judged.Apps[1].Sentences, sentence => sentence.StartsWith("Line 6, emailId: ", StringComparison.Ordinal));
        Assert.Equal("Support", (await temp.AppAsync(organisation, app.Id)).AssetName);
        Assert.Single(await temp.Apps.ListAsync(organisation, Cancel));
    }

    [Theory]
    [InlineData("passerelle: 1\napps:\n- assetName: A\n  clientSecret: s3cret-value", "Line 4: secrets are not taken from a file")]
    [InlineData("passerelle: 1\napps:\n- assetName: A\n  password: hunter2", "Line 4: secrets are not taken from a file")]
    [InlineData("passerelle: 1\napps:\n- assetNames: A", "Line 3: an app has no assetNames; it has preset, assetName,")]
    [InlineData("passerelle: 2\napps: []", "Line 1: this release reads passerelle: 1")]
    [InlineData("passerelle: 1\napps: 7", "Line 2: apps is a list")]
    [InlineData("passerelle: 1\napps:\n- assetName: [a]", "Line 3: assetName is one value")]
    [InlineData("passerelle: 1\napps:\n- id: seven", "Line 3: the id is not one")]
    [InlineData("passerelle: 1\nsecrets: none", "Line 2: there is no secrets here")]
    [InlineData("passerelle: 1", "The file names no apps")]
    [InlineData("- a", "The file is no list of apps")]
    [InlineData("passerelle: 1\napps:\n  - a: 'x", "is not YAML")]
    public async Task A_file_that_cannot_be_read_is_refused_with_its_line(string yaml, string sentence)
    {
        await using var temp = new TempStore();
        var outcome = await temp.Documents().ApplyAsync(await temp.OrganisationAsync(), yaml, false, false, Cancel);
        var said = Assert.IsType<ApplyOutcome.Unreadable>(outcome).Reason.Sentence;
        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret-value", said, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
    }

    /// <summary>Nothing of ours is left in English, nor is a place lost on the way.</summary>
    [Theory]
    [InlineData("passerelle: 1\napps:\n- assetName: A\n  clientSecret: s3cret-value", "Ligne 4\u00A0: les secrets ne sont pas pris dans un fichier\u00A0; écrivez clientSecret: (entered in the portal)")]
    [InlineData("passerelle: 1\napps:\n- assetNames: A", "Ligne 3\u00A0: une application n’a pas de assetNames\u00A0; elle a preset, assetName,")]
    [InlineData("passerelle: 2\napps: []", "Ligne 1\u00A0: cette version lit passerelle: 1")]
    [InlineData("passerelle: 1\napps: 7", "Ligne 2\u00A0: apps est une liste")]
    [InlineData("passerelle: 1\napps:\n- id: seven", "Ligne 3\u00A0: l’id n’en est pas un")]
    [InlineData("passerelle: 1", "Le fichier ne nomme aucune application")]
    [InlineData("passerelle: 1\napps:\n  - a: 'x", "Ligne 3\u00A0: ce n’est pas du YAML\u00A0: ")]
    public void What_is_wrong_with_a_file_is_said_in_French_too(string yaml, string sentence) =>
        Assert.StartsWith(sentence, Assert.Throws<UnreadableDocument>(() => AppDocument.Read(yaml)).Reason.In(French), StringComparison.Ordinal);

    /// <summary>The same file for both readers: a reason names its line, its field, and says the same.</summary>
    [Fact]
    public async Task Why_an_app_is_refused_is_said_in_French_too_with_line_and_field()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var kept = await Readied.SavedAsync(temp, organisation, "Kept");
        var judged = await ApplyAsync(temp, organisation, $"""
            passerelle: 1
            apps:
              - assetName: Sales
                emailId: nobody
                clientId: 7
              - assetName: Shop
                flow: none of ours
              - id: {kept.Id}
                emailId: kept@contoso.example
              - id: {kept.Id}
            """);
        var reasons = judged.Apps.SelectMany(app => app.Reasons).ToList();
        Assert.Contains(reasons, reason => (reason.Line, reason.Field) == (4, "emailId"));
        Assert.Contains(reasons, reason => (reason.Line, reason.Field) == (5, "clientId"));
        Assert.Contains(reasons, reason => (reason.Line, reason.Field) == (3, "directoryId")); // not in the file: where its app begins
        Assert.Contains(reasons, reason => (reason.Line, reason.Field) == (7, "flow"));
        Assert.Contains(reasons, reason => reason is { Line: 10, Field: "" }); // twice
        Assert.All(reasons, reason => Assert.StartsWith("Ligne ", reason.In(French), StringComparison.Ordinal));
        Assert.Equal(reasons.Count, reasons.Count(reason => !reason.In(French).EndsWith(WordsOf(reason.Sentence), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_warning_stops_the_file_until_it_was_read()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        await Readied.SavedAsync(temp, organisation, "Support");
        await Readied.SavedAsync(temp, organisation, "Sales", "sales@contoso.example");
        const string Yaml = "passerelle: 1\napps:\n- assetName: Sales\n  emailId: support@contoso.example\n  userName: support@contoso.example\n";
        Assert.Contains("(a warning)", Assert.Single((await ApplyAsync(temp, organisation, Yaml)).Apps[0].Sentences), StringComparison.Ordinal);
        var outcome = await temp.Documents().ApplyAsync(organisation, Yaml, dryRun: false, warningsRead: true, Cancel);
        Assert.True(Assert.IsType<ApplyOutcome.Judged>(outcome).Done);
    }

    [Fact]
    public async Task Another_organisations_app_is_not_found_by_its_id()
    {
        await using var temp = new TempStore();
        var (ours, theirs) = (await temp.OrganisationAsync(), await temp.OrganisationAsync("Fabrikam"));
        var app = await Readied.ConnectedAsync(temp, ours);
        Assert.Null(await temp.Documents().ExportAsync(theirs, app.Id, Cancel));
        var judged = await ApplyAsync(temp, theirs, $"passerelle: 1\napps:\n- id: {app.Id}\n  assetName: Stolen\n", dryRun: true);
        Assert.NotEqual(AppApplied.Changed, judged.Apps[0].Outcome);
        Assert.Equal("Support", (await temp.AppAsync(ours, app.Id)).AssetName);
    }

    private static async Task<ApplyOutcome.Judged> ApplyAsync(TempStore temp, Guid organisation, string yaml, bool dryRun = false) =>
        Assert.IsType<ApplyOutcome.Judged>(await temp.Documents().ApplyAsync(organisation, yaml, dryRun, warningsRead: false, Cancel));

    private static (string, int)[] Outcomes(ApplyOutcome.Judged judged) => [.. judged.Apps.Select(app => (app.Outcome, app.Changes.Count))];
}
