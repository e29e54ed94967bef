using Passerelle.Flows;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Routing.Flows;

/// <summary>How saving or publishing a flow ended.</summary>
internal abstract record FlowChange
{
    private FlowChange() { }

    public sealed record Saved(FlowRow Flow) : FlowChange;

    /// <param name="Number">Of the version that runs from now on.</param>
    public sealed record Published(FlowRow Flow, long Number) : FlowChange;

    /// <summary>Only publishing asks for a valid document.</summary>
    public sealed record Invalid(IReadOnlyList<FlowError> Errors) : FlowChange;

    /// <summary>Somebody else saved it in between.</summary>
    public sealed record Stale(FlowRow Current) : FlowChange;
    public sealed record Unknown : FlowChange;
}

/// <summary>Creates, edits, publishes, pauses flows. Which flow an app uses, <c>EmailApps.ChooseFlowAsync</c> says.</summary>
internal sealed class FlowLibrary(IStore store, TimeProvider time)
{
    public const int LongestName = 200;

    /// <param name="draft">JSON, valid or not, at most <see cref="FlowParser.MaxBytes"/>.</param>
    public async Task<FlowRow> CreateAsync(Guid organisationId, string name, string draft, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        return await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                FlowRows.Insert(tx, organisationId, id, Cut(name), draft, now);
                return FlowRows.Find(tx, organisationId, id)!; // inserted a line above
            },
            cancel);
    }

    /// <returns>Newest first.</returns>
    public Task<List<FlowRow>> ListAsync(Guid organisationId, CancellationToken cancel) =>
        store.ReadAsync(tx => FlowRows.List(tx, organisationId), cancel);

    /// <returns>Null when the organisation has no such flow.</returns>
    public Task<FlowRow?> FindAsync(Guid organisationId, Guid id, CancellationToken cancel) =>
        store.ReadAsync(tx => FlowRows.Find(tx, organisationId, id), cancel);

    /// <returns>Newest first.</returns>
    public Task<List<FlowVersion>> VersionsAsync(Guid organisationId, Guid id, CancellationToken cancel) =>
        store.ReadAsync(tx => FlowRows.Versions(tx, organisationId, id), cancel);

    /// <summary>Keeps the draft as typed, right or wrong.</summary>
    /// <param name="seenVersion">The version the editor was opened with.</param>
    public Task<FlowChange> SaveAsync(
        Guid organisationId, Guid id, long seenVersion, string name, string draft, CancellationToken cancel)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(draft) > FlowParser.MaxBytes)
        {
            return Task.FromResult<FlowChange>(new FlowChange.Invalid(((FlowParse.Invalid)FlowParser.Parse(draft)).Errors));
        }
        return store.WriteAsync<FlowChange>(
            Lane.Work,
            tx =>
            {
                var saved = FlowRows.Save(tx, organisationId, id, seenVersion, Cut(name), draft);
                return FlowRows.Find(tx, organisationId, id) switch
                {
                    null => new FlowChange.Unknown(),
                    var flow when saved => new FlowChange.Saved(flow),
                    var flow => new FlowChange.Stale(flow),
                };
            },
            cancel);
    }

    /// <summary>Makes the draft the version that runs from now on; runs in progress keep theirs.</summary>
    /// <param name="person">Who does it.</param>
    public async Task<FlowChange> PublishAsync(
        Guid organisationId, Guid id, long seenVersion, Guid? person, CancellationToken cancel)
    {
        if (await FindAsync(organisationId, id, cancel) is not { } flow) return new FlowChange.Unknown();
        if (flow.Version != seenVersion) return new FlowChange.Stale(flow);
        if (FlowParser.Parse(flow.Draft) is FlowParse.Invalid invalid) return new FlowChange.Invalid(invalid.Errors);

        var now = time.GetUtcNow();
        return await store.WriteAsync<FlowChange>(
            Lane.Work,
            tx => FlowRows.Publish(tx, organisationId, id, seenVersion, flow.Draft, person, now) is { } number
                ? new FlowChange.Published(FlowRows.Find(tx, organisationId, id)!, number) // it was updated
                : new FlowChange.Stale(FlowRows.Find(tx, organisationId, id)!), // flows are never deleted
            cancel);
    }

    /// <summary>While paused, messages are kept instead of run; runs in progress go on.</summary>
    /// <returns>False when the organisation has no such flow.</returns>
    public Task<bool> PauseAsync(Guid organisationId, Guid id, bool paused, CancellationToken cancel) =>
        store.WriteAsync(Lane.Work, tx => FlowRows.Pause(tx, organisationId, id, paused), cancel);

    private static string Cut(string name) => (name.Length > LongestName ? name[..LongestName] : name).Trim();
}
