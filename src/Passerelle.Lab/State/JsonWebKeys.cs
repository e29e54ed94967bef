using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace Passerelle.Lab.State;

/// <summary>Checks a signature with a key that is given as JSON (RFC 7517); <c>alg</c>, <c>use</c> and <c>key_ops</c> of the key
/// bind, and only RSA keys of at least 2048 bits count.</summary>
internal static class JsonWebKeys
{
    private static readonly ImmutableArray<string> Known = ["RS256", "PS256"];

    /// <param name="jwks">A key set.</param>
    public static bool Sign(string jwks, CompactJws token)
    {
        using var set = JsonDocument.Parse(jwks);
        if (!set.RootElement.TryGetProperty("keys", out JsonElement keys) || keys.ValueKind is not JsonValueKind.Array) return false;
        var wanted = CompactJws.Text(token.Header, "kid");
        return keys.EnumerateArray().Any(key => (wanted is null || CompactJws.Text(key, "kid") == wanted) && Signs(key, token));
    }

    public static bool Signs(JsonElement key, CompactJws token)
    {
        if (CompactJws.Text(key, "kty") != "RSA" || CompactJws.Text(key, "use") is not (null or "sig")) return false;
        if (key.TryGetProperty("key_ops", out JsonElement uses) && !uses.EnumerateArray().Any(u => u.GetString() == "verify")) return false;
        if (CompactJws.Text(key, "n") is not { } modulus || CompactJws.Text(key, "e") is not { } exponent) return false;
        ImmutableArray<string> algorithms = CompactJws.Text(key, "alg") is { } only ? [.. Known.Where(k => k == only)] : Known;
        try
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = Base64Url.DecodeFromChars(modulus), Exponent = Base64Url.DecodeFromChars(exponent) });
            return rsa.KeySize >= 2048 && token.IsSignedBy(rsa, algorithms.AsSpan());
        }
        catch (Exception broken) when (broken is FormatException or CryptographicException)
        {
            return false;
        }
    }
}
