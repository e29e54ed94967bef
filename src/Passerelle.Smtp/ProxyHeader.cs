using System.Buffers;
using System.IO.Pipelines;
using System.Net;

namespace Passerelle.Smtp;

/// <summary>
/// What a proxy in front of us says of a connection before its first byte (the PROXY protocol of HAProxy, versions 1 and 2). Whoever
/// says it is believed, so ask for it only on connections of proxies that the operator has named, and refuse those without it.
/// </summary>
public abstract record ProxyHeader
{
    private ProxyHeader()
    {
    }

    /// <summary>The proxy carries the connection of somebody else.</summary>
    public sealed record Carried(IPEndPoint Source, IPEndPoint Destination) : ProxyHeader;

    /// <summary>The connection's own ends count: a health check (LOCAL), a client that the proxy does not name (UNKNOWN, UNSPEC), or one on the
    /// proxy's own machine (UNIX).</summary>
    public sealed record Own : ProxyHeader;

    /// <summary>No header, or not one that can be trusted: hang up without a word, as the specification asks.</summary>
    public sealed record Malformed : ProxyHeader;

    /// <summary>Reads the header and leaves what follows it in the pipe. Never reads further than its bound.</summary>
    /// <exception cref="OperationCanceledException">It did not come in time.</exception>
    public static async ValueTask<ProxyHeader> ReadAsync(PipeReader input, CancellationToken cancel)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancel);
            var consumed = Parse(read.Buffer, out var header);
            if (header is not null)
            {
                input.AdvanceTo(read.Buffer.GetPosition(consumed));
                return header;
            }
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted) return new Malformed();
        }
    }

    /// <param name="header">Null while more is needed.</param>
    /// <returns>Octets that belong to it.</returns>
    internal static long Parse(ReadOnlySequence<byte> bytes, out ProxyHeader? header)
    {
        Span<byte> start = stackalloc byte[ProxyHeaderV2.MostUsed];
        var length = (int)Math.Min(bytes.Length, start.Length);
        bytes.Slice(0, length).CopyTo(start);
        start = start[..length];
        header = null;
        if (length == 0) return 0;
        if (start[0] == 'P') return ProxyHeaderV1.Parse(start, out header);
        return ProxyHeaderV2.Parse(start, bytes.Length, out header);
    }
}
