using System.Collections.Frozen;
using System.Text.Json;

namespace Passerelle.Lab.Identity.Catalogue;

/// <summary>Every AADSTS code of facts §2, read once from <c>codes.json</c> beside this file: one place for number, OAuth
/// <c>error</c>, status and words, whether lab state causes the code or the fault book plays it.</summary>
internal static class StsCatalogue
{
    private static readonly FrozenDictionary<int, StsCode> Codes = Read().ToFrozenDictionary(c => c.Code);

    /// <summary>In no order that means anything.</summary>
    public static IReadOnlyCollection<StsCode> All => Codes.Values;

    /// <returns>Null when the facts do not list the number.</returns>
    public static StsCode? Find(int code) => Codes.GetValueOrDefault(code);

    /// <summary>The error of a code that the program itself names.</summary>
    /// <param name="values">For the placeholders, in the order in which each name stands first in the text.</param>
    public static StsError Say(int code, params ReadOnlySpan<string> values) => Codes[code].Say(values);

    private static StsCode[] Read()
    {
        using Stream json = typeof(StsCatalogue).Assembly.GetManifestResourceStream("sts-codes.json")
            ?? throw new InvalidOperationException("The catalogue is not in the assembly.");
        return JsonSerializer.Deserialize<StsCode[]>(json, JsonSerializerOptions.Web) ?? [];
    }
}
