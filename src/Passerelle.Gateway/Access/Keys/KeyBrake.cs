using Microsoft.Extensions.Options;
using Passerelle.Gateway.Limits;

namespace Passerelle.Gateway.Access.Keys;

/// <summary>
/// How many orders a key may give, and how often a client may show what is no key. Kept in memory, for a restart forgives a
/// minute at most.
/// </summary>
internal sealed class KeyBrake(IOptions<AccessOptions> options, TimeProvider time)
{
    private readonly Rate<Guid> _orders = new(options.Value.OrdersPerKeyMinute, time);
    private readonly Rate<Client> _wrong = new(options.Value.WrongKeysPerMinute, time);

    /// <returns>How long to wait; null: it may, and one order is taken off.</returns>
    public TimeSpan? TakeFor(Guid key) => _orders.Take(key);

    /// <returns>How long whoever shows no key that counts has to wait before another is looked at; null: not at all.</returns>
    public TimeSpan? WaitFor(Client client) => _wrong.WaitFor(client);

    public void CountWrong(Client client) => _wrong.TryTake(client);
}
