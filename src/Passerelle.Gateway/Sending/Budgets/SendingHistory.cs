using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Sending.Budgets;

/// <summary>Of one stretch of time: letters that left, and how long they had waited since they were due.</summary>
/// <param name="Slowest">Null: none left.</param>
internal sealed record SendingSlot(DateTimeOffset From, long Letters, TimeSpan? Mean, TimeSpan? Slowest);

/// <summary>What left, over time: counted from the attempt rows.</summary>
internal sealed class SendingHistory(IStore store, TimeProvider time)
{
    /// <summary>Oldest first; the last one is still running.</summary>
    public Task<List<SendingSlot>> SinceAsync(Guid organisationId, TimeSpan span, int slots, CancellationToken cancel)
    {
        var width = (long)(span / slots).TotalMilliseconds;
        var last = time.GetUtcNow().ToUnixTimeMilliseconds() / width;
        return store.ReadAsync(
            tx =>
            {
                var counted = tx.For(organisationId).List<Slot>(
                    """
                    SELECT t.ended_at / @width AS number, COUNT(*) AS letters, CAST(SUM(t.ended_at - COALESCE(l.not_before, l.created_at)) AS bigint) AS waited,
                        MAX(t.ended_at - COALESCE(l.not_before, l.created_at)) AS slowest
                    FROM app a
                    JOIN attempt t ON t.organisation_id = a.organisation_id AND t.app_id = a.id AND t.started_at >= @since AND t.outcome = 'accepted'
                    JOIN letter l ON l.organisation_id = t.organisation_id AND l.id = t.letter_id
                    WHERE a.organisation_id = @organisation
                    GROUP BY t.ended_at / @width
                    """,
                    new { width, since = (last - slots) * width }).ToDictionary(slot => slot.Number);
                return Enumerable.Range(0, slots).Select(number => Of(last - slots + 1 + number, width, counted)).ToList();
            },
            cancel);
    }

    private static SendingSlot Of(long number, long width, Dictionary<long, Slot> counted)
    {
        var from = DateTimeOffset.FromUnixTimeMilliseconds(number * width);
        return counted.TryGetValue(number, out var slot)
            ? new(from, slot.Letters, TimeSpan.FromMilliseconds(Math.Max(0, slot.Waited / (double)slot.Letters)), TimeSpan.FromMilliseconds(Math.Max(0, slot.Slowest)))
            : new(from, 0, null, null);
    }

    private sealed record Slot
    {
        public required long Number { get; init; }
        public required long Letters { get; init; }
        public required long Waited { get; init; }
        public required long Slowest { get; init; }
    }
}
