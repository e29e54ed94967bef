using System.Text.RegularExpressions;

namespace Passerelle.Gateway.Hosting;

/// <summary>Settings on the command line: <c>--Section:Key=value</c>, where the section is one that somebody reads.</summary>
internal static partial class Settings
{
    /// <summary>Every section, one options class each, in the order of GatewayApplication; then the platform's.</summary>
    public static IReadOnlyList<string> Sections { get; } =
    [
        "Http", "Store", "Outbound", "Apps", "Access", "Queue", "Tokens", "Receiving", "Reading", "Routing", "Sending", "Doctor",
        "Operations", "Logging",
    ];

    /// <returns>What is wrong with the first bad one; null when all are settings.</returns>
    public static string? Problem(IReadOnlyList<string> words)
    {
        foreach (var word in words)
        {
            if (Form().Match(word) is not { Success: true } setting)
                return $"{word} is neither an option nor a setting. A setting is written --Section:Key=value.";
            if (!Sections.Contains(setting.Groups["section"].Value, StringComparer.OrdinalIgnoreCase))
                return $"There is no section {setting.Groups["section"].Value}. Sections: {string.Join(", ", Sections)}.";
        }
        return null;
    }

    [GeneratedRegex("^--(?<section>[A-Za-z]+)(:[A-Za-z0-9.]+)+=")]
    private static partial Regex Form();
}
