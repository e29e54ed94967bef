using System.Globalization;

namespace Passerelle.Mail.Verdicts;

/// <summary>Domain names as the DNS compares them.</summary>
internal static class DomainNames
{
    private const int LongestName = 253;
    private const int LongestLabel = 63;
    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    /// <summary>Lower case, ASCII (A-labels), no dots at either end; as it was where it cannot be written so.</summary>
    public static string Fold(string domain)
    {
        string bare = domain.Trim().Trim('.').ToLowerInvariant();
        if (System.Text.Ascii.IsValid(bare)) return bare;
        try
        {
            return Idn.GetAscii(bare).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return bare;
        }
    }

    /// <summary>Whether the DNS can hold it (RFC 1035 §2.3.4): no empty label, none over 63 octets, 253 in all.</summary>
    public static bool CanExist(string domain) =>
        domain.Length is > 0 and <= LongestName && domain.Split('.').All(label => label.Length is > 0 and <= LongestLabel);

    public static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    public static bool IsSameOrBelow(string domain, string parent) =>
        Same(domain, parent) || domain.EndsWith("." + parent, StringComparison.OrdinalIgnoreCase);
}
