using System.Globalization;

namespace Passerelle.Mail;

/// <summary>Internationalised domain names by UTS #46, non-transitional, as browsers and mail servers look them up.</summary>
internal static class DomainNames
{
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <returns>Lower case A-labels; null when the name is none.</returns>
    public static string? ToAscii(string name)
    {
        try
        {
            string ascii = Idn.GetAscii(name).ToLowerInvariant();
            return Labels.AreValid(ascii, Idn) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
