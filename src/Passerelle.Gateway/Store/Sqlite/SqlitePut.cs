using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Passerelle.Gateway.Store.Sqlite;

/// <summary>A statement that is prepared once and given its values directly: ADO.NET costs as much as the INSERT itself.</summary>
internal sealed class SqlitePut : IValues, IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly Dictionary<string, int> _positions = [];

    /// <exception cref="SqliteException">The text is wrong.</exception>
    public SqlitePut(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!; // open
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement), _database);
        for (var at = raw.sqlite3_bind_parameter_count(_statement); at > 0; at--)
            _positions[raw.sqlite3_bind_parameter_name(_statement, at).utf8_to_string()[1..]] = at;
    }

    /// <exception cref="SqliteException">It failed; the transaction is as SQLite left it.</exception>
    /// <returns>Rows changed; of a statement that changes none, any number.</returns>
    public int Run(Guid? organisationId, IRow? row)
    {
        try
        {
            if (organisationId is { } id) Add("organisation", id);
            row?.TellTo(this);
            Check(raw.sqlite3_step(_statement));
            return raw.sqlite3_changes(_database);
        }
        finally
        {
            _ = raw.sqlite3_reset(_statement);
            _ = raw.sqlite3_clear_bindings(_statement); // do not keep a mail alive
        }
    }

    public void Add(string name, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        if (Find(name, out var at)) Check(raw.sqlite3_bind_blob(_statement, at, bytes));
    }

    public void Add(string name, long value)
    {
        if (Find(name, out var at)) Check(raw.sqlite3_bind_int64(_statement, at, value));
    }

    public void Add(string name, string value)
    {
        if (Find(name, out var at)) Check(raw.sqlite3_bind_text(_statement, at, value));
    }

    public void Add(string name, DateTimeOffset value) => Add(name, value.ToUnixTimeMilliseconds());

    public void Add(string name, DateTimeOffset? value)
    {
        if (value is { } at) Add(name, at);
        else if (Find(name, out var position)) Check(raw.sqlite3_bind_null(_statement, position));
    }

    public void Add(string name, ReadOnlyMemory<byte>? value)
    {
        if (!Find(name, out var at)) return;
        if (value is not { } bytes) Check(raw.sqlite3_bind_null(_statement, at));
        else if (bytes.IsEmpty) Check(raw.sqlite3_bind_zeroblob(_statement, at, 0)); // an empty blob has no address, and would be NULL
        else Check(raw.sqlite3_bind_blob(_statement, at, bytes.Span));
    }

    public void Dispose() => _statement.Dispose();

    private bool Find(string name, out int at) => _positions.TryGetValue(name, out at);

    private void Check(int answer) => SqliteException.ThrowExceptionForRC(answer, _database);
}
