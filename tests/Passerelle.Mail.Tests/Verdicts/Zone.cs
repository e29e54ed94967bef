using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Mail.Tests.Verdicts;

/// <summary>DNS records in memory; can be told to be ill.</summary>
internal sealed class Zone : IDns
{
    private readonly Dictionary<string, List<(string Type, string Value)>> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _silent = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>One TXT record a name.</summary>
    public ConcurrentDictionary<string, string> Records { get; } = new(StringComparer.OrdinalIgnoreCase);

    public bool Silent { get; set; }

    public int Asked { get; private set; }

    public Zone With(string name, string type, string value)
    {
        if (!_names.TryGetValue(name, out var records)) _names[name] = records = [];
        records.Add((type, value));
        return this;
    }

    /// <summary>Nobody answers for the name where it has no record of the type that is asked.</summary>
    public Zone Ill(string name)
    {
        _silent.Add(name);
        return this;
    }

    /// <summary>As the SPF suite writes it: SPF stands for TXT where no TXT is beside it.</summary>
    public static Zone OfSpfSuite(JsonElement zone)
    {
        var made = new Zone();
        foreach (JsonProperty name in zone.EnumerateObject())
        {
            List<(string Type, string Value)> records = [];
            foreach (JsonElement entry in name.Value.ValueKind is JsonValueKind.Array ? [.. name.Value.EnumerateArray()] : new[] { name.Value })
            {
                if (entry.ValueKind is JsonValueKind.String) made.Ill(name.Name);
                else records.AddRange(entry.EnumerateObject().Select(record => (record.Name, TextOf(record.Value))));
            }
            bool hasText = records.Exists(record => record.Type is "TXT");
            made._names[name.Name] = [.. records.Where(record => record is not { Type: "TXT", Value: "NONE" })
                .Select(record => record.Type is "SPF" && !hasText ? ("TXT", record.Value) : record)];
        }
        return made;
    }

    public Task<IReadOnlyList<string>> TxtAsync(string name, CancellationToken cancel) =>
        Records.TryGetValue(name, out string? text) && !Silent ? Task.FromResult<IReadOnlyList<string>>([text]) : Find(name, "TXT");

    public async Task<IReadOnlyList<IPAddress>> AddressesAsync(string name, AddressFamily family, CancellationToken cancel) =>
        [.. (await Find(name, family is AddressFamily.InterNetwork ? "A" : "AAAA")).Select(IPAddress.Parse)];

    public async Task<IReadOnlyList<string>> MailExchangersAsync(string name, CancellationToken cancel) =>
        [.. (await Find(name, "MX")).Select(record => record.Split(' ', 2)).OrderBy(record => int.Parse(record[0], null)).Select(record => record[1])];

    public Task<IReadOnlyList<string>> NamesAsync(IPAddress address, CancellationToken cancel) => Find(ReverseOf(address), "PTR");

    private static string ReverseOf(IPAddress address) => address.AddressFamily is AddressFamily.InterNetwork
        ? string.Join('.', address.GetAddressBytes().Reverse()) + ".in-addr.arpa"
        : string.Join('.', Convert.ToHexStringLower(address.GetAddressBytes()).Reverse()) + ".ip6.arpa";

    private async Task<IReadOnlyList<string>> Find(string name, string type)
    {
        Asked++;
        if (Silent) throw new TimeoutException();
        List<(string Type, string Value)> records = _names.GetValueOrDefault(name, []);
        string[] found = [.. records.Where(record => record.Type == type).Select(record => record.Value)];
        if (found.Length == 0 && _silent.Contains(name)) throw new TimeoutException();
        return found.Length == 0 && records.Find(record => record.Type is "CNAME").Value is { } other ? await Find(other, type) : found;
    }

    private static string TextOf(JsonElement value) => value.ValueKind is JsonValueKind.Array
        ? value.GetArrayLength() == 2 && value[0].ValueKind is JsonValueKind.Number
            ? $"{value[0].GetInt32()} {value[1].GetString()}"
            : string.Concat(value.EnumerateArray().Select(part => part.GetString()))
        : value.GetString()!; // the corpus has strings here
}
