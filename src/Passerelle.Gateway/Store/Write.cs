namespace Passerelle.Gateway.Store;

/// <summary>One queued delegate and the caller who waits for it.</summary>
internal abstract class Write
{
    public abstract void Run(Tx tx);

    /// <summary>Keeps what the delegate threw; its caller hears it once the group is settled.</summary>
    public abstract void Refuse(Exception failure);

    /// <summary>The group is durable: hands the value, or the delegate's own failure, to the caller.</summary>
    public abstract void Complete();

    /// <summary>The transaction failed, and this delegate with it.</summary>
    public abstract void Fail(StoreUnavailable failure);
}

internal sealed class Write<T>(Func<Tx, T> write, CancellationToken cancel) : Write
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _value;
    private Exception? _refusal;

    public Task<T> Task => _done.Task;

    /// <exception cref="ArgumentException">T is a task: the delegate would go on after its transaction is over.</exception>
    public static void DemandSynchronous()
    {
        if (typeof(Task).IsAssignableFrom(typeof(T)) || typeof(T) == typeof(ValueTask))
            throw new ArgumentException("A delegate of the store is synchronous", nameof(write));
    }

    public override void Run(Tx tx)
    {
        _refusal = null; // a second turn, after the first was undone
        cancel.ThrowIfCancellationRequested();
        _value = write(tx);
    }

    public override void Refuse(Exception failure) => _refusal = failure;

    public override void Complete()
    {
        if (_refusal is OperationCanceledException && cancel.IsCancellationRequested) _done.TrySetCanceled(cancel);
        else if (_refusal is not null) _done.TrySetException(_refusal);
        else _done.TrySetResult(_value!); // Run has set it: there was no refusal
    }

    public override void Fail(StoreUnavailable failure) => _done.TrySetException(failure);
}
