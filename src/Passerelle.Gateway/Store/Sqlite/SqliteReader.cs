using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Passerelle.Gateway.Store.Sqlite;

/// <summary>One read connection. A read past its deadline is interrupted: an old snapshot keeps the log from shrinking.</summary>
internal sealed class SqliteReader : IDisposable
{
    private const int InstructionsBetweenLooks = 1000;
    private readonly SqliteConnection _connection;
    private readonly ReusedStatements _statements;
    private readonly TimeSpan _longest;
    private long _began;
    private CancellationToken _cancel;

    public SqliteReader(StoreOptions options)
    {
        _longest = TimeSpan.FromSeconds(options.LongestReadSeconds);
        _connection = SqliteFile.OpenForReading(options);
        _statements = new ReusedStatements(_connection);
        raw.sqlite3_progress_handler(_connection.Handle, InstructionsBetweenLooks, _ => MustStop ? 1 : 0, null);
    }

    /// <summary>True when its transaction could not be ended, or the disk failed under it: it is thrown away.</summary>
    public bool IsBroken { get; private set; }

    private bool MustStop => _cancel.IsCancellationRequested || Stopwatch.GetElapsedTime(_began) > _longest;

    /// <exception cref="TimeoutException">It took longer than it may.</exception>
    /// <exception cref="StoreUnavailable">The file cannot be read now.</exception>
    public T Read<T>(Func<Tx, T> read, CancellationToken cancel)
    {
        (_began, _cancel) = (Stopwatch.GetTimestamp(), cancel);
        try
        {
            _statements.Run("BEGIN DEFERRED");
            return read(new Tx(_statements, transaction: null, isPostgres: false));
        }
        catch (SqliteException interrupted) when (interrupted.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            cancel.ThrowIfCancellationRequested();
            throw new TimeoutException($"A read took longer than {_longest.TotalSeconds} seconds", interrupted);
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode != raw.SQLITE_READONLY && SqliteFailure.IsOfTheDisk(failure)) // read-only are we ourselves
        {
            IsBroken = true;
            throw SqliteFailure.Translate(failure);
        }
        finally
        {
            End();
        }
    }

    public void Dispose()
    {
        _statements.Dispose();
        _connection.Dispose();
    }

    private void End()
    {
        (_began, _cancel) = (Stopwatch.GetTimestamp(), CancellationToken.None);
        if (raw.sqlite3_get_autocommit(_connection.Handle) != 0) return; // an interrupt may have ended it
        try
        {
            _statements.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            IsBroken = true;
        }
    }
}
