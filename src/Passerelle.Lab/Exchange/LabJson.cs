using System.Text.Json;
using System.Text.Json.Serialization;

namespace Passerelle.Lab.Exchange;

/// <summary>How the Exchange half writes its files: camelCase, enums by name.</summary>
internal static class LabJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };
}
