using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Passerelle.Gateway.Store.Sqlite;

/// <summary>
/// SQLite's online backup, stepped by the writer between groups. Because the writer's own connection is the source, what
/// it writes meanwhile goes into the copy too, and neither a long read transaction nor a restart is needed.
/// </summary>
internal sealed class BackgroundCopy : IDisposable
{
    private const int PagesAStep = 64;
    private Request? _request;
    private sqlite3_backup? _backup;
    private SqliteConnection? _target;

    public bool IsRunning => Volatile.Read(ref _request) is not null;

    /// <exception cref="InvalidOperationException">Another copy is being made.</exception>
    public Task StartAsync(string file, CancellationToken cancel)
    {
        if (File.Exists(file)) throw new IOException($"{file} exists already");
        var request = new Request(file, cancel);
        return Interlocked.CompareExchange(ref _request, request, null) is null
            ? request.Done.Task
            : throw new InvalidOperationException("Another copy is being made");
    }

    /// <summary>Copies for at most <paramref name="turn"/>. Only ever called between transactions of <paramref name="source"/>.</summary>
    public void Step(SqliteConnection source, TimeSpan turn)
    {
        if (Volatile.Read(ref _request) is not { } request) return;
        try
        {
            request.Cancel.ThrowIfCancellationRequested();
            if (StepFor(source, request.File, turn)) End(request, null);
        }
        catch (Exception failure)
        {
            End(request, failure);
        }
    }

    /// <summary>The source is going away: a copy that was not finished fails.</summary>
    public void Stop()
    {
        if (Volatile.Read(ref _request) is { } request) End(request, new IOException("The copy was broken off"));
    }

    public void Dispose() => Stop();

    private bool StepFor(SqliteConnection source, string file, TimeSpan turn)
    {
        if (_target is null)
        {
            _target = new SqliteConnection($"Data Source={file};Pooling=False");
            _target.Open();
            _backup = raw.sqlite3_backup_init(_target.Handle, "main", source.Handle, "main");
        }
        var began = Stopwatch.GetTimestamp();
        int answer;
        do answer = raw.sqlite3_backup_step(_backup, PagesAStep);
        while (answer == raw.SQLITE_OK && Stopwatch.GetElapsedTime(began) < turn);
        if (answer is raw.SQLITE_DONE) return true;
        return answer is raw.SQLITE_OK or raw.SQLITE_BUSY or raw.SQLITE_LOCKED
            ? false
            : throw new IOException($"Copying the database failed with SQLite error {answer}");
    }

    private void End(Request request, Exception? failure)
    {
        if (_backup is not null) _ = raw.sqlite3_backup_finish(_backup);
        _target?.Dispose();
        (_backup, _target) = (null, null);
        Volatile.Write(ref _request, null);
        if (failure is null) request.Done.TrySetResult();
        else request.Done.TrySetException(failure);
    }

    private sealed record Request(string File, CancellationToken Cancel)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
