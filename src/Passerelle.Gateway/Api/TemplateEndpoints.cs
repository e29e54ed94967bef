using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Flows.Liquid;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Access.Keys;
using Passerelle.Gateway.Templates;

namespace Passerelle.Gateway.Api;

/// <summary><c>/api/v1/templates</c>: texts with Liquid in them, for orders (<c>template</c>, <c>variables</c>) and for flows.</summary>
internal static class TemplateEndpoints
{
    public static void MapTemplates(this RouteGroupBuilder api)
    {
        var templates = api.MapGroup("/templates").WithTags("Templates");
        templates.MapGet("/", ListAsync).ForKeys(ApiScopes.TemplatesManage).WithName("listTemplates").WithSummary("List templates");
        templates.MapGet("/{id:guid}", ShowAsync).Tags().ForKeys(ApiScopes.TemplatesManage).WithName("getTemplate").WithSummary("Read a template");
        templates.MapPost("/{id:guid}/preview", PreviewAsync).AuditsNothing("it changes nothing").ForKeys(ApiScopes.TemplatesManage).WithName("previewTemplate").WithSummary("Fill a template and look at it")
            .WithDescription("With the variables of the body, or with its sample when there are none. Nothing is sent.");
        var orders = templates.MapGroup("/").RequireAuthorization(Caller.Admin);
        orders.MapPost("/", MakeAsync).Audits("template-made").ForKeys(ApiScopes.TemplatesManage).WithName("makeTemplate").WithSummary("Make a template");
        orders.MapPut("/{id:guid}", SaveAsync).Audits("template-saved").ForKeys(ApiScopes.TemplatesManage).WithName("saveTemplate").WithSummary("Change a template")
            .WithDescription("version is the one that was read; 409 when somebody else saved meanwhile.");
        orders.MapDelete("/{id:guid}", DeleteAsync).Audits("template-removed").ForKeys(ApiScopes.TemplatesManage).WithName("removeTemplate").WithSummary("Remove a template");
    }

    private static async Task<Ok<List<TemplateView>>> ListAsync(Organisation organisation, TemplateLibrary templates, CancellationToken cancel) =>
        TypedResults.Ok((await templates.ListAsync(organisation.Id, cancel)).ConvertAll(TemplateView.Of));

    private static async Task<Results<Ok<TemplateView>, NotFound>> ShowAsync(Guid id, Organisation organisation, TemplateLibrary templates, CancellationToken cancel) =>
        await templates.FindAsync(organisation.Id, id, cancel) is { } template ? TypedResults.Ok(TemplateView.Of(template)) : TypedResults.NotFound();

    private static async Task<Results<Created<TemplateView>, ValidationProblem>> MakeAsync(
        TemplateOrder order, Organisation organisation, TemplateLibrary templates, CancellationToken cancel) =>
        await templates.MakeAsync(organisation.Id, organisation.PersonId, order.Form, cancel) switch
        {
            TemplateOutcome.Saved saved => TypedResults.Created($"/api/v1/templates/{saved.Template.Id}", TemplateView.Of(saved.Template)),
            TemplateOutcome.Refused refused => Refuse(refused.Faults),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static async Task<Results<Ok<TemplateView>, NotFound, Conflict<TemplateView>, ValidationProblem>> SaveAsync(
        Guid id, TemplateOrder order, Organisation organisation, TemplateLibrary templates, CancellationToken cancel) =>
        await templates.SaveAsync(organisation.Id, id, order.Version ?? 0, organisation.PersonId, order.Form, cancel) switch
        {
            TemplateOutcome.Saved saved => TypedResults.Ok(TemplateView.Of(saved.Template)),
            TemplateOutcome.Stale stale => TypedResults.Conflict(TemplateView.Of(stale.Current)),
            TemplateOutcome.Refused refused => Refuse(refused.Faults),
            _ => TypedResults.NotFound(),
        };

    private static async Task<Results<NoContent, NotFound>> DeleteAsync(Guid id, Organisation organisation, TemplateLibrary templates, CancellationToken cancel) =>
        await templates.DeleteAsync(organisation.Id, id, cancel) ? TypedResults.NoContent() : TypedResults.NotFound();

    private static async Task<Results<Ok<TemplatePreview>, NotFound, ValidationProblem>> PreviewAsync(
        Guid id, PreviewOrder order, Organisation organisation, TemplateLibrary templates, CancellationToken cancel)
    {
        if (await templates.FindAsync(organisation.Id, id, cancel) is not { } template) return TypedResults.NotFound();
        return templates.Fill(template.Source, order.Variables ?? TemplateRules.Sample(template.Sample) ?? []) switch
        {
            TemplateFilling.Filled filled => TypedResults.Ok(new TemplatePreview(filled.Subject, filled.Text, filled.Html)),
            TemplateFilling.Missing missing => Refuse([.. missing.Variables.Select(one => new TemplateFault(one.Part, one.Sentence))]),
            TemplateFilling.Failed failed => Refuse([failed.Fault]),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static ValidationProblem Refuse(IReadOnlyList<TemplateFault> faults) => TypedResults.ValidationProblem(
        faults.GroupBy(fault => fault.Part).ToDictionary(part => part.Key, part => part.Select(fault => fault.Sentence).ToArray()), detail: faults[0].Sentence);

    /// <param name="Version">The one that was read; of a new template it does not count.</param>
    /// <param name="Name">Lower-case letters, digits, hyphens.</param>
    /// <param name="Sample">To look at it with; none when absent.</param>
    internal sealed record TemplateOrder(long? Version, string? Name, string? Subject, string? Text, string? Html, JsonObject? Sample)
    {
        internal TemplateForm Form => new(Name ?? "", Subject ?? "", Text ?? "", Html ?? "", Sample?.ToJsonString() ?? "{}");
    }

    /// <param name="Variables">The template's sample when absent.</param>
    internal sealed record PreviewOrder(JsonObject? Variables);

    internal sealed record TemplatePreview(string? Subject, string? Text, string? Html);
}

internal sealed record TemplateView(Guid Id, string Name, string Subject, string Text, string Html, JsonObject Sample, long Version, DateTimeOffset ChangedAt)
{
    public static TemplateView Of(Template template) =>
        new(template.Id, template.Name, template.Subject, template.Text, template.Html, TemplateRules.Sample(template.Sample) ?? [], template.Version, template.ChangedAt);
}
