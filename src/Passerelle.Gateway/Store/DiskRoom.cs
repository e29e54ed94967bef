using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Store;

/// <summary>Bytes that an ordinary user may still write to the file system of a folder.</summary>
/// <exception cref="IOException">It cannot be said.</exception>
internal delegate long FreeBytes(string folder);

/// <summary>
/// What the disk still takes before mail is asked to come back. A reserve is left (<see cref="StoreOptions.LeastFreeBytes"/>):
/// what was taken must still be read, routed and answered, and a database on a full disk is a database in trouble.
/// </summary>
internal sealed class DiskRoom(IOptions<StoreOptions> options, FreeBytes free, TimeProvider time, ILogger<DiskRoom> log)
{
    /// <summary>Between two looks we count ourselves what was taken.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly string[] _folders = [options.Value.DataFolder, Path.Combine(options.Value.DataFolder, "spool")];
    private long _lookedAt;
    private bool _hasLooked;
    private bool _isShort;
    private long _left;

    /// <summary>True while there is room for a mail of this size.</summary>
    public bool Holds(long bytes)
    {
        Look(LookAgain);
        if (Volatile.Read(ref _left) >= bytes) return true;
        Look(TimeSpan.Zero); // nobody is refused for what was so a moment ago
        return Volatile.Read(ref _left) >= bytes;
    }

    /// <summary>Counts bytes that are about to be written.</summary>
    /// <exception cref="StoreUnavailable">They would come out of the reserve: nothing was counted.</exception>
    public void Take(int bytes)
    {
        Look(LookAgain);
        if (TryTake(bytes)) return;
        Look(TimeSpan.Zero);
        if (!TryTake(bytes))
            throw new StoreUnavailable("The disk is nearly full", diskFull: true, new IOException("Only the reserve is left (Store:LeastFreeBytes)"));
    }

    /// <summary>statvfs(3), which knows quotas of the file system and what is kept for root.</summary>
    public static long Measure(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    private bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _left, -bytes) >= 0) return true;
        Interlocked.Add(ref _left, bytes);
        return false;
    }

    /// <param name="age">What was seen so long ago is believed.</param>
    private void Look(TimeSpan age)
    {
        if (IsKnown(age)) return;
        lock (_gate)
        {
            if (IsKnown(age)) return; // somebody looked while we waited
            Volatile.Write(ref _left, Left());
            Volatile.Write(ref _lookedAt, time.GetTimestamp());
            Volatile.Write(ref _hasLooked, true);
        }
    }

    private bool IsKnown(TimeSpan age) => Volatile.Read(ref _hasLooked) && time.GetElapsedTime(Volatile.Read(ref _lookedAt)) < age;

    private long Left()
    {
        var measured = _folders.Where(Directory.Exists).Select(Measured).DefaultIfEmpty(long.MaxValue).Min();
        var isShort = measured <= options.Value.LeastFreeBytes;
        if (isShort && !_isShort) log.DiskNearlyFull(measured, options.Value.LeastFreeBytes);
        if (!isShort && _isShort) log.DiskHasRoom(measured);
        _isShort = isShort;
        return measured - options.Value.LeastFreeBytes;
    }

    /// <summary>A file system that cannot tell vetoes nothing: the write itself will say what is wrong.</summary>
    private long Measured(string folder)
    {
        try
        {
            return free(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return long.MaxValue;
        }
    }
}
