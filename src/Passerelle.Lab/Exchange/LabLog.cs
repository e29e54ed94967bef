namespace Passerelle.Lab.Exchange;

/// <summary>What identifies a token without being one: enough to prove whose token sent a mail.</summary>
internal sealed record TokenMark(string? Jti, string? Uti, string? ObjectId, string? AppId, string? Upn, string? Scopes);

/// <summary>One thing that the lab's Exchange did or was asked.</summary>
/// <param name="Kind">auth, submit, receive, deliver, forward, relay, ndr, auto-reply.</param>
/// <param name="Who">Mailbox, customer or remote address.</param>
/// <param name="Answer">The reply as sent or as received, without CRLF.</param>
/// <param name="Token">The token that the session was authenticated with; null without one.</param>
internal sealed record LabLogEntry(
    DateTimeOffset At, string Kind, string Who, string Answer, string? MessageId, TokenMark? Token);

/// <summary>The newest entries of one lab, in memory only.</summary>
internal sealed class LabLog(TimeProvider time)
{
    public const int Capacity = 2_000;
    private readonly Lock _gate = new();
    private readonly Queue<LabLogEntry> _entries = new();
    private readonly Waiters<LabLogEntry> _waiters = new();

    public void Add(string kind, string who, string answer, string? messageId = null, TokenMark? token = null)
    {
        var entry = new LabLogEntry(time.GetUtcNow(), kind, who, answer, messageId, token);
        lock (_gate)
        {
            _entries.Enqueue(entry);
            if (_entries.Count > Capacity) _entries.Dequeue();
        }

        _waiters.Tell(entry);
    }

    /// <returns>Oldest first.</returns>
    public IReadOnlyList<LabLogEntry> Entries
    {
        get
        {
            lock (_gate) return [.. _entries];
        }
    }

    /// <summary>The first entry, of those kept and those to come, that fits.</summary>
    public Task<LabLogEntry> WaitForAsync(Func<LabLogEntry, bool> fits, CancellationToken cancel)
    {
        lock (_gate)
        {
            return _entries.FirstOrDefault(fits) is { } here ? Task.FromResult(here) : _waiters.WaitAsync(fits, cancel);
        }
    }
}
