using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending.Replies;

namespace Passerelle.Gateway.Sending.Budgets;

/// <summary>What the server's own refusals taught: a connection less, or silence for a while. It is forgotten by itself.</summary>
internal sealed class LearnedLimits(TimeProvider time)
{
    /// <summary>After that one connection more is tried.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(10);

    /// <summary>A server that asks for hours is asked again before: the reason may be gone.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(15);
    private readonly Lock _gate = new();
    private int? _connections;
    private DateTimeOffset _believedUntil;
    private DateTimeOffset _quietUntil;

    /// <summary>The server's words; empty: nothing is learned.</summary>
    public string Words { get; private set; } = "";

    public int Connections(int limit)
    {
        lock (_gate)
        {
            if (_connections is { } fewer && time.GetUtcNow() >= _believedUntil)
            {
                _connections = fewer + 1 < limit ? fewer + 1 : null;
                _believedUntil = time.GetUtcNow() + Believed;
            }
            return Math.Min(_connections ?? limit, limit);
        }
    }

    /// <returns>Zero: it may go on.</returns>
    public TimeSpan Quiet
    {
        get
        {
            lock (_gate) return _quietUntil > time.GetUtcNow() ? _quietUntil - time.GetUtcNow() : TimeSpan.Zero;
        }
    }

    /// <param name="limit">Connections that it may have.</param>
    public void Hear(SendOutcome outcome, int limit)
    {
        lock (_gate)
        {
            if (outcome is SendOutcome.Accepted && Quiet == TimeSpan.Zero && _connections is null) Words = "";
            if (outcome is not SendOutcome.Deferred { Reason: var words } later) return;
            var now = time.GetUtcNow();
            if (later.Until is { } until)
            {
                (_quietUntil, Words) = (until, words); // its host answers nobody: none of its letters need be looked at before
            }
            else if (IsCrowded(words))
            {
                (_connections, _believedUntil, Words) = (Math.Max(1, Math.Min(_connections ?? limit, limit) - 1), now + Believed, words);
            }
            else if (later.AtLeast is { Ticks: > 0 } pause && IsLimit(words))
            {
                (_quietUntil, Words) = (now + (pause < Longest ? pause : Longest), words);
            }
        }
    }

    /// <summary>The server's words say that a limit was reached.</summary>
    public static bool IsLimit(string words) => ReplyTable.Find(words) is { Class: ReplyClass.Limit or ReplyClass.Throttled };

    /// <summary>432 4.3.2: too many connections of this mailbox at a time (facts/microsoft365.md §5.5).</summary>
    private static bool IsCrowded(string words) => words.StartsWith("432 ", StringComparison.Ordinal);
}
