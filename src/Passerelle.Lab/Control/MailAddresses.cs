using System.Net.Mail;

namespace Passerelle.Lab.Control;

/// <summary>What the admin pages accept as an address.</summary>
internal static class MailAddresses
{
    /// <returns>Whether it is one plain address, without a display name.</returns>
    public static bool IsOne(string text) =>
        text.Length <= 254 && MailAddress.TryCreate(text, out MailAddress? address) && address.Address == text;

    public static bool IsOf(string text, string domain) =>
        IsOne(text) && text.EndsWith("@" + domain, StringComparison.OrdinalIgnoreCase);

    /// <summary>Behind the last @, lower case.</summary>
    public static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant();
}
