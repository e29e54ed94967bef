using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Delivery;

namespace Passerelle.Gateway.Api;

/// <summary><c>/api/v1/apps/{id}/delivery</c>: from whom an app takes its mail.</summary>
internal static class DeliveryEndpoints
{
    public static void MapDelivery(this RouteGroupBuilder api)
    {
        var apps = api.MapGroup("/apps/{id:guid}/delivery").WithTags("Apps");
        apps.MapGet("/", ShowAsync);
        apps.MapPut("/", SetAsync).RequireAuthorization(Caller.Admin).Audits("app-delivery-changed");
    }

    /// <summary>The rule, who delivered so far, and the provider that all of it came from, once there is enough of it.</summary>
    private static async Task<Results<Ok<DeliveryView>, NotFound>> ShowAsync(
        Guid id, Organisation organisation, EmailApps apps, DeliveryRules rules, DelivererList known, CancellationToken cancel)
    {
        if (await apps.FindAsync(organisation.Id, id, cancel) is not { } app) return TypedResults.NotFound();
        var (rule, seen) = (DeliveryRule.Of(app), await rules.SeenAsync(organisation.Id, id, cancel));
        return TypedResults.Ok(new DeliveryView(
            rule.Mode, rule.Providers, rule.Sources.Entries, seen, DeliveryRules.Suggestion(seen)?.Provider, [.. known.All.Select(one => new KnownProvider(one.Id, one.Name))]));
    }

    /// <summary>Nobody is refused at the door: mail from others is marked, or held for an admin.</summary>
    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> SetAsync(
        Guid id, DeliveryOrder order, Organisation organisation, DeliveryRules rules, CancellationToken cancel) =>
        await rules.SetAsync(
            organisation.Id,
            id,
            new DeliveryRule(order.Mode ?? DeliveryRule.Anyone, order.Providers ?? [], DeliverySources.Parse(string.Join(' ', order.Sources ?? []))),
            cancel) switch
        {
            DeliveryOutcome.Saved => TypedResults.NoContent(),
            DeliveryOutcome.Unknown => TypedResults.NotFound(),
            DeliveryOutcome.BadSource bad => Refused($"{bad.Entry} is neither a name like mail.contoso.example nor a range like 192.0.2.0/24"),
            DeliveryOutcome.BadWord bad => Refused($"There is no mode or provider {bad.Word}"),
            _ => Refused("Name at least one provider, name or range: else all mail would be held"),
        };

    private static ProblemHttpResult Refused(string sentence) => TypedResults.Problem(sentence, statusCode: StatusCodes.Status400BadRequest);

    /// <param name="Mode">anyone, mark or hold.</param>
    /// <param name="Providers">Ids as the answer of GET lists them.</param>
    /// <param name="Sources">Names and ranges.</param>
    internal sealed record DeliveryOrder(string? Mode, IReadOnlyList<string>? Providers, IReadOnlyList<string>? Sources);

    /// <param name="Suggestion">A provider's id; null while there is none.</param>
    internal sealed record DeliveryView(
        string Mode, IReadOnlyList<string> Providers, IReadOnlyList<string> Sources, IReadOnlyList<SeenDeliverer> Seen, string? Suggestion, IReadOnlyList<KnownProvider> Known);

    internal sealed record KnownProvider(string Id, string Name);
}
