using System.Text.RegularExpressions;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Doctor;
using Passerelle.Gateway.Events;
using Passerelle.Gateway.Operations;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Polling;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Reading;
using Passerelle.Gateway.Receiving;
using Passerelle.Gateway.Routing;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Hosting;

/// <summary>
/// Settings on the command line, <c>--Section:Key=value</c>. What no options class reads would be silence, so it is refused.
/// </summary>
internal static partial class Settings
{
    /// <summary>Read by the platform, not by us: any key is let through.</summary>
    private const string Platform = "Logging";

    private const string Suffix = "Options";

    /// <summary>
    /// Section to options class: each is named after its section. A list, because to look through the assembly would load what only a
    /// cluster needs.
    /// </summary>
    public static IReadOnlyDictionary<string, Type> Sections { get; } = new[]
    {
        typeof(AccessOptions), typeof(AppsOptions), typeof(ClusterOptions), typeof(DoctorOptions), typeof(EventsOptions), typeof(HttpOptions),
        typeof(OperationsOptions), typeof(OutboundOptions), typeof(PollingOptions), typeof(QueueOptions), typeof(ReadingOptions),
        typeof(ReceivingOptions), typeof(RoutingOptions), typeof(SendingOptions), typeof(StoreOptions), typeof(TokensOptions),
    }.ToDictionary(type => type.Name[..^Suffix.Length], StringComparer.OrdinalIgnoreCase);

    /// <returns>What is wrong with the first bad one; null when all are settings.</returns>
    public static string? Problem(IReadOnlyList<string> words) => words.Select(Problem).FirstOrDefault(problem => problem is not null);

    private static string? Problem(string word)
    {
        if (Form().Match(word) is not { Success: true } setting)
            return $"{word} is neither an option nor a setting. A setting is written --Section:Key=value.";
        var (section, key) = (setting.Groups["section"].Value, setting.Groups["key"].Value);
        if (string.Equals(section, Platform, StringComparison.OrdinalIgnoreCase)) return null;
        if (!Sections.TryGetValue(section, out var options))
            return $"There is no section {section}. Sections: {string.Join(", ", Sections.Keys.Append(Platform).Order(StringComparer.Ordinal))}.";
        var known = options.GetProperties().Where(property => property.SetMethod is not null).Select(property => property.Name).ToList();
        return known.Contains(key, StringComparer.OrdinalIgnoreCase)
            ? null
            : $"The section {section} has no setting {key}. It has: {string.Join(", ", known)}.";
    }

    [GeneratedRegex("^--(?<section>[A-Za-z]+):(?<key>[A-Za-z]+)(:[A-Za-z0-9.]+)*=")]
    private static partial Regex Form();
}
