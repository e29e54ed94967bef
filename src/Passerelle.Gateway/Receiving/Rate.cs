using System.Collections.Concurrent;

namespace Passerelle.Gateway.Receiving;

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
    public bool TryTake(TKey key)
    {
        if (perMinute == 0) return true;
        while (true)
        {
            var now = time.GetTimestamp();
            var isKnown = _spentUntil.TryGetValue(key, out var until);
            var next = (isKnown ? Math.Max(until, now) : now) + (_window / perMinute);
            if (next - now > _window) return false;
            if (isKnown ? _spentUntil.TryUpdate(key, next, until) : TryAdd(key, next, now)) return true;
        }
    }

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
