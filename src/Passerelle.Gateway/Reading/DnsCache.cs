using System.Collections.Concurrent;

namespace Passerelle.Gateway.Reading;

/// <param name="Records">Empty: the name or the type does not exist.</param>
/// <param name="Keep">How long the answer says that it holds.</param>
internal sealed record DnsReply<T>(IReadOnlyList<T> Records, TimeSpan Keep);

/// <summary>Answers of the DNS, what does not exist and what is in trouble included: a flood of mails of one sender asks once.
/// Bounded in number and in time.</summary>
internal sealed class DnsCache(TimeProvider time, int most)
{
    /// <summary>Whatever an answer says: not asked for each mail, and not believed for ever.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(10), Longest = TimeSpan.FromHours(1);

    /// <summary>Nobody answered: the next mail may ask soon, but not each of them.</summary>
    private static readonly TimeSpan TroubleHolds = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Questions that were put on.</summary>
    public int Count => _entries.Count;

    /// <param name="question">Name and type; one question is asked once at a time.</param>
    /// <param name="ask">With a deadline of its own: who waits may leave, the answer is still kept.</param>
    public async Task<IReadOnlyList<T>> GetAsync<T>(string question, Func<Task<DnsReply<T>>> ask, CancellationToken cancel)
    {
        var entry = _entries.GetOrAdd(question, _ => new Entry());
        if (entry.Until <= time.GetUtcNow())
        {
            _entries.TryRemove(new(question, entry));
            entry = _entries.GetOrAdd(question, _ => new Entry());
        }
        if (_entries.Count > most) MakeRoom();
        var answer = entry.AnswerOnce(() => AskAsync(ask, entry));
        return ((DnsReply<T>)await answer.WaitAsync(cancel)).Records;
    }

    private async Task<object> AskAsync<T>(Func<Task<DnsReply<T>>> ask, Entry entry)
    {
        try
        {
            var reply = await ask();
            entry.Until = time.GetUtcNow() + (reply.Keep < Least ? Least : reply.Keep > Longest ? Longest : reply.Keep);
            return reply;
        }
        catch
        {
            entry.Until = time.GetUtcNow() + TroubleHolds;
            throw;
        }
    }

    private void MakeRoom()
    {
        var now = time.GetUtcNow();
        foreach (var (question, entry) in _entries)
            if (entry.Until <= now) _entries.TryRemove(new(question, entry));
        if (_entries.Count > most) _entries.Clear(); // what is under way is still answered to those who wait
    }

    private sealed class Entry
    {
        private readonly Lock _lock = new();
        private Task<object>? _answer;
        private long _until = DateTimeOffset.MaxValue.UtcTicks;

        /// <summary>The far future while the answer is under way.</summary>
        public DateTimeOffset Until
        {
            get => new(Volatile.Read(ref _until), TimeSpan.Zero);
            set => Volatile.Write(ref _until, value.UtcTicks);
        }

        public Task<object> AnswerOnce(Func<Task<object>> ask)
        {
            lock (_lock) return _answer ??= ask();
        }
    }
}
