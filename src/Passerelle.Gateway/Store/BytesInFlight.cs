namespace Passerelle.Gateway.Store;

/// <summary>How much arriving mail the whole process may hold in memory; beyond it, mail goes to files at once.</summary>
internal sealed class BytesInFlight(long most)
{
    private long _taken;

    public long Taken => Volatile.Read(ref _taken);

    /// <returns>False when there is no room: nothing was taken.</returns>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= most) return true;
        Return(bytes);
        return false;
    }

    public void Return(int bytes) => Interlocked.Add(ref _taken, -bytes);
}
