using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Passerelle.Gateway.Store.Sqlite;

/// <summary>
/// Moves the log into the database file in the background, so that no caller waits for it. While writers never pause, a
/// background pass cannot reach the end of the log; what little it left is then moved by the writer between two groups,
/// and the log starts over instead of growing.
/// </summary>
internal sealed class Checkpointer : IAsyncDisposable
{
    private const int PagesBetween = 1000;      // of 4 KiB
    private const int PagesOfLog = 16_000;

    private readonly StoreOptions _options;
    private readonly ILogger _log;
    private readonly Lock _pass = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private int _pages;
    private int _sinceEnd;

    public Checkpointer(StoreOptions options, ILogger log)
    {
        _options = options;
        _log = log;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Called by the writer alone, between groups.</summary>
    public void Wrote(int pages, SqliteConnection writer)
    {
        _pages += pages;
        _sinceEnd += pages;
        if (_sinceEnd > PagesOfLog)
        {
            Pass(writer);
            _sinceEnd = 0;
        }
        else if (_pages > PagesBetween && _wake.CurrentCount == 0)
        {
            _pages = 0;
            _wake.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
        _wake.Dispose();
    }

    private async Task RunAsync()
    {
        SqliteConnection? connection = null;
        while (await WokenAsync())
        {
            try
            {
                connection ??= SqliteFile.OpenForWriting(_options);
                Pass(connection);
            }
            catch (SqliteException failure)
            {
                _log.CheckpointFailed(failure.SqliteErrorCode);
                connection?.Dispose();
                connection = null;
            }
        }
        connection?.Dispose();
    }

    private void Pass(SqliteConnection connection)
    {
        int answer;
        lock (_pass) answer = raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
        if (answer is not (raw.SQLITE_OK or raw.SQLITE_BUSY)) _log.CheckpointFailed(answer);
    }

    private async Task<bool> WokenAsync()
    {
        try
        {
            await _wake.WaitAsync(_stopping.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
