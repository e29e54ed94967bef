using System.Threading.Channels;

namespace Passerelle.Lab.State;

/// <summary>One thing that the lab did or was asked: sign-in, mail, Graph, DNS, or an order of the control API. Never a
/// token, a secret or a password: a token is named by its <see cref="TokenMark"/>.</summary>
/// <param name="Kind">authorize, token, auth, submit, receive, deliver, forward, relay, ndr, auto-reply, drop, graph, imap,
/// dns, control, fault.</param>
/// <param name="Who">Application, mailbox, customer, remote address or name that was asked for.</param>
/// <param name="Answer">The reply as sent or as received, without CRLF.</param>
/// <param name="Token">The token that was issued, or that the session was authenticated with; null without one.</param>
internal sealed record JournalEntry(
    DateTimeOffset At, string Kind, string Who, string Answer, string? MessageId, TokenMark? Token)
{
    /// <summary>From 1, without gaps within a run of the host.</summary>
    public long Number { get; init; }

    /// <summary>Of the OAuth or Graph request, as the caller was told.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Of the authorization code that authorize gave and the token endpoint took; it is not the code.</summary>
    public string? GrantId { get; init; }

    /// <summary>DATA or BDAT: what carried a mail that was relayed and accepted.</summary>
    public string? Command { get; init; }

    /// <summary>Set when a fault was played.</summary>
    public Guid? FaultId { get; init; }

    /// <summary>Which part of Microsoft 365 it belongs to.</summary>
    public string Area => Kind switch
    {
        "authorize" or "token" => "oauth",
        "auth" or "submit" => "smtp",
        "graph" or "imap" or "dns" or "control" or "fault" => Kind,
        _ => "mail",
    };
}

/// <summary>The newest entries of one lab, in memory only.</summary>
internal sealed class Journal(TimeProvider time)
{
    public const int Capacity = 4_000;
    private readonly Lock _gate = new();
    private readonly Queue<JournalEntry> _entries = new();
    private readonly List<Channel<JournalEntry>> _listeners = [];
    private long _last;

    public void Add(string kind, string who, string answer, string? messageId = null, TokenMark? token = null) =>
        Add(new JournalEntry(time.GetUtcNow(), kind, who, answer, messageId, token));

    /// <summary>The same with more to say; number and time are given here.</summary>
    public void Add(JournalEntry entry)
    {
        lock (_gate)
        {
            entry = entry with { Number = ++_last, At = time.GetUtcNow() };
            _entries.Enqueue(entry);
            if (_entries.Count > Capacity) _entries.Dequeue();
            foreach (var listener in _listeners) listener.Writer.TryWrite(entry);
        }
    }

    /// <returns>Oldest first.</returns>
    public IReadOnlyList<JournalEntry> Entries
    {
        get
        {
            lock (_gate) return [.. _entries];
        }
    }

    /// <summary>The entries after that number, those kept and those to come, until cancelled. A listener that does not
    /// keep up loses the oldest.</summary>
    public async IAsyncEnumerable<JournalEntry> ListenAsync(
        long after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var live = Channel.CreateBounded<JournalEntry>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest });
        JournalEntry[] kept;
        lock (_gate)
        {
            kept = [.. _entries.Where(entry => entry.Number > after)];
            _listeners.Add(live);
        }

        try
        {
            foreach (var entry in kept) yield return entry;
            while (await IsMoreAsync(live.Reader, cancel))
            {
                while (live.Reader.TryRead(out JournalEntry? entry)) yield return entry;
            }
        }
        finally
        {
            lock (_gate) _listeners.Remove(live);
        }
    }

    /// <summary>The first entry, of those kept and those to come, that fits.</summary>
    public async Task<JournalEntry> WaitForAsync(Func<JournalEntry, bool> fits, CancellationToken cancel)
    {
        await foreach (var entry in ListenAsync(0, cancel))
        {
            if (fits(entry)) return entry;
        }

        throw new OperationCanceledException(cancel);
    }

    /// <summary>One attempt, across sign-in, SMTP and Graph: from a correlation id, a grant's id, a token's <c>uti</c> or
    /// <c>jti</c> or a Message-ID to everything that shares one of these with it, directly or over another entry.</summary>
    /// <returns>Oldest first; empty when nothing bears the id.</returns>
    public IReadOnlyList<JournalEntry> Follow(string id)
    {
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { id.Trim('<', '>') };
        var found = new SortedDictionary<long, JournalEntry>();
        IReadOnlyList<JournalEntry> all = Entries;
        for (var before = -1; before != found.Count;)
        {
            before = found.Count;
            foreach (var entry in all.Where(entry => !found.ContainsKey(entry.Number) && Ids(entry).Any(known.Contains)))
            {
                found[entry.Number] = entry;
                known.UnionWith(Ids(entry));
            }
        }

        return [.. found.Values];
    }

    /// <returns>False when cancelled: whoever listens has gone, which is no failure.</returns>
    private static async Task<bool> IsMoreAsync(ChannelReader<JournalEntry> live, CancellationToken cancel)
    {
        try
        {
            return await live.WaitToReadAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Ids(JournalEntry entry) =>
        new[] { entry.CorrelationId, entry.GrantId, entry.Token?.Uti, entry.Token?.Jti, entry.MessageId }.OfType<string>();
}
