using System.Data;
using Microsoft.Data.Sqlite;

namespace Passerelle.Gateway.Store.Sqlite;

/// <summary>
/// An open SQLite connection that keeps its statements prepared by their text: parsing an INSERT costs more than running
/// it, and the writer is the one thing that everybody waits for. Used by one thread at a time.
/// </summary>
internal sealed class ReusedStatements(SqliteConnection connection) : PlainConnection(connection)
{
    /// <summary>Bound on what is kept; statements built from lists of varying length would grow it for ever.</summary>
    private const int Most = 256;

    private readonly Dictionary<string, SqliteCommand> _idle = [];
    private readonly Dictionary<string, SqlitePut> _puts = [];

    public override IDbCommand CreateCommand() => new PlainCommand(this, new SqliteCommand());

    /// <summary>Runs a statement without parameters: BEGIN, SAVEPOINT, COMMIT.</summary>
    public void Run(string sql) => Prepared(sql).Run(null, null);

    public override void Put(string sql, Guid? organisationId, IRow row) => Prepared(sql).Run(organisationId, row);

    public override int Change(string sql, Guid? organisationId, IRow row) => Prepared(sql).Run(organisationId, row);

    /// <summary>Rented, not shared: while one is being read, the same text gets a second statement.</summary>
    public override IDbCommand Rent(IDbCommand draft)
    {
        var command = Rent(draft.CommandText);
        foreach (SqliteParameter parameter in draft.Parameters) command.Parameters.Add(parameter);
        return command;
    }

    public override void Return(IDbCommand rented, IDbCommand draft) => Return((SqliteCommand)rented); // from Rent above

    protected override void Dispose(bool disposing)
    {
        foreach (var command in _idle.Values) command.Dispose();
        foreach (var put in _puts.Values) put.Dispose();
        _idle.Clear();
        _puts.Clear();
        base.Dispose(disposing);
    }

    /// <summary>Their texts are few, and none is made from data.</summary>
    private SqlitePut Prepared(string sql)
    {
        if (_puts.TryGetValue(sql, out var put)) return put;
        return _puts[sql] = new SqlitePut(connection, sql);
    }

    private SqliteCommand Rent(string sql) =>
        _idle.Remove(sql, out var command) ? command : new SqliteCommand(sql, connection);

    private void Return(SqliteCommand command)
    {
        command.Parameters.Clear(); // do not keep a mail alive
        if (_idle.Count >= Most || !_idle.TryAdd(command.CommandText, command)) command.Dispose();
    }
}
