namespace Passerelle.Mail;

/// <summary>Small questions about the text of an address.</summary>
internal static class AddressText
{
    public static string Domain(string address)
    {
        string domain = address[(address.LastIndexOf('@') + 1)..].TrimEnd('.');
        if (domain.Length == address.Length) return "";
        return DomainNames.ToAscii(domain) ?? domain.ToLowerInvariant(); // not a host name at all: compared as it stands
    }

    public static string LocalPart(string address) =>
        address.LastIndexOf('@') is var at and >= 0 ? address[..at] : address;

    public static bool Same(string a, string b) => string.Equals(a.Trim(), b.Trim(), StringComparison.OrdinalIgnoreCase);

    public static bool In(this string address, IEnumerable<string> addresses) => addresses.Any(other => Same(address, other));

    /// <summary>One line without control characters, so that it can go into a header, a page or a log.</summary>
    public static string OneLine(string text, int max = int.MaxValue)
    {
        string line = string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)).Trim();
        return line.Length <= max ? line : line[..(char.IsHighSurrogate(line[max - 1]) ? max - 1 : max)];
    }
}
