using System.Data;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Passerelle.Gateway.Store;

/// <summary>
/// SQLite behind one writer thread: delegates queue in three lanes, are grouped into one transaction, each inside its
/// SAVEPOINT, and complete after the group's COMMIT. Readers have their own connections and never wait for the writer.
/// </summary>
internal sealed class SqliteStore : IStore
{
    private readonly Channel<Write>[] _lanes = [NewLane(), NewLane(), NewLane()];
    private readonly SemaphoreSlim _queued = new(0);
    private readonly Thread _writer;
    private readonly string _connectionString;
    private readonly StoreOptions _options;
    private volatile bool _stopping;

    public SqliteStore(StoreOptions options)
    {
        _options = options;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(options.DataFolder, "passerelle.db"),
            Pooling = true,
            DefaultTimeout = 5,
        }.ToString();
        _writer = new Thread(WriteGroups) { IsBackground = true, Name = "store writer" };
        _writer.Start();
    }

    public Task<T> WriteAsync<T>(Lane lane, Func<Tx, T> write, CancellationToken cancel)
    {
        var queued = new Write<T>(write, cancel);
        ObjectDisposedException.ThrowIf(!_lanes[(int)lane].Writer.TryWrite(queued), this);
        _queued.Release();
        return queued.Task;
    }

    public Task<T> ReadAsync<T>(Func<Tx, T> read, CancellationToken cancel) => Task.Run(
        () =>
        {
            using var connection = Open();
            using var snapshot = connection.BeginTransaction(IsolationLevel.Serializable, deferred: true);
            return read(new Tx(connection, snapshot, isPostgres: false));
        },
        cancel);

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes) lane.Writer.TryComplete();
        _stopping = true;
        _queued.Release();
        await Task.Run(_writer.Join);
        SqliteConnection.ClearPool(new SqliteConnection(_connectionString));
    }

    private static Channel<Write> NewLane() =>
        Channel.CreateUnbounded<Write>(new UnboundedChannelOptions { SingleReader = true });

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var pragmas = connection.CreateCommand();
        pragmas.CommandText =
            $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {_options.Synchronous}; PRAGMA foreign_keys = ON;";
        pragmas.ExecuteNonQuery();
        return connection;
    }

    private void WriteGroups()
    {
        using var connection = Open();
        while (true)
        {
            _queued.Wait();
            var group = TakeGroup();
            if (group.Count > 0) Commit(connection, group);
            else if (_stopping) return;
        }
    }

    /// <summary>Receipts first, then work; maintenance only when nothing else waits, one at a time.</summary>
    private List<Write> TakeGroup()
    {
        var group = new List<Write>();
        foreach (var lane in (ReadOnlySpan<Lane>)[Lane.Receipts, Lane.Work])
        {
            while (group.Count < _options.GroupSize && _lanes[(int)lane].Reader.TryRead(out var write)) group.Add(write);
        }
        if (group.Count == 0 && _lanes[(int)Lane.Maintenance].Reader.TryRead(out var chore)) group.Add(chore);
        for (var taken = 1; taken < group.Count; taken++) _queued.Wait(0);
        return group;
    }

    private static void Commit(SqliteConnection connection, List<Write> group)
    {
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            var tx = new Tx(connection, transaction, isPostgres: false);
            foreach (var write in group) RunInSavepoint(transaction, tx, write);
            transaction.Commit();
            foreach (var write in group) write.Complete();
        }
        catch (Exception failure)
        {
            var unavailable = Translate(failure);
            foreach (var write in group) write.Fail(unavailable);
        }
    }

    private static void RunInSavepoint(SqliteTransaction transaction, Tx tx, Write write)
    {
        transaction.Save("delegate");
        try
        {
            write.Run(tx);
            transaction.Release("delegate");
        }
        catch (Exception failure) when (!IsTransactionFailure(failure))
        {
            transaction.Rollback("delegate");
            write.Refuse(failure);
        }
    }

    /// <summary>SQLITE_FULL 13, SQLITE_IOERR 10, SQLITE_CORRUPT 11, SQLITE_NOTADB 26, SQLITE_READONLY 8, SQLITE_NOMEM 7.</summary>
    private static bool IsTransactionFailure(Exception failure) =>
        failure is SqliteException { SqliteErrorCode: 7 or 8 or 10 or 11 or 13 or 26 };

    private static StoreUnavailable Translate(Exception failure) => failure switch
    {
        SqliteException { SqliteErrorCode: 13 } full => new("The disk is full", diskFull: true, full),
        _ => new("The store cannot write", diskFull: false, failure),
    };

    private abstract class Write
    {
        public abstract void Run(Tx tx);
        public abstract void Refuse(Exception failure);
        public abstract void Complete();
        public abstract void Fail(StoreUnavailable failure);
    }

    private sealed class Write<T>(Func<Tx, T> write, CancellationToken cancel) : Write
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _value;
        private Exception? _refusal;

        public Task<T> Task => _done.Task;

        public override void Run(Tx tx)
        {
            cancel.ThrowIfCancellationRequested();
            _value = write(tx);
        }

        public override void Refuse(Exception failure) => _refusal = failure;

        public override void Complete()
        {
            if (_refusal is OperationCanceledException) _done.TrySetCanceled(cancel);
            else if (_refusal is not null) _done.TrySetException(_refusal);
            else _done.TrySetResult(_value!); // Run has set it: there was no refusal
        }

        public override void Fail(StoreUnavailable failure) => _done.TrySetException(failure);
    }
}
