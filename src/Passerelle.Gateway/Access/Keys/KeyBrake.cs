using Microsoft.Extensions.Options;
using Passerelle.Gateway.Limits;

namespace Passerelle.Gateway.Access.Keys;

/// <summary>
/// How many orders a key may give, and how often an address may show what is no key. Kept in memory, for a restart forgives a
/// minute at most.
/// </summary>
internal sealed class KeyBrake(IOptions<AccessOptions> options, TimeProvider time)
{
    private readonly Rate<Guid> _orders = new(options.Value.OrdersPerKeyMinute, time);
    private readonly Rate<string> _wrong = new(options.Value.WrongKeysPerMinute, time);

    /// <returns>How long to wait; null: it may, and one order is taken off.</returns>
    public TimeSpan? TakeFor(Guid key) => _orders.Take(key);

    /// <returns>How long whoever shows no key that counts has to wait before another is looked at; null: not at all.</returns>
    public TimeSpan? WaitFor(string address) => _wrong.WaitFor(address);

    public void CountWrong(string address) => _wrong.TryTake(address);
}
