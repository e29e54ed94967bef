using System.Net;

namespace Passerelle.Gateway.Outbound;

/// <summary>
/// Happy Eyeballs (RFC 8305): the addresses of a host take turns between IPv6 and IPv4, each is given a moment before the next begins beside
/// it, and the first connection that stands is taken. A family that leads nowhere costs that moment and not the whole patience.
/// </summary>
internal static class ConnectionRace
{
    /// <summary>The Connection Attempt Delay that §5 recommends.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    /// <param name="addresses">At least one, in the order of the system's choice (RFC 6724).</param>
    /// <param name="connect">Cancelled where another was faster.</param>
    /// <exception cref="Exception">That of the last attempt: none stood.</exception>
    public static async Task<T> RunAsync<T>(
        IReadOnlyList<IPAddress> addresses, Func<IPAddress, CancellationToken, Task<T>> connect, TimeProvider time, CancellationToken cancel)
        where T : IDisposable
    {
        using var decided = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var next = new Queue<IPAddress>(InTurns(addresses));
        var running = new List<Task<T>>();
        try
        {
            while (true)
            {
                if (next.TryDequeue(out var address)) running.Add(connect(address, decided.Token));
                var moment = next.Count > 0 ? Task.Delay(Moment, time, decided.Token) : Task.Delay(Timeout.InfiniteTimeSpan, decided.Token);
                if (await Task.WhenAny([.. running, moment]) is not Task<T> ended)
                {
                    cancel.ThrowIfCancellationRequested();
                    continue;
                }
                running.Remove(ended);
                if (ended.IsCompletedSuccessfully || next.Count + running.Count == 0) return await ended;
            }
        }
        finally
        {
            await decided.CancelAsync();
            foreach (var late in running) await DropAsync(late);
        }
    }

    /// <summary>§4: the family of the first address first, then the other, and so on.</summary>
    internal static IEnumerable<IPAddress> InTurns(IReadOnlyList<IPAddress> addresses)
    {
        var families = addresses.GroupBy(address => address.AddressFamily).Select(family => family.ToList()).ToList();
        for (var turn = 0; turn < addresses.Count; turn++)
        {
            foreach (var family in families.Where(family => turn < family.Count)) yield return family[turn];
        }
    }

    private static async Task DropAsync<T>(Task<T> late)
        where T : IDisposable
    {
        try
        {
            (await late).Dispose();
        }
        catch (Exception failed) when (failed is System.Net.Sockets.SocketException or OperationCanceledException)
        {
            // the race was over
        }
    }
}
