using System.Collections.Concurrent;

namespace Passerelle.Gateway.Limits;

/// <summary>
/// So many a minute for each key, all of them at once if they come at once: the generic cell rate algorithm (ITU-T I.371), which
/// remembers one instant a key. Not System.Threading.RateLimiting: a limiter there has the system's clock and a timer of its own.
/// </summary>
/// <param name="perMinute">0: no bound.</param>
internal sealed class Rate<TKey>(int perMinute, TimeProvider time)
    where TKey : notnull
{
    private const int MostKeys = 100_000;
    private readonly ConcurrentDictionary<TKey, long> _spentUntil = new();
    private readonly long _window = time.TimestampFrequency * 60;
    private int _keys;

    /// <returns>False: it was too many, and nothing was taken.</returns>
    public bool TryTake(TKey key) => Take(key) is null;

    /// <returns>Null: it was taken. Otherwise how long until the next one may be.</returns>
    public TimeSpan? Take(TKey key)
    {
        if (perMinute == 0) return null;
        while (true)
        {
            var now = time.GetTimestamp();
            var isKnown = _spentUntil.TryGetValue(key, out var until);
            var next = Next(isKnown ? until : now, now);
            if (Wait(next, now) is { } wait) return wait;
            if (isKnown ? _spentUntil.TryUpdate(key, next, until) : TryAdd(key, next, now)) return null;
        }
    }

    /// <summary>Takes nothing.</summary>
    /// <returns>How long until the next one may be; null: it may be now.</returns>
    public TimeSpan? WaitFor(TKey key)
    {
        if (perMinute == 0 || !_spentUntil.TryGetValue(key, out var until)) return null;
        var now = time.GetTimestamp();
        return Wait(Next(until, now), now);
    }

    /// <returns>Until when the key has spent once it has taken one more.</returns>
    private long Next(long until, long now) => Math.Max(until, now) + (_window / perMinute);

    private TimeSpan? Wait(long next, long now) => next - now > _window ? time.GetElapsedTime(_window, next - now) : null;

    private bool TryAdd(TKey key, long next, long now)
    {
        if (!_spentUntil.TryAdd(key, next)) return false;
        if (Interlocked.Increment(ref _keys) > MostKeys) Forget(now);
        return true;
    }

    /// <summary>Whoever has spent nothing any more; all, when an attack has as many addresses as that: memory is bounded first.</summary>
    private void Forget(long now)
    {
        foreach (var (key, until) in _spentUntil)
        {
            if (until <= now) _spentUntil.TryRemove(key, out _);
        }
        if (_spentUntil.Count > MostKeys / 2) _spentUntil.Clear();
        Volatile.Write(ref _keys, _spentUntil.Count);
    }
}
