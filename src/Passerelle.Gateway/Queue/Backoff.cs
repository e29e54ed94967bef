namespace Passerelle.Gateway.Queue;

/// <summary>How long a stage waits before it tries a row again: three times longer each time, spread, bounded.</summary>
internal static class Backoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <param name="failures">Failed attempts before the one that has just failed.</param>
    public static TimeSpan After(long failures, TimeSpan first) => After(failures, first, Longest, Random.Shared.NextDouble());

    /// <param name="spread">0 ≤ spread &lt; 1: what failed together does not return together.</param>
    /// <param name="atLeast">What the other side asked for; never undercut.</param>
    public static TimeSpan After(long failures, TimeSpan first, TimeSpan longest, double spread, TimeSpan? atLeast = null)
    {
        var plain = Math.Min(first.TotalSeconds * Math.Pow(3, Math.Min(failures, 30)), longest.TotalSeconds);
        var wait = TimeSpan.FromSeconds(plain * (0.75 + spread / 2));
        return atLeast is { } asked && asked > wait ? asked + wait * spread : wait;
    }
}
