using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Sending.Budgets;

/// <summary>Letters that were begun together.</summary>
internal sealed class BudgetPlaces(DateTimeOffset at, int count)
{
    public DateTimeOffset At { get; } = at;
    public int Count { get; set; } = count;

    /// <summary>What of a lower lane is due waits for its turn.</summary>
    public LetterLane Lowest { get; init; } = LetterLane.Bulk;
}

/// <summary>What one app may still send now: messages a minute, recipients a day of its own and of its directory, and what the server taught.</summary>
/// <param name="started">When the letters of the last minute were begun, oldest first.</param>
/// <param name="directory">Recipients outside of all apps of the directory; null: it has none.</param>
internal sealed class SendingBudget(BudgetLimits limits, IReadOnlyCollection<DateTimeOffset> started, DayUse day, DirectoryBudget? directory, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Queue<BudgetPlaces> _spent = new(started.Select(at => new BudgetPlaces(at, 1)));
    private readonly LearnedLimits _learned = new(time);
    private int _count = started.Count;
    private DateTimeOffset _nextBulk = time.GetUtcNow();

    /// <summary>An edit takes effect with the next letter.</summary>
    public BudgetLimits Limits { get; set; } = limits;

    public int Connections => _learned.Connections(Limits.Connections);

    /// <summary>
    /// Takes as many places as there are. Bulk is spread evenly over the minute: then a place becomes free every other moment, and no answer waits
    /// behind a minute that was spent at its beginning.
    /// </summary>
    /// <param name="most">At least 1.</param>
    /// <returns>The places, or how long until there may be one.</returns>
    public (BudgetPlaces? Taken, TimeSpan Wait) Take(int most)
    {
        lock (_gate)
        {
            if (Closed() is { Ticks: > 0 } closed) return (null, closed);
            var now = time.GetUtcNow();
            while (_spent.TryPeek(out var oldest) && oldest.At + Window <= now) _count -= _spent.Dequeue().Count;
            var count = Math.Min(most, Limits.PerMinute - _count);
            if (count <= 0) return (null, _spent.Peek().At + Window - now);
            if (now - Slack is var earliest && _nextBulk < earliest) _nextBulk = earliest;
            var bulk = _nextBulk > now ? 0 : 1 + (now - _nextBulk).Ticks / Between.Ticks;
            var places = new BudgetPlaces(now, bulk == 0 ? count : (int)Math.Min(count, bulk)) { Lowest = bulk == 0 ? LetterLane.Ordinary : LetterLane.Bulk };
            _spent.Enqueue(places);
            _count += places.Count;
            if (bulk > 0) _nextBulk += Between * places.Count;
            return (places, TimeSpan.Zero);
        }
    }

    /// <summary>Until the next turn of bulk.</summary>
    public TimeSpan UntilBulk
    {
        get
        {
            lock (_gate) return _nextBulk > time.GetUtcNow() ? _nextBulk - time.GetUtcNow() : TimeSpan.Zero;
        }
    }

    /// <summary>To be called once it is known how many letters were due.</summary>
    /// <param name="unused">Places that were taken for nothing.</param>
    public void GiveBack(BudgetPlaces places, int unused)
    {
        lock (_gate)
        {
            places.Count -= unused;
            _count -= unused;
            _nextBulk += Between * (places.Lowest == LetterLane.Bulk ? -unused : places.Count); // what had no turn takes that of bulk only where it left
        }
    }

    /// <summary>Told of each attempt: what may have left counts.</summary>
    public void Hear(ClaimedLetter letter, SendOutcome outcome)
    {
        _learned.Hear(outcome, Limits.Connections);
        if (outcome is not (SendOutcome.Accepted or SendOutcome.Unclear)) return;
        IReadOnlyList<RefusedRecipient> refused = outcome is SendOutcome.Accepted accepted ? accepted.NotTo : [];
        day.Add(letter.Recipients.Count - refused.Count);
        directory?.Add(letter.Recipients.Except(refused.Select(one => one.Address)));
    }

    /// <summary>A turn that was late is made up for within this.</summary>
    private TimeSpan Slack => Between > TimeSpan.FromSeconds(1) ? Between : TimeSpan.FromSeconds(1);

    private TimeSpan Between => TimeSpan.FromTicks(Math.Max(1, Window.Ticks / Limits.PerMinute));

    private TimeSpan Closed()
    {
        var own = Limits.RecipientsPerDay is { } limit ? day.WaitFor(limit) : TimeSpan.Zero;
        return ((TimeSpan[])[_learned.Quiet, own, directory?.Wait ?? TimeSpan.Zero]).Max();
    }
}
