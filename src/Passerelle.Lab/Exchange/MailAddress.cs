namespace Passerelle.Lab.Exchange;

/// <summary>The two halves of a mail address. The domain is compared without case; so is the local part, as Exchange does.</summary>
internal readonly record struct MailAddress(string Local, string Domain)
{
    /// <exception cref="FormatException">Without an @, or with an empty half.</exception>
    public static MailAddress Parse(string address) =>
        TryParse(address, out var parsed) ? parsed : throw new FormatException("Not a mail address");

    public static bool TryParse(string? address, out MailAddress parsed)
    {
        var at = address?.LastIndexOf('@') ?? -1;
        var right = at > 0 && at < address!.Length - 1;
        parsed = right ? new MailAddress(address![..at], address[(at + 1)..].ToLowerInvariant()) : default;
        return right;
    }

    /// <summary>Lower case, for keys and comparisons.</summary>
    public static string Key(string address) => address.Trim().ToLowerInvariant();

    public static string DomainOf(string address) => TryParse(address, out var parsed) ? parsed.Domain : "";

    public override string ToString() => $"{Local}@{Domain}";
}
