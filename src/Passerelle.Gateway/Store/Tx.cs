using System.Data.Common;

namespace Passerelle.Gateway.Store;

/// <summary>One delegate's view of a transaction. SQL on an owned table goes through <see cref="For"/>.</summary>
internal sealed class Tx(DbConnection connection, DbTransaction? transaction, bool isPostgres)
{
    /// <summary>Appended to a claim: PostgreSQL skips rows another node holds; SQLite has one writer and needs nothing.</summary>
    public string SkipLocked { get; } = isPostgres ? " FOR UPDATE SKIP LOCKED" : "";

    /// <summary>Statements on rows of one organisation: <c>@organisation</c> is bound for them.</summary>
    public Sql For(Guid organisationId) => new(connection, transaction, isPostgres, organisationId);

    /// <summary>Statements that no single organisation owns: global tables, claims, pruning.</summary>
    /// <param name="reason">Why; also written into the SQL as <c>-- across: reason</c> where it touches an owned table.</param>
    public Sql Across(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new(connection, transaction, isPostgres, null);
    }
}
