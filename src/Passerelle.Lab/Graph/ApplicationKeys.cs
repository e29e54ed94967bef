using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Passerelle.Lab.Control;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>Certificates of an application: PATCH <c>keyCredentials</c> replaces them all; <c>addKey</c> and <c>removeKey</c> want a
/// proof that the caller holds one of them already.</summary>
internal sealed class ApplicationKeys(IdentityCommands identity)
{
    /// <summary>Of the proof: the old Azure AD Graph.</summary>
    private const string ProofAudience = "00000002-0000-0000-c000-000000000000";

    private const int LongestProofSeconds = 600;

    /// <summary>What is listed by <c>keyId</c> alone is kept; what comes with a <c>key</c> is new.</summary>
    /// <exception cref="GraphFault">400: a key is no certificate, or an id is unknown.</exception>
    public static ImmutableArray<KeyCredential> Replaced(Twin lab, AppRegistration app, JsonObject body)
    {
        if (!body.ContainsKey("keyCredentials")) return app.Keys;
        return [.. body.Objects("keyCredentials").Select(wanted => wanted.Text("key") is { } key
            ? IdentityCommands.KeyOf(lab, new CertificateOrder(wanted.Text("displayName") ?? "", key)) ?? throw BadKey()
            : app.Keys.FirstOrDefault(k => k.KeyId == wanted.Id("keyId")) ?? throw BadKey())];
    }

    public GraphAnswer Add(AppPlace place, JsonObject body)
    {
        DemandProof(place, body);
        var wanted = body.Object("keyCredential") ?? throw GraphFault.Bad("A value is required for property 'keyCredential'.");
        var order = new CertificateOrder(wanted.Text("displayName") ?? "", wanted.Text("key").Needed("key", "keyCredential"));
        return identity.AddCertificate(place, order) is Change.Made { Body: KeyCredential made }
            ? GraphAnswer.One("microsoft.graph.keyCredential", ApplicationJson.Key(made))
            : throw BadKey();
    }

    public GraphAnswer Remove(AppPlace place, JsonObject body)
    {
        DemandProof(place, body);
        var keyId = body.Id("keyId").Needed("keyId", "removeKey");
        return identity.RemoveCertificate(place, keyId) is Change.Done
            ? GraphAnswer.NoContent
            : throw GraphFault.Bad($"No credentials found to be removed. Key ID '{keyId}'.");
    }

    private static void DemandProof(AppPlace place, JsonObject body)
    {
        if (body.Text("proof") is not { } proof || CompactJws.Parse(proof) is not { } jws || jws.Claims() is not { } claims
            || !IsRight(claims, place) || !place.App.Keys.Any(key => IsSignedBy(jws, key, place)))
        {
            throw new GraphFault(StatusCodes.Status401Unauthorized, "Authentication_MissingOrMalformed", "Access Token missing or malformed.");
        }
    }

    private static bool IsRight(JsonElement claims, AppPlace place)
    {
        var now = place.Lab.Time.GetUtcNow().ToUnixTimeSeconds();
        return CompactJws.Text(claims, "aud") == ProofAudience
            && CompactJws.Text(claims, "iss") is { } issuer && (issuer == place.App.ObjectId.ToString() || issuer == place.App.ClientId.ToString())
            && claims.TryGetProperty("exp", out JsonElement exp) && exp.TryGetInt64(out var until) && until > now && until <= now + LongestProofSeconds;
    }

    private static bool IsSignedBy(CompactJws jws, KeyCredential key, AppPlace place)
    {
        if (key.EndsAt <= place.Lab.Time.GetUtcNow()) return false;
        using X509Certificate2 certificate = key.Open();
        using RSA? rsa = certificate.GetRSAPublicKey();
        return rsa is not null && jws.IsSignedBy(rsa, "RS256", "PS256");
    }

    private static GraphFault BadKey() => new(StatusCodes.Status400BadRequest, "KeyCredentialsInvalidFormat", "Key credential is invalid.");
}
