namespace Passerelle.Gateway.Store.Sqlite;

/// <summary>
/// SQLite behind one writer thread: delegates queue in three lanes, are grouped into one transaction, each inside its
/// SAVEPOINT, and complete after the group's COMMIT. Readers have their own connections and never wait for the writer.
/// </summary>
internal sealed class SqliteStore : IStore
{
    private readonly WriteLanes _lanes;
    private readonly SqliteReaders _readers;
    private readonly SqliteWriter _writer;
    private readonly Checkpointer _checkpointer;
    private readonly IDisposable? _folder;
    private readonly Thread _thread;
    private int _disposed;

    /// <param name="folder">The data folder's lock, given back when everything is closed; null where nobody else can come.</param>
    public SqliteStore(StoreOptions options, ILogger log, IDisposable? folder)
    {
        _folder = folder;
        _lanes = new WriteLanes(options.GroupSize, options.QueueLength);
        _checkpointer = new Checkpointer(options, log);
        _writer = new SqliteWriter(options, _lanes, _checkpointer, log);
        _readers = new SqliteReaders(options);
        _thread = new Thread(_writer.Work) { IsBackground = true, Name = "store writer" };
        _thread.Start();
    }

    public async Task<T> WriteAsync<T>(Lane lane, Func<Tx, T> write, CancellationToken cancel)
    {
        Write<T>.DemandSynchronous();
        var queued = new Write<T>(write, cancel);
        await _lanes.AddAsync(lane, queued, cancel);
        return await queued.Task;
    }

    public Task<T> ReadAsync<T>(Func<Tx, T> read, CancellationToken cancel) => _readers.ReadAsync(read, cancel);

    /// <summary>Copies the whole database while it is written to, a few milliseconds a turn.</summary>
    /// <param name="file">Must not exist.</param>
    public Task CopyToAsync(string file, CancellationToken cancel) => _writer.CopyToAsync(file, cancel);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _lanes.Close();
        await Task.Run(_thread.Join);
        await _checkpointer.DisposeAsync();
        _readers.Dispose();
        _writer.Dispose();
        _lanes.Dispose();
        _folder?.Dispose();
    }
}
