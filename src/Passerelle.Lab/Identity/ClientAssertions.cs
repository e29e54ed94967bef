using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>A client that proves itself by a signed statement: with a certificate of its own (facts §1.10), or with the token of
/// an issuer that the application trusts (facts §1.11).</summary>
internal static class ClientAssertions
{
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <returns>Null when the statement holds.</returns>
    public static StsError? Check(KnownRequest request, string assertion)
    {
        if (request.Fields.AssertionType is not { } type) return StsErrors.Missing("client_assertion_type");
        if (type != Type) return StsErrors.ParameterInvalid("client_assertion_type");
        if (CompactJws.Parse(assertion) is not { } jws || jws.Claims() is not { } claims) return StsErrors.AssertionMalformed;
        var byCertificate = Thumbprint(jws) is not null || Is(request.App, CompactJws.Text(claims, "iss"));
        return byCertificate ? OwnKey(request, jws, claims) : Federated(request, jws, claims);
    }

    private static StsError? OwnKey(KnownRequest request, CompactJws jws, JsonElement claims)
    {
        AppRegistration app = request.App;
        if (CompactJws.Text(claims, "sub") is not { Length: > 0 } subject) return StsErrors.AssertionWithoutSubject;
        if (subject != CompactJws.Text(claims, "iss")) return StsErrors.AssertionSubject;
        if (!Is(app, subject)) return StsErrors.AssertionOfOther;
        if (app is { Keys.IsEmpty: true, Secrets.IsEmpty: true, Federations.IsEmpty: true }) return StsErrors.NoKeys;
        if (SignatureFault(request, jws) is { } unsigned) return unsigned;
        return TimeFault(request, claims) ?? (IsForUs(request, claims) ? null : StsErrors.AssertionAudience);
    }

    private static StsError? SignatureFault(KnownRequest request, CompactJws jws)
    {
        AppRegistration app = request.App;
        if (jws.Algorithm is not ("RS256" or "PS256")) return StsErrors.AssertionUnknown(app, "Unsupported asymmetric signing algorithm.");
        if (Thumbprint(jws) is not { } sent) return StsErrors.AssertionUnknown(app, "The key was not found.,");
        KeyCredential? key = app.Keys.FirstOrDefault(k => sent.Fits(k));
        if (key is null)
            return StsErrors.AssertionUnknown(app, $"The key was not found., Thumbprint of key used by client: '{sent.Hex}',");
        using X509Certificate2 certificate = key.Open();
        using RSA? rsa = certificate.GetRSAPublicKey();
        if (rsa is null) return StsErrors.AssertionUnknown(app, "Unsupported asymmetric signing algorithm.");
        if (!jws.IsSignedBy(rsa, "RS256", "PS256"))
        {
            return StsErrors.AssertionUnknown(
                app, $"The provided signature value did not match the expected signature value., Thumbprint of key used by client: '{sent.Hex}',");
        }

        return request.Now < key.StartsAt || request.Now >= key.EndsAt ? StsErrors.CertificateExpired : null;
    }

    /// <summary>Issuer, subject and audience are compared as written, then the issuer's keys, which the lab has at hand.</summary>
    private static StsError? Federated(KnownRequest request, CompactJws jws, JsonElement claims)
    {
        AppRegistration app = request.App;
        if (app.Federations.IsEmpty) return StsErrors.NoFederation(app);
        var issuer = CompactJws.Text(claims, "iss") ?? "";
        var subject = CompactJws.Text(claims, "sub") ?? "";
        FederatedCredential[] ofIssuer = [.. app.Federations.Where(f => f.Issuer == issuer)];
        if (ofIssuer.Length == 0) return StsErrors.FederatedIssuer(issuer);
        FederatedCredential[] ofSubject = [.. ofIssuer.Where(f => f.Subject == subject)];
        if (ofSubject.Length == 0)
        {
            return ofIssuer.Any(f => f.Subject.Equals(subject, StringComparison.OrdinalIgnoreCase))
                ? StsErrors.FederatedSubjectCase(subject)
                : StsErrors.FederatedSubject(subject);
        }

        if (Audience(claims) is not { } audience || !ofSubject.Any(f => f.Audiences.Contains(audience)))
            return StsErrors.FederatedAudience(Audience(claims) ?? "");
        OutsideIssuer? keys = request.Place.Lab.State.Issuers.FirstOrDefault(i => i.Issuer == issuer);
        if (keys is null || !JsonWebKeys.Sign(keys.Jwks, jws)) return StsErrors.AssertionForged;
        return TimeFault(request, claims);
    }

    /// <summary>MSAL.NET writes both times as strings (facts §1.10).</summary>
    private static StsError? TimeFault(KnownRequest request, JsonElement claims)
    {
        if (Moment(claims, "exp") is not { } until) return StsErrors.AssertionMalformed;
        DateTimeOffset from = Moment(claims, "nbf") ?? Moment(claims, "iat") ?? request.Now;
        return until <= request.Now || from > request.Now + Skew ? StsErrors.AssertionTime(request.Now, from, until) : null;
    }

    private static DateTimeOffset? Moment(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out JsonElement value)) return null;
        var text = value.ValueKind is JsonValueKind.String ? value.GetString() : value.GetRawText();
        return double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;
    }

    /// <summary>The token endpoint or the issuer, under the lab's name or the real one, by id or domain.</summary>
    private static bool IsForUs(KnownRequest request, JsonElement claims)
    {
        if (Audience(claims) is not { } audience || !Uri.TryCreate(audience, UriKind.Absolute, out Uri? uri)) return false;
        var parts = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        LabDirectory directory = request.Place.Directory;
        var isHere = parts.Length > 0 && (parts[0].Equals(directory.Id.ToString(), StringComparison.OrdinalIgnoreCase)
            || directory.Owns(parts[0]) || (Segments.Shared(parts[0]) && parts[0] == request.Segment));
        var isUs = uri.GetLeftPart(UriPartial.Authority) == request.Base || uri.Host == "login.microsoftonline.com";
        return isHere && isUs && string.Join('/', parts[1..]) is "oauth2/v2.0/token" or "oauth2/token" or "v2.0";
    }

    private static string? Audience(JsonElement claims) =>
        claims.TryGetProperty("aud", out JsonElement many) && many.ValueKind is JsonValueKind.Array && many.GetArrayLength() == 1
            ? many[0].ToString()
            : CompactJws.Text(claims, "aud");

    private static bool Is(AppRegistration app, string? id) => Guid.TryParse(id, out Guid client) && client == app.ClientId;

    private static SentThumbprint? Thumbprint(CompactJws jws) =>
        CompactJws.Text(jws.Header, "x5t#S256") is { } long256 ? new SentThumbprint(long256, true)
        : CompactJws.Text(jws.Header, "x5t") is { } short1 ? new SentThumbprint(short1, false)
        : null;

    private sealed record SentThumbprint(string Text, bool Sha256)
    {
        public string Hex => Convert.ToHexString(Bytes);

        private byte[] Bytes
        {
            get
            {
                try
                {
                    return WebEncoders.Base64UrlDecode(Text);
                }
                catch (FormatException)
                {
                    return [];
                }
            }
        }

        public bool Fits(KeyCredential key) => Bytes.AsSpan().SequenceEqual(Sha256 ? key.Sha256Thumbprint() : key.Thumbprint());
    }
}
