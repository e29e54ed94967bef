namespace Passerelle.Gateway.Sending.Budgets;

/// <summary>Letters that fall due together; those of the past are due now.</summary>
internal readonly record struct DueLetters(DateTimeOffset At, long Letters);

/// <summary>When the last of so many letters leaves, by the limits alone.</summary>
internal static class Forecast
{
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(60);

    /// <param name="due">What waits, and what one thinks of; in the order in which it falls due.</param>
    /// <param name="recipientsEach">On the average; counts against the day.</param>
    /// <param name="spent">Recipients of the last 24 hours, oldest first.</param>
    /// <returns>Null: later than in two months.</returns>
    public static DateTimeOffset? LastLeavesAt(IEnumerable<DueLetters> due, double recipientsEach, BudgetLimits limits, IReadOnlyList<HourCount> spent, DateTimeOffset now)
    {
        var day = new ForetoldDay(limits.RecipientsPerDay, spent);
        var at = now;
        foreach (var some in due)
        {
            if (some.At > at) at = some.At;
            for (double left = some.Letters; left > 1e-9;)
            {
                if (at >= now + Farthest) return null;
                var leave = Math.Min(Math.Min(left, limits.PerMinute * 60d), day.LeftAt(at) / recipientsEach);
                day.Spend(at, (long)Math.Ceiling(leave * recipientsEach));
                left -= leave;
                at += left > 1e-9 ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(leave / limits.PerMinute);
            }
        }
        return at;
    }

    /// <summary>What a day still allows, hour by hour into the future.</summary>
    private sealed class ForetoldDay(int? limit, IReadOnlyList<HourCount> spent)
    {
        private readonly Queue<HourCount> _spent = new(spent);
        private long _sum = spent.Sum(hour => hour.Recipients);

        public double LeftAt(DateTimeOffset at)
        {
            while (_spent.TryPeek(out var oldest) && oldest.At <= at - TimeSpan.FromHours(24)) _sum -= _spent.Dequeue().Recipients;
            return limit is { } most ? Math.Max(0, most - _sum) : double.MaxValue;
        }

        public void Spend(DateTimeOffset at, long recipients)
        {
            if (recipients == 0) return;
            _spent.Enqueue(new HourCount(at, recipients));
            _sum += recipients;
        }
    }
}
