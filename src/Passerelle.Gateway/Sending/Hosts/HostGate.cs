using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Sending.Hosts;

/// <summary>
/// Whether one host is worth a connection now: a circuit breaker for all apps of this node (docs/decisions/0031-a-gate-per-host.md). It closes
/// when a connection has led nowhere several times in a row, then lets one letter try from time to time, and the first that is answered opens it.
/// </summary>
internal sealed class HostGate(TimeProvider time)
{
    /// <summary>In a row, over all apps.</summary>
    public const int Most = 5;

    /// <summary>Of the time between two tries: three times longer each time, spread by a quarter either way.</summary>
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromMinutes(2);

    /// <summary>For so long after its time has come only an answer may try.</summary>
    private static readonly TimeSpan AnswersFirst = TimeSpan.FromSeconds(2);

    /// <summary>Those who wait do not come at one moment.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(3);
    private readonly Lock _gate = new();
    private int _inARow, _closings;
    private bool _isTried;
    private HostAbsence? _absence;
    private DateTimeOffset _since;

    /// <summary>Null: it is open.</summary>
    public HostAbsence? Absence
    {
        get
        {
            lock (_gate) return _absence;
        }
    }

    /// <param name="isAnswer">Somebody waits for this letter.</param>
    public HostEntry Enter(bool isAnswer)
    {
        lock (_gate)
        {
            if (_absence is not { NextTry: var next }) return new HostEntry(IsTry: false, null);
            var now = time.GetUtcNow();
            if (now < next) return Later(next);
            if (_isTried) return Later(now + First);
            if (!isAnswer && now < next + AnswersFirst) return Later(next + AnswersFirst);
            _isTried = true;
            return new HostEntry(IsTry: true, null);
        }
    }

    /// <summary>Somebody was there, whatever he said.</summary>
    /// <returns>True: it was closed until now.</returns>
    public bool Answered()
    {
        lock (_gate)
        {
            var wasClosed = _absence is not null;
            (_inARow, _closings, _isTried, _absence) = (0, 0, false, null);
            return wasClosed;
        }
    }

    /// <param name="words">What happened, for people.</param>
    /// <returns>True: it has closed just now.</returns>
    public bool Unanswered(HostEntry entry, string words)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_inARow++ == 0) _since = now;
            if (entry.IsTry) _isTried = false;
            if (_absence is null ? _inARow < Most : !entry.IsTry) return false; // those that were under way when it closed say nothing new
            var isNew = _absence is null;
            _absence = new HostAbsence(_since, now + Backoff.After(_closings++, First, Longest, Random.Shared.NextDouble()), words);
            return isNew;
        }
    }

    /// <summary>The try ended before it had shown anything.</summary>
    public void Left(HostEntry entry)
    {
        lock (_gate)
        {
            if (entry.IsTry) _isTried = false;
        }
    }

    private static HostEntry Later(DateTimeOffset earliest) => new(IsTry: false, earliest + Spread * Random.Shared.NextDouble());
}

/// <summary>What <see cref="HostGate.Enter"/> says.</summary>
/// <param name="IsTry">This letter tries for all.</param>
/// <param name="ComeAgain">Null: go on.</param>
internal readonly record struct HostEntry(bool IsTry, DateTimeOffset? ComeAgain);

/// <param name="Since">When the first of the connections in a row failed, UTC.</param>
/// <param name="NextTry">UTC.</param>
/// <param name="Words">What happened last.</param>
internal sealed record HostAbsence(DateTimeOffset Since, DateTimeOffset NextTry, string Words);
