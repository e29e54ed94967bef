using Passerelle.Gateway.Queue;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Dev.Soak.Send;

/// <summary>What a sink with the limits of Exchange saw. Seconds.</summary>
/// <param name="Median">From the writing of an answer until the server had taken it; so the two that follow.</param>
/// <param name="Throttled">Answers 432: more connections than a mailbox may have.</param>
/// <param name="Delayed">Mails beyond the minute's number, which the server keeps waiting.</param>
/// <param name="Known">Different mails, from the beginning.</param>
internal sealed record SinkReport(
    long Taken, long Answers, double Median, double Worst99, double Worst, long Throttled, long Delayed, double LongestDelay, long Duplicated, long Known, int Connections);

/// <summary>A mail that the sink took, and when it said so.</summary>
internal readonly record struct TakenMail(Guid Id, DateTimeOffset At);

/// <summary>The limits of the lab (facts/microsoft365.md §5.8), kept as the lab keeps them, and what became of the mails. (The lab itself signs and stores every mail: that would be measured.)</summary>
internal sealed class SinkBook
{
    private static readonly SubmissionLimits Limits = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _known = [];
    private readonly List<TakenMail> _taken = [];
    private readonly List<double> _waits = [];
    private readonly ConnectionCount _connections = new();
    private readonly MinuteTurns _turns = new(TimeProvider.System);
    private (long Taken, long Throttled, long Delayed, long Duplicated, double LongestDelay) _since;
    private int _open;

    public void Enter(string mailbox, Guid connection)
    {
        Interlocked.Increment(ref _open);
        _connections.Enter(mailbox, connection);
    }

    public void Leave(string mailbox, Guid connection)
    {
        Interlocked.Decrement(ref _open);
        _connections.Leave(mailbox, connection);
    }

    /// <returns>False: there are too many connections.</returns>
    public bool MaySend(string mailbox, Guid connection)
    {
        if (!_connections.IsTooMany(mailbox, connection, Limits.Connections)) return true;
        lock (_gate) _since.Throttled++;
        return false;
    }

    /// <summary>Returns when the mailbox may send this one.</summary>
    public async Task WaitAsync(string mailbox, CancellationToken cancel)
    {
        var wait = _turns.Take(mailbox, Limits.MessagesPerMinute);
        if (wait <= TimeSpan.Zero) return;
        lock (_gate)
        {
            _since.Delayed++;
            _since.LongestDelay = Math.Max(_since.LongestDelay, wait.TotalSeconds);
        }
        await Task.Delay(wait, cancel);
    }

    public void Take(SentMail mail)
    {
        var now = TimeProvider.System.GetUtcNow();
        var wait = (now - mail.WrittenAt).TotalSeconds;
        lock (_gate)
        {
            _taken.Add(new TakenMail(mail.Id, now));
            _since.Taken++;
            if (!_known.Add(mail.Id)) _since.Duplicated++;
            if (mail.Lane == LetterLane.Answer) _waits.Add(wait);
        }
    }

    /// <returns>What was taken beyond the first so many.</returns>
    public List<TakenMail> TakenAfter(int count)
    {
        lock (_gate) return _taken[count..];
    }

    /// <param name="anew">The next report begins here.</param>
    public SinkReport Report(bool anew)
    {
        lock (_gate)
        {
            var waits = _waits.Order().ToList();
            var report = new SinkReport(
                _since.Taken, waits.Count, At(waits, 0.5), At(waits, 0.99), At(waits, 1), _since.Throttled, _since.Delayed, _since.LongestDelay, _since.Duplicated, _known.Count, _open);
            if (!anew) return report;
            _waits.Clear();
            _since = default;
            return report;
        }
    }

    private static double At(List<double> inOrder, double part) => inOrder.Count == 0 ? 0 : inOrder[Math.Min(inOrder.Count - 1, (int)(inOrder.Count * part))];
}
