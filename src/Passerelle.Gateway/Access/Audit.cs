using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Access;

/// <summary>One thing that was done, for the audit.</summary>
/// <param name="Action">What, e.g. <c>app-saved</c>; its words are the resource <c>audit.{Action}</c>.</param>
/// <param name="Kind">Of what: one of <see cref="AuditKinds"/>.</param>
/// <param name="Subject">Id of what it was done to.</param>
internal sealed record Deed(string Action, string Kind, string Subject)
{
    /// <summary>Never a secret, a body or a token.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Field by field; of a secret only that it changed.</summary>
    public IReadOnlyList<FieldChange> Changes { get; init; } = [];
}

/// <summary>What an entry of the audit can be about.</summary>
internal static class AuditKinds
{
    public const string App = "app";
    public const string Credential = "credential";
    public const string Grant = "grant";
    public const string Flow = "flow";
    public const string Letter = "letter";
    public const string Message = "message";
    public const string Person = "person";
    public const string Installation = "installation";

    public static IReadOnlyList<string> All { get; } = [App, Credential, Grant, Flow, Letter, Message, Person, Installation];

    /// <summary>Actions are named after what they are about.</summary>
    public static string Of(string action) => action.Split('-')[0] switch
    {
        "app" or "held" or "forwarding" => App,
        "flow" => Flow,
        "letter" or "suppression" => Letter,
        "message" => Message,
        "credential" or "secret" or "certificate" or "calendar" => Credential,
        "grant" or "device" or "owner" or "admin" or "reading" => Grant,
        "signed" or "person" => Person,
        _ => Installation,
    };
}

/// <summary>Who did what, from where, and what changed by it; written in the transaction of the deed or right after it.</summary>
internal sealed class Audit(IStore store, TimeProvider time)
{
    /// <summary>Origin of what nobody ordered.</summary>
    public const string ByItself = "passerelle";

    /// <summary>Origin of what somebody without an account did, whom an admin had sent a link.</summary>
    public const string OwnersLink = "owner's link";

    /// <param name="action">What was done, e.g. <c>app-saved</c>.</param>
    /// <param name="subject">Id of what it was done to.</param>
    /// <param name="detail">Never a secret, a body or a token.</param>
    public Task WriteAsync(Caller caller, string action, string subject, string detail, CancellationToken cancel) =>
        WriteAsync(caller, new Deed(action, AuditKinds.Of(action), subject) { Detail = detail }, cancel);

    public Task WriteAsync(Caller caller, Deed deed, CancellationToken cancel) =>
        store.WriteAsync(
            Lane.Work,
            tx => Insert(tx, caller.OrganisationId, caller.PersonId, caller.From, deed, time.GetUtcNow()),
            cancel);

    /// <param name="origin">As in <see cref="Insert"/>.</param>
    public Task WriteAsync(Guid organisationId, string origin, Deed deed, CancellationToken cancel) =>
        store.WriteAsync(Lane.Work, tx => Insert(tx, organisationId, null, origin, deed, time.GetUtcNow()), cancel);

    /// <summary>An app before and after an order; what changed of its secrets is an entry of its own.</summary>
    public async Task WriteAsync(Caller caller, string action, EmailApp? before, EmailApp after, CancellationToken cancel)
    {
        var changes = before is null ? [] : AppChanges.Between(before, after);
        await WriteAsync(caller, new Deed(action, AuditKinds.App, after.Id.ToString()) { Changes = [.. changes.Where(change => !AppChanges.IsSecret(change.Field))] }, cancel);
        if (changes.Where(change => AppChanges.IsSecret(change.Field)).ToList() is { Count: > 0 } secrets)
        {
            await WriteAsync(caller, new Deed("credential-changed", AuditKinds.Credential, after.Id.ToString()) { Changes = secrets }, cancel);
        }
    }

    /// <summary>What Passerelle did by itself; see <see cref="RecordChange"/>.</summary>
    public static void Record(Tx tx, Guid organisationId, string action, Guid appId, IReadOnlyList<FieldChange> changes, DateTimeOffset now) =>
        Insert(tx, organisationId, null, ByItself, new Deed(action, AuditKinds.Of(action), appId.ToString()) { Changes = changes }, now);

    /// <param name="origin">The person's network address, <see cref="Caller.OperatorSocket"/> or <see cref="ByItself"/>.</param>
    public static int Insert(Tx tx, Guid organisationId, Guid? personId, string origin, Deed deed, DateTimeOffset now) =>
        tx.For(organisationId).Execute(
            """
            INSERT INTO audit (organisation_id, id, person_id, at, action, subject, detail, kind, origin, changes)
            VALUES (@organisation, @id, @personId, @now, @Action, @Subject, @Detail, @Kind, @origin, @changes)
            """,
            new
            {
                id = Guid.CreateVersion7(now),
                personId,
                now,
                deed.Action,
                deed.Subject,
                deed.Detail,
                deed.Kind,
                origin,
                changes = JsonSerializer.Serialize(deed.Changes.Select(change => new { change.Field, change.Before, change.After }), JsonSerializerOptions.Web),
            });
}
