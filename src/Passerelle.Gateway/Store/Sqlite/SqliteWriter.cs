using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Passerelle.Gateway.Store.Sqlite;

/// <summary>The one thread that writes: takes a group, commits it, answers its callers.</summary>
internal sealed class SqliteWriter(StoreOptions options, WriteLanes lanes, Checkpointer checkpointer, ILogger log) : IDisposable
{
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    private readonly BackgroundCopy _copy = new();
    private SqliteConnection? _connection;
    private ReusedStatements? _statements;

    public void Work()
    {
        var group = new List<Write>(options.GroupSize);
        while (lanes.Take(group, _copy.IsRunning ? TimeSpan.Zero : Idle, out var last))
        {
            var began = Stopwatch.GetTimestamp();
            if (group.Count > 0) Settle(group);
            if (last == Lane.Maintenance && Stopwatch.GetElapsedTime(began) is var took && took > LongestTurn)
                log.MaintenanceTookLong(took.TotalMilliseconds);
            BetweenGroups();
        }
        _copy.Stop();
    }

    /// <inheritdoc cref="SqliteStore.CopyToAsync"/>
    public Task CopyToAsync(string file, CancellationToken cancel) => _copy.StartAsync(file, cancel);

    public void Dispose()
    {
        Close();
        _copy.Dispose();
    }

    private void Settle(List<Write> group)
    {
        try
        {
            Commit(Open(), group);
        }
        catch (Exception failure)
        {
            log.TransactionFailed(failure, group.Count);
            Close(); // rolls back; the next group starts with a fresh connection
            var unavailable = SqliteFailure.Translate(failure);
            foreach (var write in group) write.Fail(unavailable);
            return;
        }
        foreach (var write in group) write.Complete();
    }

    private void Commit(ReusedStatements statements, List<Write> group)
    {
        statements.Run("BEGIN IMMEDIATE");
        foreach (var write in group) RunInSavepoint(statements, write);
        statements.Run("COMMIT");
    }

    private void RunInSavepoint(ReusedStatements statements, Write write)
    {
        statements.Run("SAVEPOINT delegate");
        try
        {
            write.Run(new Tx(statements, transaction: null, isPostgres: false));
        }
        catch (Exception failure) when (!SqliteFailure.IsOfTheDisk(failure))
        {
            DemandOpenTransaction();
            statements.Run("ROLLBACK TO delegate");
            write.Refuse(failure);
        }
        DemandOpenTransaction();
        statements.Run("RELEASE delegate");
    }

    /// <summary>SQLite ends the whole transaction by itself on some errors; a delegate that swallowed one must not make
    /// the rest of the group run without a transaction.</summary>
    private void DemandOpenTransaction()
    {
        if (raw.sqlite3_get_autocommit(_connection!.Handle) != 0) // open: we are inside Commit
            throw new InvalidOperationException("The transaction ended inside a delegate");
    }

    private void BetweenGroups()
    {
        if (_connection is null && !_copy.IsRunning) return;
        if (TryConnect() is not { } connection) return;
        _ = raw.sqlite3_db_status(connection.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1);
        checkpointer.Wrote(pages, connection);
        _copy.Step(connection, LongestTurn);
    }

    /// <returns>Null when the file cannot be opened now; the next write says why.</returns>
    private SqliteConnection? TryConnect()
    {
        try
        {
            return _connection ??= SqliteFile.OpenForWriting(options);
        }
        catch (SqliteException failure)
        {
            log.TransactionFailed(failure, 0);
            return null;
        }
    }

    private ReusedStatements Open()
    {
        _connection ??= SqliteFile.OpenForWriting(options);
        return _statements ??= new ReusedStatements(_connection);
    }

    private void Close()
    {
        _copy.Stop();
        _statements?.Dispose();
        _connection?.Dispose();
        (_statements, _connection) = (null, null);
    }
}
