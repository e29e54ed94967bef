using System.Text.Json;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Gateway.Commands;

/// <summary>
/// DNS answers from a file: <c>{"example.org":{"TXT":["v=spf1 -all"]},"slow.example":"TIMEOUT"}</c>. An absent name does
/// not exist; <c>"NXDOMAIN"</c> says so too; <c>"TIMEOUT"</c> and <c>"SERVFAIL"</c> are trouble.
/// </summary>
internal sealed class ZoneFile : IDnsTxt
{
    private readonly Dictionary<string, JsonElement> _names;

    private ZoneFile(Dictionary<string, JsonElement> names) => _names = names;

    /// <exception cref="InvalidDataException">The file is no such JSON.</exception>
    public static async Task<ZoneFile> ReadAsync(FileInfo file, CancellationToken cancel)
    {
        await using var stream = file.OpenRead();
        try
        {
            var names = await JsonSerializer.DeserializeAsync<Dictionary<string, JsonElement>>(stream, cancellationToken: cancel);
            return new(new(names ?? [], StringComparer.OrdinalIgnoreCase));
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"{file.Name} is no JSON object of DNS names: {wrong.Message}", wrong);
        }
    }

    public Task<IReadOnlyList<string>> TxtAsync(string name, CancellationToken cancel) =>
        !_names.TryGetValue(name.TrimEnd('.'), out var answer) ? Nothing() : answer switch
        {
            { ValueKind: JsonValueKind.String } word when word.GetString() is "NXDOMAIN" => Nothing(),
            { ValueKind: JsonValueKind.String } word => Task.FromException<IReadOnlyList<string>>(new TimeoutException($"DNS: {word.GetString()}")),
            _ when answer.TryGetProperty("TXT", out var texts) => Task.FromResult<IReadOnlyList<string>>(
                [.. texts.EnumerateArray().Select(text => text.GetString() ?? "")]),
            _ => Nothing(),
        };

    private static Task<IReadOnlyList<string>> Nothing() => Task.FromResult<IReadOnlyList<string>>([]);
}
