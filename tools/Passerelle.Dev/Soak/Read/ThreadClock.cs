using System.Diagnostics;
using System.Globalization;

namespace Passerelle.Dev.Soak.Read;

/// <summary>How long this thread itself has worked (Linux: proc_pid_schedstat): other work on the machine makes nothing a hang.</summary>
internal static class ThreadClock
{
    private const string Worked = "/proc/thread-self/schedstat";
    private static readonly bool Known = File.Exists(Worked);

    /// <summary>By the clock on the wall where the system does not count.</summary>
    public static TimeSpan Time(Action work)
    {
        if (!Known)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            return Stopwatch.GetElapsedTime(start);
        }
        var before = Now();
        work();
        return Now() - before;
    }

    /// <summary>The first number: nanoseconds on a processor.</summary>
    private static TimeSpan Now()
    {
        var text = File.ReadAllText(Worked);
        return TimeSpan.FromMicroseconds(long.Parse(text.AsSpan(0, text.IndexOf(' ')), CultureInfo.InvariantCulture) / 1000);
    }
}
