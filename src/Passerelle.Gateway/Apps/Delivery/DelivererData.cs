using System.Net;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Apps.Delivery;

/// <summary>A provider that forwards mail, and how its servers are known. An entry of the embedded <c>deliverers.json</c>, or of
/// the operator's file.</summary>
internal sealed record DelivererData
{
    public required string Id { get; init; }

    /// <summary>For people, the same in every language.</summary>
    public required string Name { get; init; }

    /// <summary>Its servers are called so, or below that; only names that lead back to the address count.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Addresses and CIDR ranges.</summary>
    public IReadOnlyList<string> Ranges { get; init; } = [];

    /// <summary>A domain whose SPF record lists its servers; null when there is none.</summary>
    public string? Spf { get; init; }

    /// <summary>Where the values come from.</summary>
    public string Source { get; init; } = "";

    /// <summary>Names and ranges, as one rule.</summary>
    public DeliverySources Known => new([.. Names, .. Ranges]);
}

/// <summary>All providers: ours, and the operator's, which replace ours of the same id (<c>Apps:DeliverersFile</c>).</summary>
internal sealed class DelivererList
{
    /// <exception cref="InvalidDataException">The operator's file cannot be used: the start fails with the reason.</exception>
    public DelivererList(IOptions<AppsOptions> options)
    {
        var own = options.Value.DeliverersFile.Length > 0 ? OfFile(options.Value.DeliverersFile) : [];
        All = [.. Embedded().Where(one => own.All(other => other.Id != one.Id)), .. own];
    }

    public IReadOnlyList<DelivererData> All { get; }

    /// <returns>Null when there is none of that id.</returns>
    public DelivererData? Find(string id) => All.FirstOrDefault(one => one.Id == id);

    private static List<DelivererData> Embedded()
    {
        using var json = Assembly.GetExecutingAssembly().GetManifestResourceStream("Passerelle.Gateway.Apps.Delivery.deliverers.json")!; // embedded by the build
        return JsonSerializer.Deserialize<List<DelivererData>>(json, JsonSerializerOptions.Web)!; // a test reads it
    }

    private static List<DelivererData> OfFile(string file)
    {
        try
        {
            var own = JsonSerializer.Deserialize<List<DelivererData>>(File.ReadAllBytes(file), JsonSerializerOptions.Web) ?? [];
            var wrong = own.SelectMany(one => one.Known.Wrong).FirstOrDefault();
            return wrong is null ? own : throw new InvalidDataException($"Apps:DeliverersFile: {wrong} is neither a name nor a range like 192.0.2.0/24");
        }
        catch (Exception unusable) when (unusable is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"Apps:DeliverersFile cannot be read: {unusable.Message}", unusable);
        }
    }
}

/// <summary>Names of servers and ranges of addresses, as an operator or admin writes them.</summary>
internal sealed record DeliverySources(IReadOnlyList<string> Entries)
{
    /// <summary>Split at blanks, commas and lines; lower case.</summary>
    public static DeliverySources Parse(string text) =>
        new([.. text.ToLowerInvariant().Split([' ', ',', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct()]);

    /// <summary>What is neither a range nor a name.</summary>
    public IEnumerable<string> Wrong => Entries.Where(entry => RangeOf(entry) is null && !IsName(entry));

    public bool Holds(IPAddress address) => Entries.Any(entry => RangeOf(entry) is { } range && range.Contains(address));

    /// <param name="name">Forward-confirmed, lower case.</param>
    public bool Holds(string name) => Entries.Any(entry => RangeOf(entry) is null
        && (name == entry || name.EndsWith("." + entry.TrimStart('*').TrimStart('.'), StringComparison.OrdinalIgnoreCase)));

    private static IPNetwork? RangeOf(string entry) =>
        IPNetwork.TryParse(entry, out var range) ? range
        : IPAddress.TryParse(entry, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    /// <summary>At least two labels: a whole top-level domain is nobody's server.</summary>
    private static bool IsName(string entry) =>
        !entry.Contains('/') && entry.TrimStart('*').TrimStart('.') is var bare && bare.Contains('.') && Uri.CheckHostName(bare) is UriHostNameType.Dns;
}
