using System.Buffers.Binary;
using System.Net;

namespace Passerelle.Smtp;

/// <summary>The binary header (§2.2): signature, version and command, family, length; then addresses, then what proxies may add (TLVs), which
/// we read over.</summary>
internal static class ProxyHeaderV2
{
    private const int Fixed = 16;

    /// <summary>Two Unix paths of 108 octets are the longest addresses.</summary>
    private const int LongestAddresses = 216;

    /// <summary>Behind the fixed part, additions included. The length field could say 65,535.</summary>
    private const int Longest = 4096;

    public const int MostUsed = Fixed + LongestAddresses;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <param name="start">At least one octet, and no more than <see cref="MostUsed"/>.</param>
    /// <param name="available">Octets that have come in all.</param>
    /// <returns>Octets that belong to it.</returns>
    public static long Parse(ReadOnlySpan<byte> start, long available, out ProxyHeader? header)
    {
        header = null;
        var seen = Math.Min(start.Length, Signature.Length);
        if (!start[..seen].SequenceEqual(Signature[..seen])) return Refuse(out header);
        if (start.Length < Fixed) return 0;
        var length = BinaryPrimitives.ReadUInt16BigEndian(start[14..]);
        if (length > Longest) return Refuse(out header);
        if (available < Fixed + length) return 0;
        header = Judge(start[12], start[13], start[Fixed..Math.Min(start.Length, Fixed + length)]);
        return Fixed + length;
    }

    private static ProxyHeader Judge(byte versionAndCommand, byte family, ReadOnlySpan<byte> addresses) => (versionAndCommand, family) switch
    {
        (0x20, _) => new ProxyHeader.Own(), // LOCAL: "MUST use the real connection endpoints and MUST discard" the rest
        (0x21, 0x00) => new ProxyHeader.Own(), // UNSPEC
        (0x21, 0x11) when addresses.Length >= 12 => Carried(addresses, 4),
        (0x21, 0x21) when addresses.Length >= 36 => Carried(addresses, 16),
        (0x21, 0x31) when addresses.Length >= LongestAddresses => new ProxyHeader.Own(), // a path of the proxy's machine
        _ => new ProxyHeader.Malformed(), // another version, an unassigned command or family, a datagram, addresses cut short
    };

    private static ProxyHeader.Carried Carried(ReadOnlySpan<byte> addresses, int width) => new(
        new IPEndPoint(new IPAddress(addresses[..width]), BinaryPrimitives.ReadUInt16BigEndian(addresses[(2 * width)..])),
        new IPEndPoint(new IPAddress(addresses[width..(2 * width)]), BinaryPrimitives.ReadUInt16BigEndian(addresses[((2 * width) + 2)..])));

    private static long Refuse(out ProxyHeader? header)
    {
        header = new ProxyHeader.Malformed();
        return 0;
    }
}
