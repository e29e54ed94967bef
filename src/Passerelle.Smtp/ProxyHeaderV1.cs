using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Passerelle.Smtp;

/// <summary>The human-readable header (§2.1): <c>PROXY TCP4 192.0.2.7 198.51.100.1 40000 25</c> and CR LF.</summary>
internal static class ProxyHeaderV1
{
    /// <summary>"107 bytes including the CRLF" for the longest.</summary>
    private const int Longest = 107;

    private static ReadOnlySpan<byte> Signature => "PROXY "u8;

    /// <param name="start">At least one octet.</param>
    /// <returns>Octets that belong to it.</returns>
    public static long Parse(ReadOnlySpan<byte> start, out ProxyHeader? header)
    {
        header = null;
        var seen = Math.Min(start.Length, Signature.Length);
        if (!start[..seen].SequenceEqual(Signature[..seen])) return Refuse(out header);
        var bounded = start[..Math.Min(start.Length, Longest)];
        var end = bounded.IndexOf("\r\n"u8);
        if (end < 0) return bounded.Length == Longest ? Refuse(out header) : 0;
        header = Line(Encoding.Latin1.GetString(bounded[Signature.Length..end]));
        return end + 2;
    }

    /// <summary>"TCP4" or "TCP6", two addresses, two ports, one space between each; behind "UNKNOWN" anything may stand.</summary>
    private static ProxyHeader Line(string text)
    {
        if (text == "UNKNOWN" || text.StartsWith("UNKNOWN ", StringComparison.Ordinal)) return new ProxyHeader.Own();
        return text.Split(' ') is [("TCP4" or "TCP6") and var family, var from, var to, var fromPort, var toPort]
            && End(family, from, fromPort) is { } source && End(family, to, toPort) is { } destination
            ? new ProxyHeader.Carried(source, destination)
            : new ProxyHeader.Malformed();
    }

    private static IPEndPoint? End(string family, string address, string port)
    {
        var parsed = family == "TCP4" ? V4(address) : V6(address);
        return parsed is not null && Number(port, ushort.MaxValue) is { } number ? new IPEndPoint(parsed, number) : null;
    }

    /// <summary>Four numbers and nothing of what else inet_aton takes.</summary>
    private static IPAddress? V4(string text)
    {
        var parts = text.Split('.');
        if (parts.Length != 4) return null;
        Span<byte> octets = stackalloc byte[4];
        for (var i = 0; i < 4; i++)
        {
            if (Number(parts[i], byte.MaxValue) is not { } octet) return null;
            octets[i] = (byte)octet;
        }
        return new IPAddress(octets);
    }

    private static IPAddress? V6(string text)
    {
        foreach (var c in text)
        {
            if (c is not (':' or '.') && !char.IsAsciiHexDigit(c)) return null; // no zone, no brackets
        }
        return IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? address : null;
    }

    /// <summary>Decimal, without sign or leading zero.</summary>
    private static int? Number(string text, int most) =>
        text.Length is > 0 and <= 5 && (text[0] != '0' || text.Length == 1)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number : null;

    private static long Refuse(out ProxyHeader? header)
    {
        header = new ProxyHeader.Malformed();
        return 0;
    }
}
