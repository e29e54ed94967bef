using System.Globalization;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps;

/// <summary>Opens, finds, saves, pauses Email apps. Every row it returns belongs to the organisation that asked.</summary>
internal sealed class EmailApps(IStore store, Sealer sealer, Installations installations, Preset preset, TimeProvider time)
{
    /// <summary>
    /// A draft, from the moment the form opens: its forwarding address takes mail (and holds it) from now on and is the
    /// app's for good, whatever becomes of the tab.
    /// </summary>
    public async Task<EmailApp> OpenDraftAsync(Guid organisationId, CancellationToken cancel)
    {
        var installation = await installations.GetAsync(cancel);
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var address = ForwardingAddresses.New(installation);
        return await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                AppRows.InsertDraft(tx, organisationId, id, address, preset.Fill(new AppForm()), now);
                return AppRows.Find(tx, organisationId, id)!; // inserted a line above
            },
            cancel);
    }

    /// <returns>Null when the organisation has no such app.</returns>
    public Task<EmailApp?> FindAsync(Guid organisationId, Guid appId, CancellationToken cancel) =>
        store.ReadAsync(tx => AppRows.Find(tx, organisationId, appId), cancel);

    /// <returns>All but those that are gone, newest first.</returns>
    public Task<List<EmailApp>> ListAsync(Guid organisationId, CancellationToken cancel) =>
        store.ReadAsync(tx => AppRows.List(tx, organisationId), cancel);

    /// <returns>Newest first, those before <paramref name="before"/>; null: from the newest.</returns>
    public Task<List<EmailApp>> ListAsync(Guid organisationId, Guid? before, int limit, CancellationToken cancel) =>
        store.ReadAsync(tx => AppRows.List(tx, organisationId, before, limit), cancel);

    /// <summary>Keeps a draft's fields as typed, right or wrong; secrets are kept sealed. False when it is no draft (any more).</summary>
    public async Task<bool> KeepDraftAsync(Guid organisationId, Guid appId, AppForm form, CancellationToken cancel)
    {
        var row = Row(organisationId, appId, form);
        return await store.WriteAsync(Lane.Work, tx => AppRows.UpdateDraft(tx, organisationId, row), cancel);
    }

    /// <summary>The same, unless somebody else has kept or saved it since <paramref name="seenVersion"/>.</summary>
    public async Task<bool> KeepDraftAsync(Guid organisationId, Guid appId, long seenVersion, AppForm form, CancellationToken cancel)
    {
        var row = Row(organisationId, appId, form);
        return await store.WriteAsync(
            Lane.Work,
            tx => AppRows.Find(tx, organisationId, appId)?.Version == seenVersion && AppRows.UpdateDraft(tx, organisationId, row),
            cancel);
    }

    /// <summary>Judges the form and stores it. A draft becomes unauthorised; an app whose grant no longer fits does too.</summary>
    /// <param name="seenVersion">The version the form was opened with.</param>
    public async Task<SaveOutcome> SaveAsync(
        Guid organisationId, Guid appId, long seenVersion, AppForm form, CancellationToken cancel)
    {
        if (await FindAsync(organisationId, appId, cancel) is not { } stored) return new SaveOutcome.Unknown();
        var problems = await JudgeAsync(stored, form, cancel);
        if (problems.Any(problem => !problem.IsWarning) || (problems.Count > 0 && !form.WarningsRead))
        {
            return new SaveOutcome.Invalid(problems);
        }
        return await StoreAsync(stored, seenVersion, Row(organisationId, appId, preset.Fill(form)), time.GetUtcNow(), cancel);
    }

    public Task<bool> PauseAsync(Guid organisationId, Guid appId, string reason, CancellationToken cancel) =>
        store.WriteAsync(Lane.Work, tx => AppStates.Pause(tx, organisationId, appId, reason, time.GetUtcNow()), cancel);

    public Task<bool> ResumeAsync(Guid organisationId, Guid appId, CancellationToken cancel) =>
        store.WriteAsync(Lane.Work, tx => AppStates.Resume(tx, organisationId, appId, time.GetUtcNow()), cancel);

    /// <summary>What saving would change, field by field, and which of it makes the present grant useless. Nothing is stored.</summary>
    public IReadOnlyList<FieldChange> Preview(EmailApp stored, AppForm form) =>
        AppChanges.Between(AppForm.Of(stored), preset.Fill(form))
            .Select(change => change with
            {
                Reauthorises = Row(stored.OrganisationId, stored.Id, preset.Fill(AppChanges.Take(AppForm.Of(stored), form, change.Field)))
                    .NeedsAnotherGrantThan(stored),
            })
            .ToList();

    /// <summary>The fields of <paramref name="form"/> as they would be stored and read again: the preset filled in, blanks normalised.</summary>
    public AppForm Normal(AppForm form)
    {
        var filled = preset.Fill(form);
        return filled with { Aliases = AppNamingRules.Normal(filled.Aliases, filled.EmailId), Signature = filled.Signature.Trim() };
    }

    /// <summary>What stands in the way of saving, and what the admin should read first. Nothing is stored.</summary>
    public async Task<IReadOnlyList<FieldProblem>> JudgeAsync(EmailApp stored, AppForm form, CancellationToken cancel)
    {
        var installation = await installations.GetAsync(cancel);
        var filled = preset.Fill(form);
        return
        [
            .. AppFormRules.Judge(filled, stored, installation.InboundDomain, preset.AssertionFolders, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)),
            .. await SameMailboxAsync(stored, filled, cancel),
        ];
    }

    /// <summary>A new draft with the settings of another app: no secret, no grant, a forwarding address of its own.</summary>
    /// <returns>Null when the organisation has no such app.</returns>
    public async Task<EmailApp?> CopyAsync(Guid organisationId, Guid appId, CancellationToken cancel)
    {
        if (await FindAsync(organisationId, appId, cancel) is not { } model) return null;
        var draft = await OpenDraftAsync(organisationId, cancel);
        var form = AppForm.Of(model) with { AssetName = FreeName(model.AssetName, await ListAsync(organisationId, cancel)), SecretExpiresOn = "", SecretExpiryUnknown = false };
        await KeepDraftAsync(organisationId, draft.Id, form, cancel);
        if (model.FlowId is { } flow) await ChooseFlowAsync(organisationId, draft.Id, flow, cancel);
        return await FindAsync(organisationId, draft.Id, cancel);
    }

    /// <param name="flowId">A flow of the same organisation, or null: only receive.</param>
    /// <returns>False when the app or the flow is not the organisation's.</returns>
    public Task<bool> ChooseFlowAsync(Guid organisationId, Guid appId, Guid? flowId, CancellationToken cancel) =>
        store.WriteAsync(Lane.Work, tx => AppRows.ChooseFlow(tx, organisationId, appId, flowId), cancel);

    /// <summary>Two apps on one mailbox: each mail may be answered twice. Said once, when the address is new to this app.</summary>
    private async Task<IEnumerable<FieldProblem>> SameMailboxAsync(EmailApp stored, AppForm form, CancellationToken cancel)
    {
        var address = form.EmailId.Trim();
        if (address.Length == 0 || (stored.State is not AppState.Draft && Same(address, stored.EmailId))) return [];
        var other = (await ListAsync(stored.OrganisationId, cancel))
            .Find(app => app.Id != stored.Id && app.State is not AppState.Retired && Same(app.EmailId, address));
        return other is null
            ? []
            : [new FieldProblem(nameof(AppForm.EmailId), "email-id-taken", other.AssetName.Length > 0 ? other.AssetName : other.Id.ToString(), IsWarning: true)];
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static string FreeName(string name, List<EmailApp> apps)
    {
        for (var number = 2; ; number++)
        {
            var suffix = $" ({number})";
            var free = $"{(name.Length + suffix.Length > 100 ? name[..(100 - suffix.Length)] : name)}{suffix}";
            if (!apps.Exists(app => Same(app.AssetName, free))) return free;
        }
    }

    private Task<SaveOutcome> StoreAsync(
        EmailApp stored, long seenVersion, AppRow row, DateTimeOffset now, CancellationToken cancel) =>
        store.WriteAsync<SaveOutcome>(
            Lane.Work,
            tx =>
            {
                if (!AppRows.Update(tx, stored.OrganisationId, row, seenVersion))
                {
                    return AppRows.Find(tx, stored.OrganisationId, stored.Id) is { } current
                        ? new SaveOutcome.Stale(current)
                        : new SaveOutcome.Unknown();
                }
                var reauthorise = stored.State is AppState.Draft || row.NeedsAnotherGrantThan(stored);
                if (reauthorise) AppRows.DropGrant(tx, stored.OrganisationId, stored.Id, now);
                return new SaveOutcome.Saved(AppRows.Find(tx, stored.OrganisationId, stored.Id)!, reauthorise); // updated above
            },
            cancel);

    private AppRow Row(Guid organisationId, Guid appId, AppForm form) => new()
    {
        Id = appId,
        Preset = Presets.Find(form.Preset)?.Id ?? Preset.Microsoft365,
        AssetName = Cut(form.AssetName),
        EmailId = Cut(form.EmailId),
        Authentication = Cut(form.Authentication),
        SmtpHost = Cut(form.SmtpHost),
        UserName = Cut(form.UserName),
        SmtpPort = int.TryParse(form.SmtpPort, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0,
        SmtpSecurity = Cut(form.SmtpSecurity),
        DirectoryId = Cut(form.DirectoryId),
        ClientId = Cut(form.ClientId),
        ClientSecret = Seal("client_secret", organisationId, appId, form.ClientSecret),
        Password = Seal("password", organisationId, appId, form.Password),
        SecretExpiresOn = Day(form),
        AuthorizationUrl = Cut(form.AuthorizationUrl),
        TokenUrl = Cut(form.TokenUrl),
        RefreshUrl = Cut(form.RefreshUrl),
        Scope = Cut(form.Scope),
        Proof = Cut(form.Proof),
        AssertionFile = Cut(form.AssertionFile),
        Way = Cut(form.Way),
        SignsInAs = Cut(form.SignsInAs),
        DisplayName = Cut(form.DisplayName),
        ReplyTo = Cut(form.ReplyTo),
        Signature = (form.Signature.Length > AppNamingRules.LongestSignature ? form.Signature[..AppNamingRules.LongestSignature] : form.Signature).Trim(),
        Aliases = AppNamingRules.Normal(form.Aliases, form.EmailId),
        UnclearLetters = Cut(form.UnclearLetters),
        Transport = Cut(form.Transport),
    };

    private string? Seal(string column, Guid organisationId, Guid appId, string secret) =>
        secret.Length is 0 or > 4096 ? null : sealer.Seal("app", column, organisationId, appId, secret);

    private static DateTimeOffset? Day(AppForm form) =>
        !form.SecretExpiryUnknown && DateOnly.TryParseExact(
            form.SecretExpiresOn, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)
            : null;

    /// <summary>A draft keeps mistakes, not novels.</summary>
    private static string Cut(string text) => (text.Length > 2048 ? text[..2048] : text).Trim();
}
