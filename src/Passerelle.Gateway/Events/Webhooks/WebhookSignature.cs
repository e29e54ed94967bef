using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Passerelle.Gateway.Events.Webhooks;

/// <summary>The symmetric signature of Standard Webhooks 1.0.0: HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
internal static class WebhookSignature
{
    public const string Prefix = "whsec_";

    /// <returns>A new secret: <c>whsec_</c> and 256 random bits in base64.</returns>
    public static string NewSecret() => $"{Prefix}{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    /// <summary>While a secret is changed both sign, with a space between them: a receiver that knows either is content.</summary>
    /// <param name="at">When it is sent; a receiver refuses what is five minutes old, so each attempt signs anew.</param>
    /// <returns>The value of the header <c>webhook-signature</c>.</returns>
    public static string Of(IEnumerable<string> secrets, string id, DateTimeOffset at, string body) =>
        string.Join(' ', secrets.Select(secret => Of(secret, id, at, body)));

    /// <param name="secret"><c>whsec_</c> and base64.</param>
    /// <inheritdoc cref="Of(IEnumerable{string}, string, DateTimeOffset, string)"/>
    public static string Of(string secret, string id, DateTimeOffset at, string body)
    {
        var key = Convert.FromBase64String(secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret);
        var signed = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.{body}"));
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}";
    }
}
