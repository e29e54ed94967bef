using System.Text.Json;
using System.Text.Json.Serialization;

namespace Passerelle.Lab.Control;

internal static class ControlJson
{
    /// <summary>camelCase, enums as camelCase names; a field nobody knows is an error, so that a typo is not silence.</summary>
    public static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}
