namespace Passerelle.Gateway.Sending;

/// <summary>Letters that were begun together.</summary>
internal sealed class BudgetPlaces(DateTimeOffset at, int count)
{
    public DateTimeOffset At { get; } = at;
    public int Count { get; set; } = count;
}

/// <summary>Messages a minute of one app: starts with what the attempt rows say was spent, then counts by itself.</summary>
internal sealed class SendingBudget(int perMinute, IReadOnlyCollection<DateTimeOffset> spent, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly Queue<BudgetPlaces> _spent = new(spent.Select(at => new BudgetPlaces(at, 1)));
    private int _count = spent.Count;

    /// <summary>Takes as many places as there are.</summary>
    /// <param name="most">At least 1.</param>
    /// <returns>The places, or how long until there may be one.</returns>
    public (BudgetPlaces? Taken, TimeSpan Wait) Take(int most)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            while (_spent.TryPeek(out var oldest) && oldest.At + Window <= now) _count -= _spent.Dequeue().Count;
            var count = Math.Min(most, perMinute - _count);
            if (count <= 0) return (null, _spent.Peek().At + Window - now);
            var places = new BudgetPlaces(now, count);
            _spent.Enqueue(places);
            _count += count;
            return (places, TimeSpan.Zero);
        }
    }

    /// <summary>Fewer letters were due than places were taken.</summary>
    public void GiveBack(BudgetPlaces places, int unused)
    {
        lock (_gate)
        {
            places.Count -= unused;
            _count -= unused;
        }
    }
}
