using System.Data;

namespace Passerelle.Gateway.Store;

/// <summary>One delegate's view of a transaction. SQL on an owned table goes through <see cref="For"/>.</summary>
/// <remarks>Valid only until the delegate returns; used by one thread.</remarks>
internal sealed class Tx(PlainConnection connection, IDbTransaction? transaction, bool isPostgres)
{
    private const string Everyone = "across";
    private string _scope = "";

    /// <summary>Appended to a claim: PostgreSQL skips rows another node holds; SQLite has one writer and needs nothing.</summary>
    public string SkipLocked { get; } = isPostgres ? " FOR UPDATE SKIP LOCKED" : "";

    /// <summary>Appended to a look at a row that must stay as it is until this transaction ends; references to the row may still be made.</summary>
    public string KeepLocked { get; } = isPostgres ? " FOR NO KEY UPDATE" : "";

    internal PlainConnection Connection => connection;
    internal IDbTransaction? Transaction => transaction;
    internal bool IsPostgres => isPostgres;

    /// <summary>Statements on rows of one organisation: <c>@organisation</c> is bound for them, and on PostgreSQL the
    /// rows of others are out of sight even for a statement that forgets it.</summary>
    public Sql For(Guid organisationId) => new(this, organisationId);

    /// <summary>Statements that no single organisation owns: global tables, claims, pruning.</summary>
    /// <param name="reason">Why; also written into the SQL as <c>-- across: reason</c> where it touches an owned table.</param>
    /// <remarks>The documented way past PostgreSQL's row-level security: the policies let the word <c>across</c> pass.</remarks>
    public Sql Across(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new(this, null);
    }

    /// <summary>Tells PostgreSQL whose rows the next statement may see; it forgets at the end of the transaction.</summary>
    internal void Enter(Guid? organisationId)
    {
        if (!isPostgres) return;
        var scope = organisationId?.ToString() ?? Everyone;
        if (scope == _scope) return;
        connection.Put("SELECT set_config('passerelle.organisation', @scope, true)", null, new Scope(scope));
        _scope = scope;
    }

    private sealed record Scope(string Word) : IRow
    {
        public void TellTo(IValues values) => values.Add("scope", Word);
    }
}
