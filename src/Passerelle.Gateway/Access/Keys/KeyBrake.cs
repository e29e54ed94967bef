using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Access.Keys;

/// <summary>
/// How many orders a key may give, and how often an address may show what is no key. A bucket each, filled evenly over the
/// minute; kept in memory, for a restart forgives a minute at most.
/// </summary>
internal sealed class KeyBrake(IOptions<AccessOptions> options, TimeProvider time)
{
    private const int MostBuckets = 20_000;
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <returns>How long to wait; null: it may, and one order is taken off.</returns>
    public TimeSpan? TakeFor(Guid key) => Take($"key:{key}", options.Value.OrdersPerKeyMinute, take: true);

    /// <returns>How long whoever shows no key that counts has to wait before another is looked at; null: not at all.</returns>
    public TimeSpan? WaitFor(string address) => Take(AddressKey(address), options.Value.WrongKeysPerMinute, take: false);

    public void CountWrong(string address) => Take(AddressKey(address), options.Value.WrongKeysPerMinute, take: true);

    private TimeSpan? Take(string name, int perMinute, bool take)
    {
        var now = time.GetUtcNow();
        if (_buckets.Count > MostBuckets) Forget(now);
        return _buckets.GetOrAdd(name, _ => new Bucket(perMinute, now)).Take(perMinute, now, take);
    }

    /// <summary>What has not been touched for a minute is full again and need not be remembered.</summary>
    private void Forget(DateTimeOffset now)
    {
        foreach (var (name, bucket) in _buckets)
        {
            if (bucket.IsFull(now)) _buckets.TryRemove(name, out _);
        }
    }

    private static string AddressKey(string address) => $"address:{address}";

    private sealed class Bucket(int left, DateTimeOffset at)
    {
        private readonly Lock _gate = new();
        private double _left = left;
        private DateTimeOffset _at = at;

        public TimeSpan? Take(int perMinute, DateTimeOffset now, bool take)
        {
            lock (_gate)
            {
                if (now > _at) (_left, _at) = (Math.Min(perMinute, _left + (now - _at).TotalMinutes * perMinute), now);
                if (_left < 1) return TimeSpan.FromMinutes((1 - _left) / perMinute);
                if (take) _left--;
                return null;
            }
        }

        public bool IsFull(DateTimeOffset now)
        {
            lock (_gate) return now - _at >= TimeSpan.FromMinutes(1);
        }
    }
}
