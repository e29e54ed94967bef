namespace Passerelle.Smtp;

/// <summary>One timer for a whole connection. Moving the deadline later costs no timer call: an early tick arms itself
/// again. Deadlines are <see cref="TimeProvider.GetTimestamp"/> values.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Action _expired;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private long _due = long.MaxValue;
    private long _armed = long.MaxValue;

    public Deadline(TimeProvider time, Action expired)
    {
        _time = time;
        _expired = expired;
        _timer = time.CreateTimer(
            static self => ((Deadline)self!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True for good once a deadline has passed.</summary>
    public bool Expired { get; private set; }

    public long After(TimeSpan patience) =>
        _time.GetTimestamp() + (long)(patience.TotalSeconds * _time.TimestampFrequency);

    public void Set(long due)
    {
        lock (_lock)
        {
            _due = due;
            if (due < _armed) Arm(due);
        }
    }

    public void Clear()
    {
        lock (_lock) _due = long.MaxValue;
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        lock (_lock)
        {
            _armed = long.MaxValue;
            if (_due == long.MaxValue) return;
            if (_due > _time.GetTimestamp())
            {
                Arm(_due);
                return;
            }
            Expired = true;
        }
        _expired();
    }

    private void Arm(long due)
    {
        _armed = due;
        var wait = _time.GetElapsedTime(_time.GetTimestamp(), due);
        // one millisecond more: timers round down, and a tick before its time would only arm again
        var patience = wait > TimeSpan.Zero ? wait + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero;
        _timer.Change(patience, Timeout.InfiniteTimeSpan);
    }
}
