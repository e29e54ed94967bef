namespace Passerelle.Gateway.Queue;

/// <summary>
/// Whether mail crowds at the door. What was taken is on the disk and can wait; what stands at the door can not: so a stage
/// that has fallen behind steps back until the burst is over, but from nothing for longer than <see cref="LongestWait"/>.
/// </summary>
internal sealed class Rush(TimeProvider time)
{
    private const int Many = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly long[] _last = [.. Enumerable.Repeat(long.MinValue, Many)];
    private int _next;

    /// <summary>Mail was taken: ten within a twentieth of a second are a rush.</summary>
    public void Took()
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            _last[_next] = now;
            _next = (_next + 1) % Many;
        }
    }

    /// <summary>Returns when the burst is over, or what waits has waited long enough.</summary>
    /// <param name="since">When that came in.</param>
    public async Task PassAsync(DateTimeOffset since, CancellationToken cancel)
    {
        while (IsOn && time.GetUtcNow() - since < LongestWait) await Task.Delay(Window, time, cancel);
    }

    private bool IsOn
    {
        get
        {
            long tenthLast;
            lock (_gate) tenthLast = _last[_next];
            return tenthLast != long.MinValue && time.GetElapsedTime(tenthLast) < Window;
        }
    }
}
