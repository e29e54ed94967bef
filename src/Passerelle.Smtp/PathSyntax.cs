using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Passerelle.Smtp;

/// <summary>The characters and domains of RFC 5321 §4.1.2, widened by RFC 6531 §3.3 to all beyond ASCII.</summary>
internal static class PathSyntax
{
    private const string LettersAndDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static readonly SearchValues<char> Atom = SearchValues.Create(LettersAndDigits + "!#$%&'*+-/=?^_`{|}~");

    private static readonly SearchValues<char> DigitsAndDots = SearchValues.Create("0123456789.");

    public static bool IsAtomText(char c) => c > 127 ? c >= 0xA0 : Atom.Contains(c);

    /// <summary>qtextSMTP and quoted-pairSMTP: what may stand in quotes, with or without a backslash.</summary>
    public static bool IsQuotable(char c) => c is >= ' ' and not '\x7f' && c is <= '~' or >= '\xA0';

    /// <summary>An underscore is no letter of a host name, but senders have them.</summary>
    public static bool IsDomainText(char c) => c is '-' or '_' || char.IsAsciiLetterOrDigit(c) || c >= 0xA0;

    /// <summary>Let-dig [Ldh-str], at most 63 octets (RFC 1035 §2.3.4), and 255 in all.</summary>
    public static bool IsStrictDomain(ReadOnlySpan<char> domain)
    {
        if (domain.Length is 0 or > 255) return false;
        foreach (var range in domain.Split('.'))
        {
            var label = domain[range];
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-' || label.Contains('_')) return false;
        }
        return true;
    }

    /// <summary>address-literal (§4.1.3), its brackets included.</summary>
    public static bool IsStrictLiteral(ReadOnlySpan<char> literal)
    {
        var inner = literal[1..^1];
        if (inner.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase))
        {
            return IsStrictV6(inner[5..]);
        }
        return inner.Count('.') == 3 && !inner.ContainsAnyExcept(DigitsAndDots) && IPAddress.TryParse(inner, out _);
    }

    /// <summary>"The :: represents at least 2 16-bit groups of zeros": no more than six others beside it.</summary>
    private static bool IsStrictV6(ReadOnlySpan<char> address)
    {
        if (address.ContainsAny('%', '[') || !IPAddress.TryParse(address, out var v6)) return false;
        var groups = address.Contains('.') ? 1 : 0; // a dotted tail fills two
        foreach (var range in address.Split(':')) groups += address[range].IsEmpty ? 0 : 1;
        return v6.AddressFamily == AddressFamily.InterNetworkV6 && (!address.Contains("::", default) || groups <= 6);
    }
}
