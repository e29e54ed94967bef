using System.Globalization;
using System.Security.Cryptography;
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
        var address = $"{RandomNumberGenerator.GetHexString(32, lowercase: true)}@{installation.InboundDomain}";
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

    /// <summary>Keeps a draft's fields as typed, right or wrong; secrets are kept sealed. False when it is no draft (any more).</summary>
    public async Task<bool> KeepDraftAsync(Guid organisationId, Guid appId, AppForm form, CancellationToken cancel)
    {
        var row = Row(organisationId, appId, form);
        return await store.WriteAsync(Lane.Work, tx => AppRows.UpdateDraft(tx, organisationId, row), cancel);
    }

    /// <summary>Judges the form and stores it. A draft becomes unauthorised; an app whose grant no longer fits does too.</summary>
    /// <param name="seenVersion">The version the form was opened with.</param>
    public async Task<SaveOutcome> SaveAsync(
        Guid organisationId, Guid appId, long seenVersion, AppForm form, CancellationToken cancel)
    {
        if (await FindAsync(organisationId, appId, cancel) is not { } stored) return new SaveOutcome.Unknown();
        var installation = await installations.GetAsync(cancel);
        var now = time.GetUtcNow();
        var filled = preset.Fill(form);
        var problems = AppFormRules.Judge(filled, stored, installation.InboundDomain, preset.AssertionFolders, DateOnly.FromDateTime(now.UtcDateTime));
        if (problems.Any(problem => !problem.IsWarning) || (problems.Count > 0 && !form.WarningsRead))
        {
            return new SaveOutcome.Invalid(problems);
        }
        return await StoreAsync(stored, seenVersion, Row(organisationId, appId, filled), now, cancel);
    }

    public Task<bool> PauseAsync(Guid organisationId, Guid appId, string reason, CancellationToken cancel) =>
        store.WriteAsync(Lane.Work, tx => AppStates.Pause(tx, organisationId, appId, reason, time.GetUtcNow()), cancel);

    public Task<bool> ResumeAsync(Guid organisationId, Guid appId, CancellationToken cancel) =>
        store.WriteAsync(Lane.Work, tx => AppStates.Resume(tx, organisationId, appId, time.GetUtcNow()), cancel);

    /// <param name="flowId">A flow of the same organisation, or null: only receive.</param>
    /// <returns>False when the app or the flow is not the organisation's.</returns>
    public Task<bool> ChooseFlowAsync(Guid organisationId, Guid appId, Guid? flowId, CancellationToken cancel) =>
        store.WriteAsync(Lane.Work, tx => AppRows.ChooseFlow(tx, organisationId, appId, flowId), cancel);

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
        Preset = form.Preset is Preset.Generic ? Preset.Generic : Preset.Microsoft365,
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
