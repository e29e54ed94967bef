namespace Passerelle.Lab.Exchange;

/// <summary>At most so many messages of a mailbox in any minute: the others wait for their turn (facts/microsoft365.md §5.8).</summary>
internal sealed class MinuteTurns(TimeProvider time)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _turns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes the next turn.</summary>
    /// <returns>How long until it comes; nothing or less: now.</returns>
    public TimeSpan Take(string mailbox, int perMinute)
    {
        lock (_gate)
        {
            if (!_turns.TryGetValue(mailbox, out var turns)) _turns[mailbox] = turns = new();
            var now = time.GetUtcNow();
            while (turns.Count > 0 && turns.Peek() <= now - Minute) turns.Dequeue();
            var turn = turns.Count < perMinute ? now : turns.ElementAt(turns.Count - perMinute) + Minute;
            turns.Enqueue(turn);
            return turn - now;
        }
    }
}
