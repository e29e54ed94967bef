namespace Passerelle.Lab.Exchange;

/// <summary>People who wait for something to happen that fits a condition.</summary>
internal sealed class Waiters<T>
{
    private readonly Lock _gate = new();
    private readonly List<(Func<T, bool> Fits, TaskCompletionSource<T> Told)> _waiting = [];

    public async Task<T> WaitAsync(Func<T, bool> fits, CancellationToken cancel)
    {
        var entry = (fits, Told: new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate) _waiting.Add(entry);
        await using var _ = cancel.Register(() => entry.Told.TrySetCanceled(cancel));
        try
        {
            return await entry.Told.Task;
        }
        finally
        {
            lock (_gate) _waiting.Remove(entry);
        }
    }

    public void Tell(T happened)
    {
        (Func<T, bool> Fits, TaskCompletionSource<T> Told)[] waiting;
        lock (_gate) waiting = [.. _waiting];
        foreach (var (fits, told) in waiting)
        {
            if (fits(happened)) told.TrySetResult(happened);
        }
    }
}
