using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Passerelle.Gateway.Tokens;

/// <summary>Secrets that travel by browsers. The store knows their hashes only.</summary>
internal static class AuthorisationSecrets
{
    /// <summary>256 random bits, 43 characters of base64url: also a PKCE verifier (RFC 7636 §4.1).</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <returns>False for what is empty: nothing proves nothing.</returns>
    public static bool IsSame(byte[] stored, byte[] given) => stored.Length > 0 && CryptographicOperations.FixedTimeEquals(stored, given);
}
