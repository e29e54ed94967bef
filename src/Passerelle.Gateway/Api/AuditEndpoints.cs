using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Api;

/// <summary><c>/api/v1/audit</c>: who did what, newest first. For admins: it names people and their addresses.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this RouteGroupBuilder api) =>
        api.MapGet("/audit", ListAsync).WithTags("Audit").RequireAuthorization(Caller.Admin);

    /// <param name="kind">app, credential, grant, flow, letter, message, person or installation; absent: all.</param>
    /// <param name="subject">Id of what it is about.</param>
    /// <param name="before">The last id of the page before.</param>
    /// <param name="limit">1 to 200; 50 when absent.</param>
    private static async Task<Ok<List<AuditEntry>>> ListAsync(
        string? kind, Guid? person, string? subject, Guid? before, int? limit, Organisation organisation, AuditEntries entries, CancellationToken cancel) =>
        TypedResults.Ok(await entries.ListAsync(
            organisation.Id, new AuditFilter(kind, person, subject, before), ListPage.Of(limit), cancel));
}
