using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Sending.Budgets;

/// <summary>Letters that were begun together.</summary>
internal sealed class BudgetPlaces(DateTimeOffset at, int count)
{
    public DateTimeOffset At { get; } = at;
    public int Count { get; set; } = count;
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

    /// <summary>An edit takes effect with the next letter.</summary>
    public BudgetLimits Limits { get; set; } = limits;

    public int Connections => _learned.Connections(Limits.Connections);

    /// <summary>Takes as many places as there are.</summary>
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

    /// <summary>Told of each attempt: what may have left counts.</summary>
    public void Hear(ClaimedLetter letter, SendOutcome outcome)
    {
        _learned.Hear(outcome, Limits.Connections);
        if (outcome is not (SendOutcome.Accepted or SendOutcome.Unclear)) return;
        IReadOnlyList<RefusedRecipient> refused = outcome is SendOutcome.Accepted accepted ? accepted.NotTo : [];
        day.Add(letter.Recipients.Count - refused.Count);
        directory?.Add(letter.Recipients.Except(refused.Select(one => one.Address)));
    }

    private TimeSpan Closed()
    {
        var own = Limits.RecipientsPerDay is { } limit ? day.WaitFor(limit) : TimeSpan.Zero;
        return ((TimeSpan[])[_learned.Quiet, own, directory?.Wait ?? TimeSpan.Zero]).Max();
    }
}
