using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps;

/// <summary>What applying a file did, or would do, to one app.</summary>
/// <param name="Name">Its asset name, or where it stands in the file.</param>
/// <param name="Id">Null: it would be created.</param>
/// <param name="Outcome">created, changed, unchanged or refused.</param>
/// <param name="Reasons">What stands in the way or is left to do.</param>
internal sealed record AppApplied(
    string Name, Guid? Id, string Outcome, IReadOnlyList<FieldChange> Changes, IReadOnlyList<AppliedReason> Reasons)
{
    /// <summary><see cref="Reasons"/> in English.</summary>
    public IReadOnlyList<string> Sentences => [.. Reasons.Select(reason => reason.Sentence)];

    public const string Created = "created";
    public const string Changed = "changed";
    public const string Unchanged = "unchanged";
    public const string Refused = "refused";
}

/// <summary>How a file was taken.</summary>
internal abstract record ApplyOutcome
{
    private ApplyOutcome() { }

    public sealed record Unreadable(AppliedReason Reason) : ApplyOutcome;

    /// <param name="Done">False for a dry run, and when one app was refused: then nothing was stored.</param>
    public sealed record Judged(IReadOnlyList<AppApplied> Apps, bool Done) : ApplyOutcome;
}

/// <summary>Apps out to YAML and in again, by the rules of the form. Applying the same file twice changes nothing the second time.</summary>
internal sealed class AppDocuments(IStore store, EmailApps apps, Preset preset)
{
    /// <summary>What a new app may lack: it is a draft until a person enters it.</summary>
    private static readonly HashSet<string> EnteredLater = ["client-secret-missing", "password-missing", "secret-expiry-missing"];

    /// <param name="appId">Null: every app that is not retired.</param>
    /// <returns>Null when there is no such app.</returns>
    public async Task<string?> ExportAsync(Guid organisationId, Guid? appId, CancellationToken cancel)
    {
        var all = await apps.ListAsync(organisationId, cancel);
        var chosen = all.Where(app => appId is { } id ? app.Id == id : app.State is not AppState.Retired).OrderBy(app => app.AssetName, StringComparer.Ordinal).ToList();
        if (appId is not null && chosen.Count == 0) return null;
        var flows = await FlowsAsync(organisationId, cancel);
        return AppDocument.Write(chosen.Select(app => new WrittenApp(app.Id, flows.Find(flow => flow.Id == app.FlowId)?.Name ?? "", FieldsOf(app), SecretsOf(app))));
    }

    /// <param name="warningsRead">The admin has read the warnings of an earlier run.</param>
    public async Task<ApplyOutcome> ApplyAsync(Guid organisationId, string yaml, bool dryRun, bool warningsRead, CancellationToken cancel)
    {
        IReadOnlyList<AppEntry> entries;
        try
        {
            entries = AppDocument.Read(yaml);
        }
        catch (UnreadableDocument unreadable)
        {
            return new ApplyOutcome.Unreadable(unreadable.Reason);
        }
        var flows = await FlowsAsync(organisationId, cancel);
        var known = await apps.ListAsync(organisationId, cancel);
        var plans = new List<Plan>();
        foreach (var entry in entries) plans.Add(await JudgeAsync(organisationId, entry, known, flows, plans, warningsRead, cancel));
        if (dryRun || plans.Exists(plan => plan.Result.Outcome == AppApplied.Refused)) return new ApplyOutcome.Judged([.. plans.Select(plan => plan.Result)], Done: false);

        var results = new List<AppApplied>();
        foreach (var plan in plans) results.Add(await StoreAsync(organisationId, plan, cancel));
        return new ApplyOutcome.Judged(results, Done: true);
    }

    private async Task<Plan> JudgeAsync(
        Guid organisationId, AppEntry entry, List<EmailApp> known, List<FlowName> flows, List<Plan> before, bool warningsRead, CancellationToken cancel)
    {
        var name = entry.Fields.GetValueOrDefault(nameof(AppForm.AssetName), "");
        var called = known.Where(app => app.State is not AppState.Retired && app.AssetName.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase)).ToList();
        var stored = known.Find(app => app.Id == entry.Id) ?? (called is [var only] ? only : null);
        var label = name.Length > 0 ? name : stored?.AssetName is { Length: > 0 } own ? own : $"line {entry.Line}";
        if (stored is null && called.Count > 1) return Refuse(label, null, entry, nameof(AppForm.AssetName), Phrase.Of("Several apps are called {0}: name one by its id", name));
        if (stored is { State: AppState.Retired }) return Refuse(label, stored.Id, entry, "", Phrase.Of("The app is retired: bring it back first"));
        if (before.Exists(plan => (stored is not null && plan.Stored?.Id == stored.Id) || (stored is null && plan.Result.Name.Equals(label, StringComparison.OrdinalIgnoreCase))))
        {
            return Refuse(label, stored?.Id, entry, "", Phrase.Of("The file names this app twice"));
        }
        var opened = stored is null ? apps.Normal(new AppForm()) : AppForm.Of(stored);
        var form = opened;
        foreach (var (field, text) in entry.Fields)
        {
            if (!AppChanges.TrySet(form, field, text, out form)) return Refuse(label, stored?.Id, entry, field, Phrase.Of("{0} is true or false", AppDocument.Key(field)));
        }
        var flow = entry.Flow is { Length: > 0 } flowName ? flows.FindAll(one => one.Name == flowName) : [];
        if (entry.Flow is { Length: > 0 } && flow.Count != 1) return Refuse(label, stored?.Id, entry, "flow", Phrase.Of("There is no single flow called {0}: make it first, or leave flow out", entry.Flow!)); // it has one
        form = apps.Normal(form) with { WarningsRead = warningsRead };
        return await JudgeAsync(new Plan(Refused(label, stored?.Id), stored, form, ChosenFlow(entry, stored, flow), entry), label, organisationId, cancel);
    }

    private async Task<Plan> JudgeAsync(Plan plan, string label, Guid organisationId, CancellationToken cancel)
    {
        var (stored, form) = (plan.Stored, plan.Form);
        IReadOnlyList<FieldChange> changes =
        [
            .. stored is null ? AppChanges.Between(new AppForm(), form) : apps.Preview(stored, form),
            .. plan.Flow == stored?.FlowId ? Array.Empty<FieldChange>() : [new FieldChange(nameof(EmailApp.FlowId), $"{stored?.FlowId}", $"{plan.Flow}")],
        ];
        if (stored is not null && changes.Count == 0) return plan with { Result = new(label, stored.Id, AppApplied.Unchanged, [], []) };

        var isDraft = stored is null or { State: AppState.Draft };
        var problems = await apps.JudgeAsync(stored ?? Blank(organisationId), form, cancel);
        var later = problems.Where(problem => isDraft && EnteredLater.Contains(problem.Code)).ToList();
        var standing = problems.Except(later).Where(problem => !problem.IsWarning || !form.WarningsRead).ToList();
        if (standing.Count > 0)
        {
            return plan with { Result = new(label, stored?.Id, AppApplied.Refused, changes, [.. standing.Select(problem => Reason(plan.Entry, problem))]) };
        }
        var left = later.Select(problem => Reason(plan.Entry, problem) with { IsLeftToDo = true }).ToList();
        return plan with
        {
            StaysDraft = isDraft && later.Count > 0,
            Result = new(label, stored?.Id, stored is null ? AppApplied.Created : AppApplied.Changed, changes, left),
        };
    }

    private async Task<AppApplied> StoreAsync(Guid organisationId, Plan plan, CancellationToken cancel)
    {
        if (plan.Result.Outcome == AppApplied.Unchanged) return plan.Result;
        var app = plan.Stored ?? await apps.OpenDraftAsync(organisationId, cancel);
        if (plan.StaysDraft) await apps.KeepDraftAsync(organisationId, app.Id, plan.Form, cancel);
        else if (await apps.SaveAsync(organisationId, app.Id, app.Version, plan.Form, cancel) is not SaveOutcome.Saved)
        {
            return plan.Result with { Outcome = AppApplied.Refused, Reasons = [AppliedReason.At(plan.Entry.Line, Phrase.Of("Somebody saved the app meanwhile: apply the file again"))] };
        }
        if (plan.Flow != app.FlowId) await apps.ChooseFlowAsync(organisationId, app.Id, plan.Flow, cancel);
        return plan.Result with { Id = app.Id };
    }

    private IReadOnlyList<(string Name, string Text)> FieldsOf(EmailApp app)
    {
        var form = AppForm.Of(app);
        return
        [
            .. from name in AppChanges.Names
               let text = AppChanges.Text(form, name)
               where text.Length > 0 && text != "false" && !AppChanges.IsSecret(name) && !IsFilled(form, name, text)
               select (name, text),
        ];
    }

    /// <summary>What the preset would fill in anyway is left out, so that the file says only what is one's own.</summary>
    private bool IsFilled(AppForm form, string name, string text) =>
        name != nameof(AppForm.Preset) && AppChanges.TrySet(form, name, "", out var without) && AppChanges.Text(preset.Fill(without), name) == text;

    private static IReadOnlyList<string> SecretsOf(EmailApp app) =>
    [
        .. app.ClientSecret is null ? Array.Empty<string>() : [nameof(AppForm.ClientSecret)],
        .. app.Password is null ? Array.Empty<string>() : [nameof(AppForm.Password)],
    ];

    private static Guid? ChosenFlow(AppEntry entry, EmailApp? stored, List<FlowName> named) => entry.Flow switch
    {
        null => stored?.FlowId,
        "" => null,
        _ => named[0].Id,
    };

    private static Plan Refuse(string name, Guid? id, AppEntry entry, string field, Phrase says)
    {
        var key = field.Length == 0 ? "" : AppDocument.Key(field);
        return new(Refused(name, id, AppliedReason.At(entry.LineOf(key), says, key)), null, new AppForm(), null, entry);
    }

    private static AppApplied Refused(string name, Guid? id, params AppliedReason[] reasons) => new(name, id, AppApplied.Refused, [], reasons);

    /// <summary>A field that the file does not name is missing where its app begins.</summary>
    private static AppliedReason Reason(AppEntry entry, FieldProblem problem)
    {
        var key = AppDocument.Key(problem.Field);
        return new(entry.LineOf(key), key, null, problem);
    }

    private Task<List<FlowName>> FlowsAsync(Guid organisationId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<FlowName>("SELECT id, name FROM flow WHERE organisation_id = @organisation"), cancel);

    /// <summary>An app that is not there yet, for the rules to compare with.</summary>
    private static EmailApp Blank(Guid organisationId) => new()
    {
        OrganisationId = organisationId,
        Id = Guid.Empty,
        AssetName = "",
        EmailId = "",
        ForwardingAddress = "",
        Preset = Preset.Microsoft365,
        Authentication = AppForm.OAuth2,
        DirectoryId = "",
        ClientId = "",
        SmtpHost = "",
        SmtpPort = 0,
        SmtpSecurity = AppForm.StartTls,
        UserName = "",
        AuthorizationUrl = "",
        TokenUrl = "",
        RefreshUrl = "",
        Scope = "",
        State = AppState.Draft,
        StateReason = "",
        StateSince = DateTimeOffset.UnixEpoch,
        Epoch = 0,
        Version = 0,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    /// <param name="Stored">Null: it is created.</param>
    private sealed record Plan(AppApplied Result, EmailApp? Stored, AppForm Form, Guid? Flow, AppEntry Entry)
    {
        public bool StaysDraft { get; init; }
    }

    private sealed record FlowName
    {
        public required Guid Id { get; init; }
        public required string Name { get; init; }
    }
}
