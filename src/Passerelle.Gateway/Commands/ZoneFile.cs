using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Gateway.Commands;

/// <summary>
/// DNS answers from a file: <c>{"example.org":{"TXT":["v=spf1 -all"],"MX":[[10,"mx.example.org"]],"A":["192.0.2.1"]},"slow.example":"TIMEOUT"}</c>.
/// PTR stands under the address or under its name in arpa. An absent name does not exist; <c>"NXDOMAIN"</c> says so too;
/// <c>"TIMEOUT"</c> and <c>"SERVFAIL"</c> are trouble.
/// </summary>
internal sealed class ZoneFile : IDns
{
    private const int MostAliases = 8;

    private readonly Dictionary<string, JsonElement> _names;

    private ZoneFile(Dictionary<string, JsonElement> names) => _names = names;

    /// <exception cref="InvalidDataException">The file is no such JSON.</exception>
    public static async Task<ZoneFile> ReadAsync(FileInfo file, CancellationToken cancel)
    {
        await using var stream = file.OpenRead();
        try
        {
            var names = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, records) in await JsonSerializer.DeserializeAsync<Dictionary<string, JsonElement>>(stream, cancellationToken: cancel) ?? [])
                names[name.TrimEnd('.')] = records;
            return new(names);
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"{file.Name} is no JSON object of DNS names: {wrong.Message}", wrong);
        }
    }

    public Task<IReadOnlyList<string>> TxtAsync(string name, CancellationToken cancel) =>
        Answer<string>(() => [.. Find(name, "TXT").Select(Joined)]);

    public Task<IReadOnlyList<IPAddress>> AddressesAsync(string name, AddressFamily family, CancellationToken cancel) =>
        Answer<IPAddress>(() => [.. Find(name, family is AddressFamily.InterNetwork ? "A" : "AAAA").Select(Joined).Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>()]);

    public Task<IReadOnlyList<string>> MailExchangersAsync(string name, CancellationToken cancel) =>
        Answer<string>(() => [.. Find(name, "MX").Where(record => record.ValueKind is JsonValueKind.Array && record.GetArrayLength() == 2)
            .OrderBy(record => record[0].TryGetInt32(out var preference) ? preference : int.MaxValue).Select(record => Joined(record[1]).TrimEnd('.'))]);

    public Task<IReadOnlyList<string>> NamesAsync(IPAddress address, CancellationToken cancel)
    {
        var name = _names.ContainsKey(address.ToString()) ? address.ToString() : address.GetArpaName().TrimEnd('.');
        return Answer<string>(() => [.. Find(name, "PTR").Select(record => Joined(record).TrimEnd('.'))]);
    }

    private static Task<IReadOnlyList<T>> Answer<T>(Func<IReadOnlyList<T>> find)
    {
        try
        {
            return Task.FromResult(find());
        }
        catch (TimeoutException silence)
        {
            return Task.FromException<IReadOnlyList<T>>(silence);
        }
    }

    /// <exception cref="TimeoutException">The file says that nobody answers.</exception>
    private IReadOnlyList<JsonElement> Find(string name, string type)
    {
        for (var asked = 0; asked < MostAliases; asked++)
        {
            if (!_names.TryGetValue(name.TrimEnd('.'), out var records)) return [];
            if (records.ValueKind is JsonValueKind.String)
                return records.GetString() is "NXDOMAIN" ? [] : throw new TimeoutException($"DNS: {records.GetString()}");
            if (records.ValueKind is not JsonValueKind.Object) return [];
            if (records.TryGetProperty(type, out var found)) return Listed(found);
            if (!records.TryGetProperty("CNAME", out var other) || Listed(other) is not [var alias, ..]) return [];
            name = Joined(alias);
        }
        return [];
    }

    /// <summary>One record may stand without the brackets of the list; a single MX is a pair that begins with its number.</summary>
    private static IReadOnlyList<JsonElement> Listed(JsonElement records) => records.ValueKind switch
    {
        JsonValueKind.Array when records.GetArrayLength() > 0 && records[0].ValueKind is JsonValueKind.Number => [records],
        JsonValueKind.Array => [.. records.EnumerateArray()],
        JsonValueKind.String when records.GetString() is "TIMEOUT" or "SERVFAIL" => throw new TimeoutException($"DNS: {records.GetString()}"),
        JsonValueKind.String => [records],
        _ => [],
    };

    /// <summary>A text may be given in its chunks.</summary>
    private static string Joined(JsonElement text) => text.ValueKind switch
    {
        JsonValueKind.String => text.GetString() ?? "",
        JsonValueKind.Array => string.Concat(text.EnumerateArray().Select(Joined)),
        _ => "",
    };
}
