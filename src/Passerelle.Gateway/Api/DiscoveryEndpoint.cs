using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Api;

/// <summary><c>POST /api/v1/discovery</c>: the OAuth addresses that a provider publishes, to be filled into a form.</summary>
internal static class DiscoveryEndpoint
{
    public static void MapDiscovery(this RouteGroupBuilder api) => api.MapPost("/discovery", ReadAsync)
        .WithTags("Apps").RequireAuthorization(Caller.Admin).AuditsNothing("it reads another server and stores nothing");

    private static async Task<Results<Ok<DiscoveryOutcome.Found>, ProblemHttpResult>> ReadAsync(
        DiscoveryOrder order, Discovery discovery, CancellationToken cancel) => await discovery.ReadAsync(order.Url ?? "", cancel) switch
        {
            DiscoveryOutcome.Found found => TypedResults.Ok(found),
            DiscoveryOutcome.Failed failed => TypedResults.Problem(failed.Sentence, statusCode: StatusCodes.Status400BadRequest),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    internal sealed record DiscoveryOrder(string? Url);
}
