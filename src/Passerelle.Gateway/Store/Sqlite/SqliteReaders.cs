using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Passerelle.Gateway.Store.Sqlite;

/// <summary>Read connections, kept open with their prepared statements; so many at once and no more.</summary>
internal sealed class SqliteReaders(StoreOptions options) : IDisposable
{
    private const int Most = 16;
    private readonly SemaphoreSlim _free = new(Most);
    private readonly ConcurrentBag<SqliteReader> _idle = [];
    private volatile bool _closed;

    public async Task<T> ReadAsync<T>(Func<Tx, T> read, CancellationToken cancel)
    {
        Write<T>.DemandSynchronous();
        ObjectDisposedException.ThrowIf(_closed, typeof(IStore));
        await _free.WaitAsync(cancel);
        try
        {
            return IsMeantToWait ? Read(read, cancel) : await Task.Run(() => Read(read, cancel), cancel);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var reader)) reader.Dispose();
    }

    /// <summary>The caller runs on threads of its own, which are there for work that takes its time.</summary>
    private static bool IsMeantToWait => TaskScheduler.Current != TaskScheduler.Default;

    private T Read<T>(Func<Tx, T> read, CancellationToken cancel)
    {
        var reader = _idle.TryTake(out var known) ? known : Open();
        try
        {
            return reader.Read(read, cancel);
        }
        finally
        {
            if (_closed || reader.IsBroken) reader.Dispose();
            else _idle.Add(reader);
        }
    }

    private SqliteReader Open()
    {
        try
        {
            return new SqliteReader(options);
        }
        catch (SqliteException failure) when (SqliteFailure.IsOfTheDisk(failure))
        {
            throw SqliteFailure.Translate(failure);
        }
    }
}
