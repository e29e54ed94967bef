using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Store;

/// <summary>A store that asks the database how it would answer every statement that is read through it.</summary>
/// <param name="explain">What stands before a statement to have it explained.</param>
/// <param name="all">Not only SELECTs of reads: whatever runs through Dapper.</param>
internal sealed class WatchedStore(IStore inner, string explain, bool all = false) : IStore
{
    /// <summary>Statements with their plans, in the order they ran.</summary>
    public List<(string Sql, IReadOnlyList<string> Plan)> Seen { get; } = [];

    public Task<T> WriteAsync<T>(Lane lane, Func<Tx, T> write, CancellationToken cancel) => inner.WriteAsync(lane, all ? tx => Watch(tx, write) : write, cancel);

    public Task<T> ReadAsync<T>(Func<Tx, T> read, CancellationToken cancel) => inner.ReadAsync(tx => Watch(tx, read), cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private T Watch<T>(Tx tx, Func<Tx, T> work)
    {
        var watched = new Watched(tx.Connection, all);
        var result = work(new Tx(watched, tx.Transaction, tx.IsPostgres));
        foreach (var command in watched.Commands) Seen.Add((command.Sql, Explain(tx, command.Sql, command.Values)));
        return result;
    }

    private List<string> Explain(Tx tx, string sql, IReadOnlyList<(string Name, object? Value)> values)
    {
        using var command = tx.Connection.CreateCommand();
        command.Transaction = tx.Transaction;
        command.CommandText = explain + sql;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read()) lines.Add(reader.GetString(reader.FieldCount - 1));
        return lines;
    }

    /// <summary>Remembers what was run.</summary>
    private sealed class Watched(PlainConnection inner, bool all) : PlainConnection(inner)
    {
        public List<(string Sql, IReadOnlyList<(string Name, object? Value)> Values)> Commands { get; } = [];

        public bool All => all;

        public override IDbCommand CreateCommand() => new WatchedCommand(inner.CreateCommand(), this);
        public override void Put(string sql, Guid? organisationId, IRow row) => inner.Put(sql, organisationId, row);
        public override int Change(string sql, Guid? organisationId, IRow row) => inner.Change(sql, organisationId, row);
    }

    private sealed class WatchedCommand(IDbCommand inner, Watched owner) : IDbCommand
    {
        [AllowNull]
        public string CommandText { get => inner.CommandText; set => inner.CommandText = value; }
        public int CommandTimeout { get => inner.CommandTimeout; set => inner.CommandTimeout = value; }
        public CommandType CommandType { get => inner.CommandType; set => inner.CommandType = value; }
        public IDbConnection? Connection { get => owner; set => throw new NotSupportedException(); }
        public IDataParameterCollection Parameters => inner.Parameters;
        public IDbTransaction? Transaction { get => inner.Transaction; set => inner.Transaction = value; }
        public UpdateRowSource UpdatedRowSource { get => inner.UpdatedRowSource; set => inner.UpdatedRowSource = value; }

        public void Cancel() => inner.Cancel();
        public IDbDataParameter CreateParameter() => inner.CreateParameter();
        public int ExecuteNonQuery() => Noted().ExecuteNonQuery();
        public object? ExecuteScalar() => Noted().ExecuteScalar();
        public IDataReader ExecuteReader() => Noted().ExecuteReader();
        public IDataReader ExecuteReader(CommandBehavior behavior) => Noted().ExecuteReader(behavior);
        public void Prepare() => inner.Prepare();
        public void Dispose() => inner.Dispose();

        private IDbCommand Noted()
        {
            if ((owner.All || inner.CommandText.StartsWith("SELECT", StringComparison.OrdinalIgnoreCase)) && !inner.CommandText.Contains("set_config", StringComparison.Ordinal))
                owner.Commands.Add((inner.CommandText, [.. inner.Parameters.Cast<DbParameter>().Select(one => (one.ParameterName, one.Value))]));
            return inner;
        }
    }
}
