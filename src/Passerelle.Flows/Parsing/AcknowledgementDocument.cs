using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Passerelle.Flows.Parsing;

/// <summary>The document behind the acknowledgement form.</summary>
internal static class AcknowledgementDocument
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json(string name, string text) => new JsonObject
    {
        ["version"] = 1,
        ["name"] = name,
        ["steps"] = new JsonArray(new JsonObject
        {
            ["id"] = "acknowledge",
            ["kind"] = "reply",
            ["acknowledgement"] = true,
            ["text"] = text,
        }),
    }.ToJsonString(Readable);
}
