using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>A real store behind a disk that can fail.</summary>
internal sealed class FaultyStore(IStore store) : IStore
{
    /// <summary>What the disk says to every write and read; null: it works.</summary>
    public Exception? Fault { set => FaultNow = () => value; }

    /// <summary>Likewise, asked at each.</summary>
    public Func<Exception?> FaultNow { private get; set; } = () => null;

    /// <summary>How often it was asked.</summary>
    public int Reads => _reads;

    private int _reads;

    public Task<T> WriteAsync<T>(Lane lane, Func<Tx, T> write, CancellationToken cancel) =>
        FaultNow() is { } fault ? Task.FromException<T>(fault) : store.WriteAsync(lane, write, cancel);

    public Task<T> ReadAsync<T>(Func<Tx, T> read, CancellationToken cancel)
    {
        Interlocked.Increment(ref _reads);
        return FaultNow() is { } fault ? Task.FromException<T>(fault) : store.ReadAsync(read, cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask; // the real one is another's
}
