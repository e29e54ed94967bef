using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Access;

/// <summary>One line of the audit.</summary>
internal sealed record AuditEntry
{
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Null: the operator of the machine, or Passerelle itself; <see cref="Origin"/> says which.</summary>
    public Guid? PersonId { get; init; }

    /// <summary>Null when the person is not known any more.</summary>
    public string? PersonName { get; init; }
    public required string Action { get; init; }

    /// <summary>Empty in entries of before this was kept.</summary>
    public required string Kind { get; init; }
    public required string Subject { get; init; }

    /// <summary>Asset name of the app it is about; null for everything else.</summary>
    public string? AppName { get; init; }
    public required string Detail { get; init; }

    /// <summary>Network address, operator or passerelle; empty in entries of before this was kept.</summary>
    public required string Origin { get; init; }

    /// <summary>JSON.</summary>
    public required string ChangesJson { get; init; }

    public IReadOnlyList<FieldChange> Changes => JsonSerializer.Deserialize<List<FieldChange>>(ChangesJson, JsonSerializerOptions.Web) ?? [];
}

/// <summary>Which entries are wanted; null or empty: all.</summary>
/// <param name="Subject">Id of an app, a flow, a letter, …</param>
/// <param name="Before">Only entries older than this one: the last of the page before.</param>
internal sealed record AuditFilter(string? Kind = null, Guid? PersonId = null, string? Subject = null, Guid? Before = null);

/// <summary>Reads the audit, newest first.</summary>
internal sealed class AuditEntries(IStore store)
{
    /// <returns>At most <paramref name="limit"/>.</returns>
    public Task<List<AuditEntry>> ListAsync(Guid organisationId, AuditFilter filter, int limit, CancellationToken cancel) => store.ReadAsync(
        tx =>
        {
            var entries = tx.For(organisationId).List<AuditEntry>(
                $"""
                SELECT e.id, e.at, e.person_id, p.name AS person_name, e.action, e.kind, e.subject, e.detail, e.origin, e.changes AS changes_json
                FROM audit e LEFT JOIN person p ON p.id = e.person_id
                WHERE e.organisation_id = @organisation {Narrowed(filter)} ORDER BY e.id DESC LIMIT @limit
                """,
                new { filter.Kind, filter.PersonId, filter.Subject, filter.Before, limit });
            return entries.ConvertAll(entry => entry with { AppName = AppOf(tx, organisationId, entry) });
        },
        cancel);

    /// <summary>Only what is asked for: a parameter that is null has no type on PostgreSQL.</summary>
    private static string Narrowed(AuditFilter filter) => string.Concat(
        string.IsNullOrEmpty(filter.Kind) ? "" : " AND e.kind = @Kind",
        filter.PersonId is null ? "" : " AND e.person_id = @PersonId",
        string.IsNullOrEmpty(filter.Subject) ? "" : " AND e.subject = @Subject",
        filter.Before is null ? "" : " AND e.id < @Before");

    /// <summary>Also of an app that is gone.</summary>
    private static string? AppOf(Tx tx, Guid organisationId, AuditEntry entry) =>
        entry.Kind is AuditKinds.App or AuditKinds.Credential or AuditKinds.Grant && Guid.TryParse(entry.Subject, out var id)
            ? tx.For(organisationId).One<string>("SELECT asset_name FROM app WHERE organisation_id = @organisation AND id = @id", new { id })
            : null;
}
