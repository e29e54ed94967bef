using System.Collections.Concurrent;
using Passerelle.Flows;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Routing.Flows;

/// <summary>Published versions, parsed once: they never change.</summary>
internal sealed class PublishedFlows(IStore store)
{
    private const int MostKept = 10_000;
    private readonly ConcurrentDictionary<(Guid Organisation, Guid Flow, long Number), FlowDefinition> _parsed = new();

    /// <exception cref="InvalidOperationException">There is no such version, or it is not valid any more: a fault.</exception>
    public async ValueTask<FlowDefinition> GetAsync(Guid organisationId, Guid flowId, long number, CancellationToken cancel)
    {
        if (_parsed.TryGetValue((organisationId, flowId, number), out var known)) return known;
        var version = await store.ReadAsync(tx => FlowRows.Version(tx, organisationId, flowId, number), cancel);
        if (version is null || FlowParser.Parse(version.Definition) is not FlowParse.Valid valid)
        {
            throw new InvalidOperationException($"Version {number} of flow {flowId} cannot be run");
        }
        if (_parsed.Count >= MostKept) _parsed.Clear();
        return _parsed[(organisationId, flowId, number)] = valid.Flow;
    }
}
