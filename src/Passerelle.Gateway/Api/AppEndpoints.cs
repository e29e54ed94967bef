using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Access.Keys;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Api;

/// <summary><c>/api/v1/apps</c>. An app of another organisation does not exist here.</summary>
internal static class AppEndpoints
{
    public static void MapApps(this RouteGroupBuilder api)
    {
        var apps = api.MapGroup("/apps").WithTags("Apps");
        apps.MapGet("/", ListAsync).ForKeys(ApiScopes.AppsRead).WithName("listApps").WithSummary("List apps")
            .WithDescription("Newest first. Without limit all of them; with limit at most so many, and a Link header (RFC 8288) with rel=next leads to the following ones.");
        apps.MapGet("/{id:guid}", ShowAsync).Tags().ForKeys(ApiScopes.AppsRead).WithName("getApp").WithSummary("Read an app");
        apps.MapGet("/{id:guid}/held", HeldAsync);
        var orders = apps.MapGroup("/").RequireAuthorization(Caller.Admin);
        orders.MapPost("/", OpenDraftAsync).Audits("app-drafted");
        orders.MapPut("/{id:guid}", SaveAsync).Audits("app-saved");
        orders.MapPost("/{id:guid}/pause", PauseAsync).Audits("app-paused");
        orders.MapPost("/{id:guid}/resume", ResumeAsync).Audits("app-resumed");
        orders.MapPut("/{id:guid}/flow", ChooseFlowAsync).Audits("app-flow-chosen");
        orders.MapPost("/{id:guid}/held/release", ReleaseAsync).Audits("held-released");
        orders.MapPost("/{id:guid}/held/keep", KeepAsync).Audits("held-kept");
    }

    /// <param name="before">The last id of the page before.</param>
    /// <param name="limit">1 to 200; all of them when absent.</param>
    private static async Task<Ok<List<AppView>>> ListAsync(
        Guid? before, int? limit, HttpResponse response, Organisation organisation, EmailApps apps, Installations installations, CancellationToken cancel)
    {
        var callback = (await installations.GetAsync(cancel)).CallbackUrl;
        if (limit is null) return TypedResults.Ok((await apps.ListAsync(organisation.Id, cancel)).ConvertAll(app => AppView.Of(app, callback)));
        var take = ListPage.Of(limit);
        var page = await apps.ListAsync(organisation.Id, before, take + 1, cancel);
        if (page.Count > take) response.Headers.Link = $"</api/v1/apps?limit={take}&before={page[take - 1].Id}>; rel=\"next\"";
        return TypedResults.Ok(page.Take(take).Select(app => AppView.Of(app, callback)).ToList());
    }

    private static async Task<Results<Ok<AppView>, NotFound>> ShowAsync(
        Guid id, Organisation organisation, EmailApps apps, Installations installations, CancellationToken cancel) =>
        await apps.FindAsync(organisation.Id, id, cancel) is { } app
            ? TypedResults.Ok(AppView.Of(app, (await installations.GetAsync(cancel)).CallbackUrl))
            : TypedResults.NotFound();

    /// <summary>A draft with its forwarding address; mail to it is taken and held from now on.</summary>
    private static async Task<Created<AppView>> OpenDraftAsync(
        Organisation organisation, EmailApps apps, Installations installations, CancellationToken cancel)
    {
        var draft = await apps.OpenDraftAsync(organisation.Id, cancel);
        return TypedResults.Created($"/api/v1/apps/{draft.Id}", AppView.Of(draft, (await installations.GetAsync(cancel)).CallbackUrl));
    }

    /// <summary>400 names each wrong field; 409 when somebody else saved meanwhile.</summary>
    private static async Task<Results<Ok<AppView>, NotFound, Conflict<AppView>, ValidationProblem>> SaveAsync(
        Guid id, AppOrder order, Organisation organisation, EmailApps apps, Installations installations, CancellationToken cancel)
    {
        var callback = (await installations.GetAsync(cancel)).CallbackUrl;
        return await apps.SaveAsync(organisation.Id, id, order.Version, order.Form, cancel) switch
        {
            SaveOutcome.Saved saved => TypedResults.Ok(AppView.Of(saved.App, callback)),
            SaveOutcome.Stale stale => TypedResults.Conflict(AppView.Of(stale.Current, callback)),
            SaveOutcome.Invalid invalid => TypedResults.ValidationProblem(invalid.Problems
                .GroupBy(problem => problem.Field)
                .ToDictionary(field => field.Key, field => field.Select(problem => problem.Code).ToArray())),
            _ => TypedResults.NotFound(),
        };
    }

    /// <summary>409 when the app is in no state to pause in: a draft has nothing to stop.</summary>
    private static async Task<Results<NoContent, NotFound, Conflict>> PauseAsync(
        Guid id, PauseOrder order, Organisation organisation, EmailApps apps, CancellationToken cancel) =>
        await apps.PauseAsync(organisation.Id, id, order.Reason ?? "", cancel) ? TypedResults.NoContent() : await WhyNotAsync(id, organisation, apps, cancel);

    /// <summary>409 when the app is not paused.</summary>
    private static async Task<Results<NoContent, NotFound, Conflict>> ResumeAsync(
        Guid id, Organisation organisation, EmailApps apps, CancellationToken cancel) =>
        await apps.ResumeAsync(organisation.Id, id, cancel) ? TypedResults.NoContent() : await WhyNotAsync(id, organisation, apps, cancel);

    private static async Task<Results<NoContent, NotFound, Conflict>> WhyNotAsync(
        Guid id, Organisation organisation, EmailApps apps, CancellationToken cancel) =>
        await apps.FindAsync(organisation.Id, id, cancel) is null ? TypedResults.NotFound() : TypedResults.Conflict();

    private static async Task<Results<NoContent, NotFound>> ChooseFlowAsync(
        Guid id, FlowChoice choice, Organisation organisation, EmailApps apps, CancellationToken cancel) =>
        await apps.ChooseFlowAsync(organisation.Id, id, choice.FlowId, cancel) ? TypedResults.NoContent() : TypedResults.NotFound();

    private static async Task<Results<Ok<HeldCount>, NotFound>> HeldAsync(
        Guid id, Organisation organisation, EmailApps apps, HeldMail held, CancellationToken cancel) =>
        await apps.FindAsync(organisation.Id, id, cancel) is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(new HeldCount(await held.CountAsync(organisation.Id, id, cancel)));

    private static async Task<Results<Ok<HeldCount>, NotFound>> ReleaseAsync(
        Guid id, Organisation organisation, EmailApps apps, HeldMail held, Signals signals, CancellationToken cancel)
    {
        if (await apps.FindAsync(organisation.Id, id, cancel) is null) return TypedResults.NotFound();
        var count = await held.ReleaseAsync(organisation.Id, id, cancel);
        signals.Messages.Raise();
        return TypedResults.Ok(new HeldCount(count));
    }

    private static async Task<Results<Ok<HeldCount>, NotFound>> KeepAsync(
        Guid id, Organisation organisation, EmailApps apps, HeldMail held, CancellationToken cancel) =>
        await apps.FindAsync(organisation.Id, id, cancel) is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(new HeldCount(await held.KeepAsync(organisation.Id, id, cancel)));
}
