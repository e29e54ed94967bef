using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Access;

/// <summary>Who did what, written in the transaction of the deed or right after it.</summary>
internal sealed class Audit(IStore store, TimeProvider time)
{
    /// <param name="action">What was done, e.g. <c>app-saved</c>.</param>
    /// <param name="subject">Id of what it was done to.</param>
    /// <param name="detail">Never a secret, a body or a token.</param>
    public Task WriteAsync(Caller caller, string action, string subject, string detail, CancellationToken cancel) =>
        store.WriteAsync(
            Lane.Work,
            tx => Insert(tx, caller.OrganisationId, caller.PersonId, action, subject, detail, time.GetUtcNow()),
            cancel);

    public static int Insert(
        Tx tx, Guid organisationId, Guid? personId, string action, string subject, string detail, DateTimeOffset now) =>
        tx.For(organisationId).Execute(
            """
            INSERT INTO audit (organisation_id, id, person_id, at, action, subject, detail)
            VALUES (@organisation, @id, @personId, @now, @action, @subject, @detail)
            """,
            new { id = Guid.CreateVersion7(now), personId, now, action, subject, detail });
}
