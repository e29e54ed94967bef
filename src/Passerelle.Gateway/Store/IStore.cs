namespace Passerelle.Gateway.Store;

/// <summary>
/// The one place where rows live. A write is a synchronous delegate of parameterised SQL only: no await, no I/O, no
/// parsing and no rendering in it, because on SQLite every writer of the process waits behind it.
/// </summary>
/// <remarks>Two real implementations: <c>SqliteStore</c> and <c>PostgresStore</c>; one suite proves both.</remarks>
internal interface IStore : IAsyncDisposable
{
    /// <summary>Runs <paramref name="write"/> in a transaction; completes after its COMMIT has reached the disk.</summary>
    /// <returns>What the delegate returned, once durable.</returns>
    /// <exception cref="StoreUnavailable">The transaction itself failed (disk full, I/O, connection): nothing was written.</exception>
    /// <remarks>
    /// Whatever <paramref name="write"/> throws undoes its own statements only and is rethrown to this caller.
    /// <paramref name="cancel"/> is honoured until the delegate starts; after that the outcome is always known.
    /// </remarks>
    Task<T> WriteAsync<T>(Lane lane, Func<Tx, T> write, CancellationToken cancel);

    /// <summary>Runs <paramref name="read"/> on a consistent snapshot; a read lasts at most 5 seconds.</summary>
    /// <exception cref="StoreUnavailable">The disk or the database is not there now.</exception>
    /// <exception cref="TimeoutException">It took longer than it may.</exception>
    Task<T> ReadAsync<T>(Func<Tx, T> read, CancellationToken cancel);
}

/// <summary>Who goes first when writers queue: mail at the door, then the stages, then housekeeping (at most 5 ms a turn).</summary>
internal enum Lane
{
    Receipts,
    Work,
    Maintenance,
}

/// <summary>The store cannot write now (disk full, I/O error, database gone); trying again may work.</summary>
/// <remarks>
/// Nothing is visible of what was tried. A COMMIT that failed half-way (an I/O error, a lost connection) may still come
/// back after a crash, so a second try must be recognisable: by its id, never by hope.
/// </remarks>
internal sealed class StoreUnavailable(string message, bool diskFull, Exception inner) : Exception(message, inner)
{
    /// <summary>True when the disk, not the store, is the cause: SMTP answers 452 rather than 451.</summary>
    public bool DiskFull { get; } = diskFull;
}
