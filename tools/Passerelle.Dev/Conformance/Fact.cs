using System.Text.Json;

namespace Passerelle.Dev.Conformance;

/// <summary>One row of the facts' index: the denominator, which is not ours to change.</summary>
internal sealed record Fact(string Id, string Section, string Text, bool Required)
{
    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="JsonException">It is not an index.</exception>
    public static IReadOnlyList<Fact> ReadAll(string path)
    {
        using var index = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. index.RootElement.EnumerateArray().Select(row => new Fact(
            row.GetProperty("id").GetString() ?? "",
            row.GetProperty("section").GetString() ?? "",
            row.GetProperty("fact").GetString() ?? "",
            row.GetProperty("required").GetBoolean()))];
    }
}
