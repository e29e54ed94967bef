using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Routing.Flows;

/// <summary>What an order changed of a flow. Of its document only that it changed: it may hold keys of web services.</summary>
internal static class FlowChanges
{
    public static IReadOnlyList<FieldChange> Between(FlowRow? before, FlowRow after) =>
    [
        .. Change(nameof(FlowRow.Name), before?.Name ?? "", after.Name),
        .. before?.Draft == after.Draft ? Array.Empty<FieldChange>() : [new FieldChange(nameof(FlowRow.Draft), before is null ? "" : AppChanges.Hidden, AppChanges.Hidden)],
        .. Change(nameof(FlowRow.PublishedVersion), $"{before?.PublishedVersion ?? 0}", $"{after.PublishedVersion}"),
        .. Change(nameof(FlowRow.Paused), before?.Paused == true ? "true" : "false", after.Paused ? "true" : "false"),
    ];

    private static IEnumerable<FieldChange> Change(string field, string before, string after) =>
        before == after ? [] : [new FieldChange(field, before, after)];
}
