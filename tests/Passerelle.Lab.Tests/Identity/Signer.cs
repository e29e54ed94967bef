using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Passerelle.Lab.Tests.Identity;

/// <summary>Signs statements as a client does, and as one that wants to get in does.</summary>
internal sealed class Signer : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);

    public Signer(DateTimeOffset from, DateTimeOffset until)
    {
        var request = new CertificateRequest("CN=client.contoso.example", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Certificate = request.CreateSelfSigned(from, until);
    }

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem();

    public JsonObject Jwks
    {
        get
        {
            RSAParameters key = _key.ExportParameters(false);
            return new JsonObject
            {
                ["keys"] = new JsonArray(new JsonObject
                {
                    ["kty"] = "RSA",
                    ["use"] = "sig",
                    ["kid"] = "k1",
                    ["n"] = Base64Url.EncodeToString(key.Modulus),
                    ["e"] = Base64Url.EncodeToString(key.Exponent),
                }),
            };
        }
    }

    /// <summary>PS256 and x5t#S256 as new clients, RS256 and x5t as older ones (facts §1.10).</summary>
    public JsonObject Header(string algorithm) => algorithm == "PS256"
        ? new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT", ["x5t#S256"] = Base64Url.EncodeToString(SHA256.HashData(Certificate.RawData)) }
        : new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT", ["x5t"] = Base64Url.EncodeToString(Certificate.GetCertHash()) };

    /// <summary>What a client says of itself to the token endpoint (RFC 7523 §3): good for ten minutes around now.</summary>
    public static JsonObject Claims(Uri tokenEndpoint, Guid client, DateTimeOffset now) => new()
    {
        ["aud"] = tokenEndpoint.ToString(),
        ["iss"] = client.ToString(),
        ["sub"] = client.ToString(),
        ["jti"] = "0193a000-0000-7000-8000-000000000002",
        ["nbf"] = now.ToUnixTimeSeconds() - 60,
        ["exp"] = now.ToUnixTimeSeconds() + 540,
    };

    public string Sign(JsonObject header, JsonObject claims)
    {
        var signed = Part(header) + "." + Part(claims);
        var padding = header["alg"]?.ToString() == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        return signed + "." + Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, padding));
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
