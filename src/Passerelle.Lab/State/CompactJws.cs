using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Passerelle.Lab.State;

/// <summary>A signed token in compact form (RFC 7515 §7.1), read without mercy: three parts, base64url as RFC 4648 §5 writes it
/// with no padding and no stray bits, JSON objects without a name twice, no <c>crit</c>. Nothing is believed before
/// <see cref="IsSignedBy"/>.</summary>
internal sealed class CompactJws
{
    private const int Longest = 16 * 1024;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };
    private readonly byte[] _signed;
    private readonly byte[] _signature;

    private CompactJws(byte[] signed, byte[] signature, JsonElement header, byte[] payload)
    {
        _signed = signed;
        _signature = signature;
        Header = header;
        Payload = payload;
    }

    public JsonElement Header { get; }
    public byte[] Payload { get; }
    public string? Algorithm => Text(Header, "alg");

    /// <returns>Null when the text is not a token.</returns>
    public static CompactJws? Parse(string token)
    {
        if (token.Length > Longest) return null;
        var parts = token.Split('.');
        if (parts.Length != 3 || parts[0].Length == 0 || parts[2].Length == 0) return null;
        if (Decode(parts[0]) is not { } header || Decode(parts[1]) is not { } payload || Decode(parts[2]) is not { } signature) return null;
        return Object(header) is { } head && !head.TryGetProperty("crit", out _)
            ? new CompactJws(Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]), signature, head, payload)
            : null;
    }

    /// <summary>The payload as claims; null when it is not a JSON object.</summary>
    public JsonElement? Claims() => Object(Payload);

    /// <summary>RS256 or PS256 and nothing else; the caller says which of the two fit the key.</summary>
    public bool IsSignedBy(RSA key, params ReadOnlySpan<string> algorithms) =>
        Algorithm is { } algorithm && algorithms.Contains(algorithm) && algorithm switch
        {
            "RS256" => key.VerifyData(_signed, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "PS256" => key.VerifyData(_signed, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            _ => false,
        };

    /// <summary>A string member; null when it is absent or something else.</summary>
    public static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    /// <summary>Decoders forgive white space and bits that mean nothing: what does not encode back to itself is refused.</summary>
    private static byte[]? Decode(string part)
    {
        if (part.AsSpan().ContainsAnyExcept(Alphabet)) return null;
        try
        {
            var bytes = Base64Url.DecodeFromChars(part);
            return Base64Url.EncodeToString(bytes) == part ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static JsonElement? Object(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return document.RootElement.ValueKind is JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static readonly System.Buffers.SearchValues<char> Alphabet =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}
