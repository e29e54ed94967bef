using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>The <c>{name}.onmicrosoft.com</c> that every organisation has from its first day.</summary>
internal static class InitialDomain
{
    private const string Suffix = ".onmicrosoft.com";
    private const int LongestName = 27;

    /// <summary>Of a directory that has no other yet: the letters and digits of its name, as many as Microsoft takes.</summary>
    public static string For(string displayName)
    {
        string name = new([.. displayName.Where(char.IsAsciiLetterOrDigit).Take(LongestName)]);
        return (name.Length == 0 ? "directory" : name.ToLowerInvariant()) + Suffix;
    }

    /// <summary>The verified one, else the one that belongs to the default domain.</summary>
    public static string Of(LabDirectory directory) =>
        directory.Domains.FirstOrDefault(domain => domain.EndsWith(Suffix, StringComparison.Ordinal))
        ?? directory.Domains.FirstOrDefault("lab").Split('.')[0] + Suffix;

    /// <summary>Of its DKIM signatures (facts/microsoft365.md §6.3).</summary>
    public static string SelectorOf(string initialDomain) => $"selector2-{initialDomain.Replace('.', '-')}";

    /// <summary>The organisation whose initial domain this is.</summary>
    public static LabDirectory? Owner(Labs labs, string domain) => !domain.EndsWith(Suffix, StringComparison.Ordinal)
        ? null
        : labs.All.SelectMany(lab => lab.State.Directories).FirstOrDefault(directory => Of(directory) == domain);
}
