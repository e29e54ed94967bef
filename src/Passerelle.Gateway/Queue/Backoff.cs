namespace Passerelle.Gateway.Queue;

/// <summary>How long a stage waits before it tries a row again: three times longer each time, spread, at most an hour.</summary>
internal static class Backoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <param name="failures">Failed attempts before the one that has just failed.</param>
    public static TimeSpan After(long failures, TimeSpan first)
    {
        var plain = Math.Min(first.TotalSeconds * Math.Pow(3, failures), Longest.TotalSeconds);
        return TimeSpan.FromSeconds(plain * (0.75 + Random.Shared.NextDouble() / 2));
    }
}
