using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Access.Keys;
using Passerelle.Gateway.Events.Webhooks;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Api;

/// <summary><c>/api/v1/webhooks</c> and <c>/api/v1/webhook-deliveries</c>: who is told of what, and what became of each telling.</summary>
internal static class WebhookEndpoints
{
    public static void MapWebhooks(this RouteGroupBuilder api)
    {
        var hooks = api.MapGroup("/webhooks").WithTags("Webhooks").RequireAuthorization(Caller.Admin);
        hooks.MapGet("/", ListAsync).ForKeys(ApiScopes.WebhooksManage).WithName("listWebhooks").WithSummary("List webhooks");
        hooks.MapPost("/", MakeAsync).Audits("webhook-made").ForKeys(ApiScopes.WebhooksManage).WithName("makeWebhook").WithSummary("Make a webhook")
            .WithDescription("The answer holds the signing secret, this once. Each call is a CloudEvent in JSON, signed per Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature. Answer any 2xx within 15 seconds; everything else is tried again, ever later, for about a day.");
        hooks.MapGet("/{id:guid}", ShowAsync).Tags().ForKeys(ApiScopes.WebhooksManage).WithName("getWebhook").WithSummary("Read a webhook");
        hooks.MapPut("/{id:guid}", ChangeAsync).Audits("webhook-changed").ForKeys(ApiScopes.WebhooksManage).WithName("changeWebhook").WithSummary("Change a webhook, or switch it off and on");
        hooks.MapDelete("/{id:guid}", DeleteAsync).Audits("webhook-removed").ForKeys(ApiScopes.WebhooksManage).WithName("removeWebhook").WithSummary("Remove a webhook with all that waits for it");
        hooks.MapPost("/{id:guid}/secret", RotateAsync).Audits("webhook-secret-changed").ForKeys(ApiScopes.WebhooksManage).WithName("changeWebhookSecret").WithSummary("Change the signing secret")
            .WithDescription("The answer holds the new secret, this once. For 24 hours both secrets sign, so that the receiver can be told in between.");
        hooks.MapPost("/{id:guid}/test", TestAsync).Audits("webhook-tested").ForKeys(ApiScopes.WebhooksManage).WithName("testWebhook").WithSummary("Send a test event");
        hooks.MapPost("/{id:guid}/replay", ReplayDeadAsync).Audits("webhook-replayed").ForKeys(ApiScopes.WebhooksManage).WithName("replayDeadDeliveries").WithSummary("Deliver all dead ones again");
        hooks.MapGet("/{id:guid}/deliveries", DeliveriesAsync).ForKeys(ApiScopes.WebhooksManage).WithName("listDeliveries").WithSummary("List deliveries of a webhook");
        var deliveries = api.MapGroup("/webhook-deliveries/{id:guid}").WithTags("Webhooks").RequireAuthorization(Caller.Admin);
        deliveries.MapGet("/", DeliveryAsync).ForKeys(ApiScopes.WebhooksManage).WithName("getDelivery").WithSummary("Read a delivery: its body, and each try with its answer");
        deliveries.MapPost("/replay", ReplayAsync).Audits("webhook-replayed").ForKeys(ApiScopes.WebhooksManage).WithName("replayDelivery").WithSummary("Deliver one again")
            .WithDescription("Under the same webhook-id, so that a receiver that had it knows the repeat.");
    }

    private static async Task<Ok<List<WebhookView>>> ListAsync(Organisation organisation, WebhookSettings webhooks, CancellationToken cancel) =>
        TypedResults.Ok((await webhooks.ListAsync(organisation.Id, cancel)).ConvertAll(one => WebhookView.Of(one)));

    private static async Task<Results<Ok<WebhookView>, NotFound>> ShowAsync(Guid id, Organisation organisation, WebhookSettings webhooks, CancellationToken cancel) =>
        await webhooks.FindAsync(organisation.Id, id, cancel) is { } webhook ? TypedResults.Ok(WebhookView.Of(webhook)) : TypedResults.NotFound();

    private static async Task<Results<Created<WebhookView>, ValidationProblem>> MakeAsync(
        WebhookOrder order, Organisation organisation, WebhookSettings webhooks, CancellationToken cancel) =>
        await webhooks.MakeAsync(organisation.Id, organisation.PersonId, order.Form, cancel) switch
        {
            WebhookOutcome.Saved saved => TypedResults.Created($"/api/v1/webhooks/{saved.Webhook.Id}", WebhookView.Of(saved.Webhook, saved.NewSecret)),
            WebhookOutcome.Refused refused => Refuse(refused),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static async Task<Results<Ok<WebhookView>, NotFound, ValidationProblem>> ChangeAsync(
        Guid id, WebhookOrder order, Organisation organisation, WebhookSettings webhooks, CancellationToken cancel) =>
        await webhooks.ChangeAsync(organisation.Id, id, order.Form, cancel) switch
        {
            WebhookOutcome.Saved saved => TypedResults.Ok(WebhookView.Of(saved.Webhook)),
            WebhookOutcome.Refused refused => Refuse(refused),
            _ => TypedResults.NotFound(),
        };

    private static async Task<Results<NoContent, NotFound>> DeleteAsync(Guid id, Organisation organisation, WebhookSettings webhooks, CancellationToken cancel) =>
        await webhooks.DeleteAsync(organisation.Id, id, cancel) ? TypedResults.NoContent() : TypedResults.NotFound();

    private static async Task<Results<Ok<WebhookView>, NotFound>> RotateAsync(Guid id, Organisation organisation, WebhookSettings webhooks, CancellationToken cancel) =>
        await webhooks.RotateAsync(organisation.Id, id, cancel) is WebhookOutcome.Saved saved
            ? TypedResults.Ok(WebhookView.Of(saved.Webhook, saved.NewSecret))
            : TypedResults.NotFound();

    private static async Task<Results<Accepted<DeliveryOrdered>, NotFound>> TestAsync(Guid id, Organisation organisation, WebhookSettings webhooks, CancellationToken cancel) =>
        await webhooks.TestAsync(organisation.Id, id, cancel) is { } delivery
            ? TypedResults.Accepted($"/api/v1/webhook-deliveries/{delivery}", new DeliveryOrdered(delivery))
            : TypedResults.NotFound();

    private static async Task<Results<Ok<ReplayCount>, NotFound>> ReplayDeadAsync(
        Guid id, Organisation organisation, WebhookSettings webhooks, Deliveries deliveries, CancellationToken cancel) =>
        await webhooks.FindAsync(organisation.Id, id, cancel) is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(new ReplayCount(await deliveries.ReplayDeadAsync(organisation.Id, id, cancel)));

    /// <param name="state">waiting, done or dead; dead when absent.</param>
    /// <param name="before">The <c>next</c> of the page before.</param>
    /// <param name="limit">1 to 200; 50 when absent.</param>
    private static async Task<Results<Ok<DeliveryPage>, NotFound, ProblemHttpResult>> DeliveriesAsync(
        Guid id, string? state, Guid? before, int? limit, Organisation organisation, WebhookSettings webhooks, Deliveries deliveries, CancellationToken cancel)
    {
        if (await webhooks.FindAsync(organisation.Id, id, cancel) is null) return TypedResults.NotFound();
        var asked = state ?? WebhookDelivery.Dead;
        if (!WebhookDelivery.States.Contains(asked)) return TypedResults.Problem("There is no such state: ask for waiting, done or dead", statusCode: StatusCodes.Status400BadRequest);
        var take = ListPage.Of(limit);
        var lines = await deliveries.ListAsync(organisation.Id, id, asked, before, take + 1, cancel);
        return TypedResults.Ok(new DeliveryPage(lines.Take(take).Select(DeliveryLine.Of).ToList(), lines.Count > take ? lines[take - 1].Id : null));
    }

    private static async Task<Results<Ok<DeliveryView>, NotFound>> DeliveryAsync(Guid id, Organisation organisation, Deliveries deliveries, CancellationToken cancel) =>
        await deliveries.FindAsync(organisation.Id, id, cancel) is { } delivery
            ? TypedResults.Ok(new DeliveryView(DeliveryLine.Of(delivery), delivery.Body, await deliveries.AttemptsAsync(organisation.Id, id, cancel)))
            : TypedResults.NotFound();

    private static async Task<Results<NoContent, NotFound>> ReplayAsync(Guid id, Organisation organisation, Deliveries deliveries, CancellationToken cancel) =>
        await deliveries.ReplayAsync(organisation.Id, id, cancel) ? TypedResults.NoContent() : TypedResults.NotFound();

    private static ValidationProblem Refuse(WebhookOutcome.Refused refused) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [refused.Field] = [refused.Sentence] }, detail: refused.Sentence);

    /// <param name="Name">For people.</param>
    /// <param name="Url">https; http on the same machine only.</param>
    /// <param name="Types">Events that it wants, e.g. <c>letter.bounced</c>.</param>
    /// <param name="On">False: nothing is called. On when absent.</param>
    internal sealed record WebhookOrder(string? Name, string? Url, IReadOnlyList<string>? Types, bool? On)
    {
        internal WebhookForm Form => new(Name ?? "", Url ?? "", Types ?? [], On ?? true);
    }

    internal sealed record DeliveryOrdered(Guid DeliveryId);

    /// <param name="Replayed">Deliveries that are due again.</param>
    internal sealed record ReplayCount(int Replayed);

    /// <param name="Next">Pass as <c>before</c> for the next page; null on the last.</param>
    internal sealed record DeliveryPage(IReadOnlyList<DeliveryLine> Lines, Guid? Next);

    internal sealed record DeliveryLine(
        Guid Id, Guid WebhookId, Guid EventId, string Type, string State, long Attempts, long Status, string Words, DateTimeOffset CreatedAt, DateTimeOffset DueAt, DateTimeOffset? EndedAt)
    {
        public static DeliveryLine Of(WebhookDelivery one) =>
            new(one.Id, one.WebhookId, one.EventId, one.Type, one.State, one.Attempts, one.Status, one.Words, one.CreatedAt, one.DueAt, one.EndedAt);
    }

    /// <param name="Body">As it is posted.</param>
    /// <param name="Tries">Newest first, with how each answer begins.</param>
    internal sealed record DeliveryView(DeliveryLine Delivery, string Body, IReadOnlyList<WebhookAttempt> Tries);
}

/// <summary>A webhook as the API shows it.</summary>
/// <param name="Secret">The signing secret, in the answer that made it and nowhere else; null otherwise.</param>
internal sealed record WebhookView(
    Guid Id, string Name, string Url, IReadOnlyList<string> Types, bool On, string Reason, DateTimeOffset? FailingSince, DateTimeOffset? FormerSecretUntil, DateTimeOffset CreatedAt,
    string? Secret)
{
    public static WebhookView Of(Webhook webhook, string? secret = null) => new(
        webhook.Id, webhook.Name, webhook.Url, webhook.TypeList, webhook.State == Webhook.On, webhook.StateReason, webhook.FailingSince, webhook.FormerUntil, webhook.CreatedAt, secret);
}
