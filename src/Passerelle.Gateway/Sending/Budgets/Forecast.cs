namespace Passerelle.Gateway.Sending.Budgets;

/// <summary>When the last of so many letters leaves, by the limits alone.</summary>
internal static class Forecast
{
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(60);

    /// <param name="letters">Waiting, and those that one thinks of.</param>
    /// <param name="recipientsEach">On the average; counts against the day.</param>
    /// <param name="spent">Recipients of the last 24 hours, oldest first.</param>
    /// <returns>Null: later than in two months.</returns>
    public static DateTimeOffset? LastLeavesAt(long letters, double recipientsEach, BudgetLimits limits, IReadOnlyList<HourCount> spent, DateTimeOffset now)
    {
        var used = new Queue<HourCount>(spent);
        var inWindow = used.Sum(hour => hour.Recipients);
        double left = letters;
        for (var at = now; at < now + Farthest; at += TimeSpan.FromHours(1))
        {
            while (used.TryPeek(out var oldest) && oldest.At <= at - TimeSpan.FromHours(24)) inWindow -= used.Dequeue().Recipients;
            var byDay = limits.RecipientsPerDay is { } day ? Math.Max(0, day - inWindow) / recipientsEach : double.MaxValue;
            var leave = Math.Min(Math.Min(left, limits.PerMinute * 60d), byDay);
            if (leave >= left - 1e-9) return at + TimeSpan.FromMinutes(left / limits.PerMinute);
            left -= leave;
            var recipients = (long)Math.Ceiling(leave * recipientsEach);
            used.Enqueue(new HourCount(at, recipients));
            inWindow += recipients;
        }
        return null;
    }
}
