using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Access;

/// <summary>Applies a file of apps, and writes one entry of the audit for each app that it created or changed.</summary>
internal sealed class AppliedAudit(AppDocuments documents, Audit audit)
{
    public async Task<ApplyOutcome> ApplyAsync(Caller caller, string yaml, bool dryRun, bool warningsRead, CancellationToken cancel)
    {
        var outcome = await documents.ApplyAsync(caller.OrganisationId, yaml, dryRun, warningsRead, cancel);
        if (outcome is not ApplyOutcome.Judged { Done: true } judged) return outcome;
        foreach (var app in judged.Apps.Where(app => app.Outcome is AppApplied.Created or AppApplied.Changed))
        {
            await audit.WriteAsync(
                caller,
                new Deed("app-applied", AuditKinds.App, app.Id?.ToString() ?? "") { Detail = app.Outcome, Changes = app.Changes },
                CancellationToken.None); // it is done
        }
        return outcome;
    }
}
