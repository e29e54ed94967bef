namespace Passerelle.Gateway.Sending.Budgets;

/// <summary>Recipients of any 24 hours, counted by the hour: starts with what the attempt rows say. Used by all senders that share it.</summary>
internal sealed class DayUse(IEnumerable<HourCount> spent, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<HourCount> _hours = [.. spent];

    public long Count
    {
        get
        {
            lock (_gate) return Counted();
        }
    }

    public void Add(int recipients)
    {
        if (recipients <= 0) return;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_hours.Count > 0 && IsSameHour(now, _hours[^1].At)) _hours[^1] = new HourCount(now, _hours[^1].Recipients + recipients);
            else _hours.Add(new HourCount(now, recipients));
        }
    }

    /// <returns>Zero while there is room; else how long until there is some.</returns>
    public TimeSpan WaitFor(int limit)
    {
        lock (_gate) return Counted() < limit ? TimeSpan.Zero : _hours[0].At + Day - time.GetUtcNow();
    }

    private static bool IsSameHour(DateTimeOffset one, DateTimeOffset other) => one - other < TimeSpan.FromHours(1) && one.Hour == other.Hour;

    private static TimeSpan Day => TimeSpan.FromHours(24);

    private long Counted()
    {
        var since = time.GetUtcNow() - Day;
        _hours.RemoveAll(hour => hour.At <= since);
        return _hours.Sum(hour => hour.Recipients);
    }
}

/// <param name="At">When the last of them was written to.</param>
internal readonly record struct HourCount(DateTimeOffset At, long Recipients);
