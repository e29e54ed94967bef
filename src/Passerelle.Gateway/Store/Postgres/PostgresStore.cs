using System.Data;
using Npgsql;

namespace Passerelle.Gateway.Store.Postgres;

/// <summary>
/// PostgreSQL: one delegate is one transaction on a connection of its lane, but for mail at the door, which goes in groups
/// (<see cref="PostgresGroups"/>). COMMIT waits for the server's log (<c>synchronous_commit</c>).
/// </summary>
internal sealed class PostgresStore : IStore
{
    /// <summary>Connections a lane may use: none can take the door's.</summary>
    private readonly SemaphoreSlim _work = new(Workers);
    private readonly SemaphoreSlim _maintenance = new(1);
    private readonly SemaphoreSlim _readers = new(Readers);

    private const int Workers = 8;
    private const int Writers = PostgresGroups.Workers + Workers + 1;
    private const int Readers = 16;

    /// <summary>Delegates that run at a time, all lanes and readers. Each holds a thread while the server works.</summary>
    private const int MostAtATime = Writers + Readers;

    /// <summary>Of writes.</summary>
    private readonly NpgsqlDataSource _source;

    /// <summary>Of reads: what they may is said once, when they are opened, and not at each read.</summary>
    private readonly NpgsqlDataSource _reading;
    private readonly PostgresGroups _receipts;
    private readonly TimeSpan _longestRead;
    private readonly ILogger _log;
    private readonly IDisposable? _folder;
    private volatile bool _closed;

    private PostgresStore(StoreOptions options, NpgsqlDataSource source, ILogger log, IDisposable? folder)
    {
        _longestRead = TimeSpan.FromSeconds(options.LongestReadSeconds);
        _source = source;
        _reading = Source(options, Readers, FormattableString.Invariant($" -c default_transaction_read_only=on -c statement_timeout={_longestRead.TotalMilliseconds:0}"));
        _receipts = new PostgresGroups(source, options, log);
        _log = log;
        _folder = folder;
    }

    /// <inheritdoc cref="Opening.Open(StoreOptions, TimeProvider, ILogger)"/>
    public static PostgresStore Open(StoreOptions options, TimeProvider time, ILogger log, IDisposable? folder)
    {
        var source = Source(options, Writers, "");
        ReserveThreads();
        try
        {
            using var connection = source.OpenConnection();
            DemandBoundRole(connection);
            using (new MigrationLock(connection)) Migrations.Apply(connection, "postgres", time.GetUtcNow());
            return new PostgresStore(options, source, log, folder);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    public Task<T> WriteAsync<T>(Lane lane, Func<Tx, T> write, CancellationToken cancel) => lane switch
    {
        Lane.Receipts => GroupAsync(write, cancel),
        Lane.Work => RunAsync(_work, _source, IsolationLevel.ReadCommitted, write, static transaction => transaction.Commit(), cancel),
        _ => RunAsync(_maintenance, _source, IsolationLevel.ReadCommitted, write, static transaction => transaction.Commit(), cancel),
    };

    public Task<T> ReadAsync<T>(Func<Tx, T> read, CancellationToken cancel) => RunAsync(
        _readers, _reading, IsolationLevel.RepeatableRead, tx => InTime(tx, read), static transaction => transaction.Rollback(), cancel);

    public async ValueTask DisposeAsync()
    {
        if (_closed) return;
        _closed = true;
        await _receipts.DisposeAsync();
        foreach (var (lane, size) in ((SemaphoreSlim[])[_work, _maintenance, _readers]).Zip([Workers, 1, Readers]))
        {
            for (var taken = 0; taken < size; taken++) await lane.WaitAsync(); // what runs now ends first
        }
        await _source.DisposeAsync();
        await _reading.DisposeAsync();
        _folder?.Dispose();
    }

    private async Task<T> GroupAsync<T>(Func<Tx, T> write, CancellationToken cancel)
    {
        Write<T>.DemandSynchronous();
        ObjectDisposedException.ThrowIf(_closed, typeof(IStore));
        var waiting = new Write<T>(write, cancel);
        await _receipts.AddAsync(waiting, cancel);
        return await waiting.Task;
    }

    private async Task<T> RunAsync<T>(
        SemaphoreSlim lane, NpgsqlDataSource source, IsolationLevel level, Func<Tx, T> run, Action<NpgsqlTransaction> end, CancellationToken cancel)
    {
        Write<T>.DemandSynchronous();
        ObjectDisposedException.ThrowIf(_closed, typeof(IStore));
        await lane.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => Run(source, level, run, end), cancel);
        }
        finally
        {
            lane.Release();
        }
    }

    private T Run<T>(NpgsqlDataSource source, IsolationLevel level, Func<Tx, T> run, Action<NpgsqlTransaction> end)
    {
        try
        {
            using var connection = source.OpenConnection();
            using var transaction = connection.BeginTransaction(level);
            using var statements = new GroupConnection(connection);
            var value = run(new Tx(statements, transaction, isPostgres: true));
            statements.Send();
            end(transaction);
            return value;
        }
        catch (NpgsqlException failure) when (PostgresFailure.Of(failure) is { } unavailable)
        {
            _log.TransactionFailed(failure, 1);
            throw unavailable;
        }
    }

    private T InTime<T>(Tx tx, Func<Tx, T> read)
    {
        try
        {
            return read(tx);
        }
        catch (PostgresException slow) when (slow.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            throw new TimeoutException($"A read took longer than {_longestRead.TotalSeconds} seconds", slow);
        }
    }

    /// <summary>What a connection is told holds until it is closed: nothing of ours sets more than its transaction needs, so that none has to be reset.</summary>
    private static NpgsqlDataSource Source(StoreOptions options, int connections, string more) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(options.Postgres)
    {
        ApplicationName = "passerelle",
        MaxPoolSize = connections,
        MaxAutoPrepare = 200,
        NoResetOnClose = true,
        // what a process that hangs has begun must not keep others from taking over: nothing of ours waits within a transaction;
        // and to compile a statement that takes milliseconds takes the server a hundred
        Options = "-c synchronous_commit=on -c idle_in_transaction_session_timeout=5s -c jit=off" + more,
    });

    /// <summary>The pool grows by one or two threads a second: too slow for calls that block, and all else would wait with them.</summary>
    private static void ReserveThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, MostAtATime + Environment.ProcessorCount), completions);
    }

    /// <summary>Row-level security binds neither superusers nor roles that bypass it.</summary>
    private static void DemandBoundRole(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user", connection);
        if (command.ExecuteScalar() is true)
            throw new InvalidOperationException(
                $"The PostgreSQL role {connection.UserName} passes by row-level security. Give Passerelle a role without SUPERUSER and BYPASSRLS.");
    }
}
