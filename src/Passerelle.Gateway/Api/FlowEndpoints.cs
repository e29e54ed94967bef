using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Flows;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Routing;
using Passerelle.Gateway.Routing.Flows;

namespace Passerelle.Gateway.Api;

/// <summary><c>/api/v1/flows</c>. A flow is a JSON document; publishing makes an immutable version of it.</summary>
internal static class FlowEndpoints
{
    public static void MapFlows(this RouteGroupBuilder api)
    {
        var flows = api.MapGroup("/flows").WithTags("Flows");
        flows.MapGet("/", ListAsync);
        flows.MapGet("/{id:guid}", ShowAsync);
        var orders = flows.MapGroup("/").RequireAuthorization(Caller.Admin);
        orders.MapPost("/", CreateAsync).Audits("flow-created");
        orders.MapPost("/acknowledgement", AcknowledgeAsync).Audits("flow-published");
        orders.MapPut("/{id:guid}", SaveAsync).Audits("flow-saved");
        orders.MapPost("/{id:guid}/publish", PublishAsync).Audits("flow-published");
        orders.MapPut("/{id:guid}/paused", PauseAsync).Audits("flow-paused");
        orders.MapPost("/dry-run", DryRunAsync).AuditsNothing("nothing happens: that is what a dry run is");
    }

    private static async Task<Ok<List<FlowRow>>> ListAsync(Organisation organisation, FlowLibrary flows, CancellationToken cancel) =>
        TypedResults.Ok(await flows.ListAsync(organisation.Id, cancel));

    private static async Task<Results<Ok<FlowRow>, NotFound>> ShowAsync(
        Guid id, Organisation organisation, FlowLibrary flows, CancellationToken cancel) =>
        await flows.FindAsync(organisation.Id, id, cancel) is { } flow ? TypedResults.Ok(flow) : TypedResults.NotFound();

    private static async Task<Created<FlowRow>> CreateAsync(
        NewFlow order, Organisation organisation, FlowLibrary flows, CancellationToken cancel)
    {
        var flow = await flows.CreateAsync(organisation.Id, order.Name, order.Draft, cancel);
        return TypedResults.Created($"/api/v1/flows/{flow.Id}", flow);
    }

    /// <summary>A flow made from one text, published at once.</summary>
    private static async Task<Results<Created<FlowRow>, ProblemHttpResult>> AcknowledgeAsync(
        AcknowledgementOrder order, Organisation organisation, FlowLibrary flows, CancellationToken cancel)
    {
        var (json, errors) = AcknowledgementForm.ToFlow(order.Name, order.Text);
        if (json is null) return Wrong(errors);
        var flow = await flows.CreateAsync(organisation.Id, order.Name, json, cancel);
        return await flows.PublishAsync(organisation.Id, flow.Id, flow.Version, organisation.PersonId, cancel) switch
        {
            FlowChange.Published published => TypedResults.Created($"/api/v1/flows/{flow.Id}", published.Flow),
            FlowChange.Invalid invalid => Wrong(invalid.Errors),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name), // made a line above
        };
    }

    /// <summary>A draft is kept right or wrong; 409 when somebody else saved meanwhile.</summary>
    private static async Task<Results<Ok<FlowRow>, NotFound, Conflict<FlowRow>>> SaveAsync(
        Guid id, FlowOrder order, Organisation organisation, FlowLibrary flows, CancellationToken cancel) =>
        await flows.SaveAsync(organisation.Id, id, order.Version, order.Name, order.Draft, cancel) switch
        {
            FlowChange.Saved saved => TypedResults.Ok(saved.Flow),
            FlowChange.Stale stale => TypedResults.Conflict(stale.Current),
            _ => TypedResults.NotFound(),
        };

    private static async Task<Results<Ok<FlowRow>, NotFound, Conflict<FlowRow>, ProblemHttpResult>> PublishAsync(
        Guid id, FlowVersionSeen seen, Organisation organisation, FlowLibrary flows, CancellationToken cancel) =>
        await flows.PublishAsync(organisation.Id, id, seen.Version, organisation.PersonId, cancel) switch
        {
            FlowChange.Published published => TypedResults.Ok(published.Flow),
            FlowChange.Invalid invalid => Wrong(invalid.Errors),
            FlowChange.Stale stale => TypedResults.Conflict(stale.Current),
            _ => TypedResults.NotFound(),
        };

    private static async Task<Results<NoContent, NotFound>> PauseAsync(
        Guid id, FlowPause pause, Organisation organisation, FlowLibrary flows, CancellationToken cancel) =>
        await flows.PauseAsync(organisation.Id, id, pause.Paused, cancel) ? TypedResults.NoContent() : TypedResults.NotFound();

    /// <summary>What the document would do with a stored message; nothing happens.</summary>
    private static async Task<Results<Ok<DryRun.Done>, NotFound, ProblemHttpResult>> DryRunAsync(
        DryRunOrder order, Organisation organisation, DryRuns dryRuns, CancellationToken cancel) =>
        await dryRuns.RunAsync(organisation.Id, order.Draft, order.MessageId, cancel) switch
        {
            DryRun.Done done => TypedResults.Ok(done),
            DryRun.Invalid invalid => Wrong(invalid.Errors),
            DryRun.SourceGone => TypedResults.Problem("The source of this message is kept no longer: choose another one", statusCode: StatusCodes.Status410Gone),
            _ => TypedResults.NotFound(),
        };

    private static ProblemHttpResult Wrong(IReadOnlyList<FlowError> errors) => TypedResults.Problem(
        "The flow cannot run as it stands", statusCode: StatusCodes.Status400BadRequest,
        extensions: new Dictionary<string, object?> { ["errors"] = errors });

    internal sealed record NewFlow(string Name, string Draft);

    internal sealed record AcknowledgementOrder(string Name, string Text);

    internal sealed record FlowOrder(long Version, string Name, string Draft);

    internal sealed record FlowVersionSeen(long Version);

    internal sealed record FlowPause(bool Paused);

    internal sealed record DryRunOrder(string Draft, Guid MessageId);
}
