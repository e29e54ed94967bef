using System.Globalization;

namespace Passerelle.Dev.Soak.Read;

/// <summary>How long one read takes and how much it grows the process.</summary>
internal static class Meter
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    public const long MostBytes = 100L * 1024 * 1024;

    /// <summary>The first call of anything is compiled on the way; it is a hang when it never is faster.</summary>
    private const int Tries = 3;

    /// <returns>The fastest of up to three, and the growth; the second is 0 where so little was asked for that it cannot be much.</returns>
    public static (TimeSpan Took, long Grew) Measure(Action read)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var took = ThreadClock.Time(read);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        for (var again = 1; again < Tries && took > Longest; again++) took = Min(took, ThreadClock.Time(read));
        return (took, allocated <= MostBytes ? 0 : Growth(read));
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>By the peak of the resident memory, which Linux forgets when it is asked to (proc_pid_clear_refs(5)).</summary>
    private static long Growth(Action read)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = Status("VmRSS:");
        read();
        return Status("VmHWM:") - before;
    }

    private static long Status(string name) => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024).First();
}
