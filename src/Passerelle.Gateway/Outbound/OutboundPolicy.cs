using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Outbound;

/// <summary>Asks DNS once. Never asked for a literal address, however it is spelled.</summary>
internal delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancel);

/// <summary>
/// The one judge of every host that a person can name. It resolves once and connects to what it judged, so a name that
/// changes its answer between the two (DNS rebinding) gains nothing.
/// </summary>
internal sealed class OutboundPolicy(IOptions<OutboundOptions> options, ResolveHost resolve, TimeProvider time)
{
    private readonly HashSet<string> _allowed = new(options.Value.Allow.Select(entry => entry.Trim()), StringComparer.OrdinalIgnoreCase);

    /// <exception cref="SocketException">The name cannot be resolved.</exception>
    public Task<OutboundJudgement> JudgeAsync(string host, int port, CancellationToken cancel) => JudgeAsync(host, port, resolve, cancel);

    /// <summary>A connected socket without Nagle's delay (it costs 40 ms per mail on a reused connection).</summary>
    /// <exception cref="OutboundRefused">The policy closes it.</exception>
    /// <exception cref="SocketException">Nobody answered there.</exception>
    /// <exception cref="TimeoutException">Nobody answered in time.</exception>
    public Task<Socket> ConnectAsync(string host, int port, CancellationToken cancel) => ConnectAsync(host, port, resolve, cancel);

    /// <inheritdoc cref="ConnectAsync(string, int, CancellationToken)"/>
    /// <param name="ask">Another DNS than the system's; what it answers is judged the same.</param>
    public async Task<Socket> ConnectAsync(string host, int port, ResolveHost ask, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.ConnectSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            return await JudgeAsync(host, port, ask, either.Token) switch
            {
                OutboundJudgement.Open open => await ConnectionRace.RunAsync(open.Addresses, (address, stop) => ConnectAsync(address, port, stop), time, either.Token),
                OutboundJudgement.Closed closed => throw new OutboundRefused(closed.Sentence),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"No connection to {host}:{port} within {options.Value.ConnectSeconds} s");
        }
    }

    private async Task<OutboundJudgement> JudgeAsync(string host, int port, ResolveHost ask, CancellationToken cancel)
    {
        var bare = host.Trim('[', ']');
        var addresses = IPAddress.TryParse(bare, out var literal) ? [literal] : await ask(bare, cancel);
        if (addresses.Length == 0) throw new SocketException((int)SocketError.NoData);
        if (_allowed.Contains($"{bare}:{port}")) return new OutboundJudgement.Open(addresses);

        // One private answer closes the name: a public one beside it may be the bait.
        return Array.Find(addresses, address => !PublicAddresses.Contains(address)) is { } inside
            ? new OutboundJudgement.Closed(
                $"{host} leads to {inside}, which is not on the public Internet. If that is meant, list {bare}:{port} under Outbound:Allow")
            : new OutboundJudgement.Open(addresses);
    }

    private static async Task<Socket> ConnectAsync(IPAddress address, int port, CancellationToken cancel)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
