using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Passerelle.Dev.Faults;

/// <summary>An issuer of federated assertions, as a cluster or a build service is one (facts/microsoft365.md §1.11).</summary>
internal sealed class FederatedIssuer : IDisposable
{
    public const string Name = "https://tokens.contoso.example";
    public const string Subject = "system:serviceaccount:mail:passerelle";
    private const string KeyId = "key-1";
    private readonly RSA _rsa = RSA.Create(2048);

    /// <summary>What it publishes.</summary>
    public object Jwks
    {
        get
        {
            var parameters = _rsa.ExportParameters(includePrivateParameters: false);
            return new { keys = new[] { new { kty = "RSA", use = "sig", kid = KeyId, n = Base64Url.EncodeToString(parameters.Modulus), e = Base64Url.EncodeToString(parameters.Exponent) } } };
        }
    }

    public string Assertion(DateTimeOffset until)
    {
        var signed = $"{Part(new { alg = "RS256", typ = "JWT", kid = KeyId })}.{Part(new
        {
            iss = Name,
            sub = Subject,
            aud = "api://AzureADTokenExchange",
            nbf = until.AddHours(-1).ToUnixTimeSeconds(),
            exp = until.ToUnixTimeSeconds(),
        })}";
        return $"{signed}.{Base64Url.EncodeToString(_rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    public void Dispose() => _rsa.Dispose();

    private static string Part(object members) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(members));
}
