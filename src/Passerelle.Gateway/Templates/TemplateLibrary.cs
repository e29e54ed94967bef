using System.Text.Json.Nodes;
using Passerelle.Flows.Liquid;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Templates;

/// <summary>Keeps an organisation's templates and fills them.</summary>
internal sealed class TemplateLibrary(IStore store, TimeProvider time)
{
    /// <returns>By name.</returns>
    public Task<List<Template>> ListAsync(Guid organisationId, CancellationToken cancel) => store.ReadAsync(tx => TemplateRows.List(tx, organisationId), cancel);

    public Task<Template?> FindAsync(Guid organisationId, Guid id, CancellationToken cancel) => store.ReadAsync(tx => TemplateRows.Find(tx, organisationId, id), cancel);

    /// <param name="called">Its id or its name.</param>
    public Task<Template?> FindAsync(Guid organisationId, string called, CancellationToken cancel) => store.ReadAsync(
        tx => Guid.TryParse(called, out var id) ? TemplateRows.Find(tx, organisationId, id) : TemplateRows.FindByName(tx, organisationId, called), cancel);

    public async Task<TemplateOutcome> MakeAsync(Guid organisationId, Guid? personId, TemplateForm form, CancellationToken cancel)
    {
        if (TemplateRules.Judge(form) is { Count: > 0 } faults) return new TemplateOutcome.Refused(faults);
        var now = time.GetUtcNow();
        var template = new Template
        {
            OrganisationId = organisationId,
            Id = Guid.CreateVersion7(now),
            Name = form.Name,
            Subject = form.Subject,
            Text = form.Text,
            Html = form.Html,
            Sample = form.Sample,
            Version = 1,
            PersonId = personId,
            CreatedAt = now,
            ChangedAt = now,
        };
        return await store.WriteAsync(Lane.Work, tx => TemplateRows.Insert(tx, template), cancel) ? new TemplateOutcome.Saved(template) : Taken();
    }

    /// <param name="seen">The version that the form was opened with.</param>
    public async Task<TemplateOutcome> SaveAsync(Guid organisationId, Guid id, long seen, Guid? personId, TemplateForm form, CancellationToken cancel)
    {
        if (await FindAsync(organisationId, id, cancel) is not { } before) return new TemplateOutcome.Unknown();
        if (before.Version != seen) return new TemplateOutcome.Stale(before);
        if (TemplateRules.Judge(form) is { Count: > 0 } faults) return new TemplateOutcome.Refused(faults);
        var after = before with
        {
            Name = form.Name,
            Subject = form.Subject,
            Text = form.Text,
            Html = form.Html,
            Sample = form.Sample,
            Version = seen + 1,
            PersonId = personId,
            ChangedAt = time.GetUtcNow(),
        };
        if (await store.WriteAsync(Lane.Work, tx => TemplateRows.Update(tx, after, seen), cancel)) return new TemplateOutcome.Saved(after);
        return await FindAsync(organisationId, id, cancel) is { } current && current.Version != seen ? new TemplateOutcome.Stale(current) : Taken();
    }

    public Task<bool> DeleteAsync(Guid organisationId, Guid id, CancellationToken cancel) => store.WriteAsync(Lane.Work, tx => TemplateRows.Delete(tx, organisationId, id), cancel);

    public TemplateFilling Fill(TemplateSource source, JsonObject variables) => MailTemplate.Parse(source, out var faults) is { } template
        ? template.Fill(variables, time.GetUtcNow())
        : new TemplateFilling.Failed(faults[0]);

    private static TemplateOutcome.Refused Taken() => new([new("name", "Another template has this name, or there are 200 already: choose another name, or remove one")]);
}
