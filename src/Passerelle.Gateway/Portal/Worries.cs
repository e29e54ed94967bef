using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Doctor;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Portal;

/// <summary>Who must do what about an app that cannot send: what broke its grant, else the first wrong step that the doctor found, else what stopped it.</summary>
internal sealed class Worries(IStore store, Examination examination, Breakages breakages)
{
    /// <returns>Null when nobody has found the cause yet.</returns>
    public async Task<Finding?> OfAsync(EmailApp app, CancellationToken cancel) =>
        (await store.ReadAsync(tx => Grants.Find(tx, app.OrganisationId, app.Id), cancel))?.Broken
        ?? (await examination.LastAsync(app.OrganisationId, app.Id, cancel)).Find(finding => finding.Result == Finding.Wrong)
        ?? await breakages.FindAsync(app.OrganisationId, app.Id, cancel);
}
