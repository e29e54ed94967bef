using System.Collections.Concurrent;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Cluster;

/// <summary>What this process owns. Taking an app raises its epoch in the store, once per process and app.</summary>
internal sealed class Ownerships(IStore store, IPlacement placement)
{
    /// <summary>SQL: a living node other than this one works for the app <c>a</c>; <c>@others</c> is <see cref="Others"/>.</summary>
    public const string IsTheirs = "@others LIKE '%|' || a.node || '|%'";

    private readonly ConcurrentDictionary<(Guid, Guid), Lazy<Task<Ownership>>> _owned = new();
    private readonly ConcurrentDictionary<(Guid, Guid), TaskCompletionSource> _leaving = new();

    /// <summary>Asked before an app goes to another node: what is in hand for it is brought to its end, and nothing new is begun.</summary>
    public event Func<Guid, Guid, Task>? Leaving;

    /// <inheritdoc cref="IPlacement.Others"/>
    public string Others => placement.Others;

    /// <summary>The app is being handed over to another node.</summary>
    public bool IsLeaving(Guid organisationId, Guid appId) => _leaving.ContainsKey((organisationId, appId));

    /// <summary>The proof to work for this app, when this is the node that shall; the first call takes it over. Waits while the app is being handed over.</summary>
    /// <returns>Null: another node works for it.</returns>
    /// <exception cref="KeyNotFoundException">There is no such app.</exception>
    public async Task<Ownership?> IfHereAsync(Guid organisationId, Guid appId, CancellationToken cancel)
    {
        if (_leaving.TryGetValue((organisationId, appId), out var left)) await left.Task.WaitAsync(cancel);
        return _owned.ContainsKey((organisationId, appId)) || await placement.IsHereAsync(organisationId, appId, cancel)
            ? await OfAsync(organisationId, appId, cancel)
            : null;
    }

    /// <summary>The proof to work for this app; the first call takes it over from whoever had it.</summary>
    /// <exception cref="KeyNotFoundException">There is no such app.</exception>
    public async Task<Ownership> OfAsync(Guid organisationId, Guid appId, CancellationToken cancel)
    {
        var taking = _owned.GetOrAdd((organisationId, appId), key => new(() => TakeAsync(key.Item1, key.Item2)));
        try
        {
            return await taking.Value.WaitAsync(cancel);
        }
        catch (Exception) when (taking.Value.IsFaulted)
        {
            _owned.TryRemove(new((organisationId, appId), taking));
            throw;
        }
    }

    /// <summary>Called where <see cref="OwnershipLost"/> was met: the next use takes the app anew.</summary>
    public void Forget(Ownership lost) => _owned.TryRemove((lost.OrganisationId, lost.AppId), out _);

    /// <summary>Ends all work for an app here, then lets <paramref name="move"/> bring it to where it shall be; from then on that is asked for again.</summary>
    public async Task HandOverAsync(Guid organisationId, Guid appId, Func<Task> move)
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_leaving.TryAdd((organisationId, appId), left)) return;
        try
        {
            foreach (var end in Leaving?.GetInvocationList() ?? []) await ((Func<Guid, Guid, Task>)end)(organisationId, appId);
            await move();
        }
        finally
        {
            _owned.TryRemove((organisationId, appId), out _); // last: the move itself may bring the app to life here once more
            _leaving.TryRemove((organisationId, appId), out _);
            left.SetResult();
        }
    }

    /// <summary>
    /// True while nobody newer owns the app, and until the transaction that asks has ended: whoever takes the app over waits for it, and
    /// finds what it wrote.
    /// </summary>
    public static bool Holds(Tx tx, Ownership owner) => tx.For(owner.OrganisationId).One<long?>(
        $"SELECT epoch FROM app WHERE organisation_id = @organisation AND id = @AppId{tx.KeepLocked}", new { owner.AppId }) == owner.Epoch;

    private Task<Ownership> TakeAsync(Guid organisationId, Guid appId) => store.WriteAsync(
        Lane.Work,
        tx => tx.For(organisationId).One<long?>(
            "UPDATE app SET epoch = epoch + 1, node = @Node WHERE organisation_id = @organisation AND id = @appId RETURNING epoch",
            new { appId, placement.Node }) is { } epoch
            ? new Ownership(organisationId, appId, epoch)
            : throw new KeyNotFoundException($"There is no app {appId}"),
        CancellationToken.None); // shared by all who wait: one caller's cancel must not fail the others
}
