using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Routing.Flows;

namespace Passerelle.Gateway.Api;

/// <summary>What the audit calls an order. An order without it fails a test that asks the router for all there are.</summary>
internal sealed record AuditedAs(string Action);

/// <summary>An order that changes nothing which an audit is for.</summary>
/// <param name="Because">Why; read by people only.</param>
internal sealed record NotAudited(string Because);

/// <summary>Writes the audit's line once an order was carried out: who, from where, and what changed of the app or the flow.</summary>
internal sealed class Audited(Audit audit, EmailApps apps, FlowLibrary flows) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.GetEndpoint()?.Metadata.GetMetadata<AuditedAs>() is not { } deed || Caller.Of(http.User) is not { } caller) return await next(context);
        var kind = AuditKinds.Of(deed.Action);
        Guid? subject = Guid.TryParse(http.Request.RouteValues["id"] as string, out var id) ? id : null;
        var before = await ChangeableAsync(caller, kind, subject, http.RequestAborted);
        var result = await next(context);
        if (!IsDone(result)) return result;

        subject ??= SubjectOf(result);
        var cancel = CancellationToken.None; // it is done: say so even when the caller has gone
        if (await ChangeableAsync(caller, kind, subject, cancel) is EmailApp after)
        {
            await audit.WriteAsync(caller, deed.Action, before as EmailApp, after, cancel);
        }
        else
        {
            var now = await ChangeableAsync(caller, kind, subject, cancel) as FlowRow;
            await audit.WriteAsync(
                caller,
                new Deed(deed.Action, kind, subject?.ToString() ?? caller.OrganisationId.ToString()) { Changes = now is null ? [] : FlowChanges.Between(before as FlowRow, now) },
                cancel);
        }
        return result;
    }

    private async Task<object?> ChangeableAsync(Caller caller, string kind, Guid? subject, CancellationToken cancel) => (kind, subject) switch
    {
        (AuditKinds.App, { } id) => await apps.FindAsync(caller.OrganisationId, id, cancel),
        (AuditKinds.Flow, { } id) => await flows.FindAsync(caller.OrganisationId, id, cancel),
        _ => null,
    };

    private static bool IsDone(object? result) => Inner(result) switch
    {
        IStatusCodeHttpResult { StatusCode: { } status } => status < 400,
        _ => true, // a stream or a value: 200
    };

    private static Guid? SubjectOf(object? result) => (Inner(result) as IValueHttpResult)?.Value switch
    {
        AppView app => app.Id,
        FlowRow flow => flow.Id,
        OrderEndpoints.OrderedLetter letter => letter.LetterId,
        HoldView hold => hold.Id,
        WebhookView webhook => webhook.Id,
        TemplateView template => template.Id,
        JobView job => job.Id,
        _ => null,
    };

    private static object? Inner(object? result) => result is INestedHttpResult nested ? nested.Result : result;
}

internal static class AuditedEndpoints
{
    public static RouteHandlerBuilder Audits(this RouteHandlerBuilder endpoint, string action) => endpoint.WithMetadata(new AuditedAs(action));

    public static RouteHandlerBuilder AuditsNothing(this RouteHandlerBuilder endpoint, string because) => endpoint.WithMetadata(new NotAudited(because));
}
