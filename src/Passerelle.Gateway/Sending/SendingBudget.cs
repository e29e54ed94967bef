namespace Passerelle.Gateway.Sending;

/// <summary>Messages a minute of one app: starts with what the attempt rows say was spent, then counts by itself.</summary>
internal sealed class SendingBudget(int perMinute, IEnumerable<DateTimeOffset> spent, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly List<DateTimeOffset> _spent = [.. spent];

    /// <summary>Takes a place when there is one.</summary>
    /// <returns>Zero when taken, else how long until there may be one.</returns>
    public TimeSpan Take()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            _spent.RemoveAll(at => at + Window <= now);
            if (_spent.Count >= perMinute) return _spent[0] + Window - now;
            _spent.Add(now);
            return TimeSpan.Zero;
        }
    }

    /// <summary>Nothing was due after all.</summary>
    public void GiveBack()
    {
        lock (_gate)
        {
            if (_spent.Count > 0) _spent.RemoveAt(_spent.Count - 1);
        }
    }
}
