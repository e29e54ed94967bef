using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Certificates;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tokens;

/// <summary>Makes the proof of an app, anew for each request: a signed statement lives ten minutes, a file may have been replaced.</summary>
internal sealed class ClientProofs(IStore store, Sealer sealer, IOptions<AppsOptions> options, TimeProvider time)
{
    private const int LongestAssertion = 64 * 1024;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <param name="audience">The address that the request goes to: what the statement is for (RFC 7523 §3, rule 3).</param>
    public async Task<ClientProof> OfAsync(EmailApp app, string audience, CancellationToken cancel) => app.Proof switch
    {
        Proofs.Certificate => await SignedAsync(app, audience, cancel),
        Proofs.Federated => await FederatedAsync(app, cancel),
        Proofs.None => new ClientProof.Nobody(),
        _ when app.ClientSecret is { } secret => new ClientProof.Secret(new SecretText(sealer.Open("app", "client_secret", app.OrganisationId, app.Id, secret))),
        _ => new ClientProof.Nobody(), // the provider says what it misses
    };

    private async Task<ClientProof> SignedAsync(EmailApp app, string audience, CancellationToken cancel)
    {
        var certificate = app.CertificateId is { } id
            ? await store.ReadAsync(tx => CertificateRows.Find(tx, app.OrganisationId, app.Id, id), cancel)
            : null;
        return certificate is null
            ? new ClientProof.Missing(Causes.Find(NoCertificate, "The app proves itself by certificate and has none"))
            : new ClientProof.Assertion(new SecretText(Sign(app, certificate, audience)));
    }

    /// <summary>Header and claims as Entra wants them (facts/microsoft365.md §1.10): PS256, <c>x5t#S256</c>, iss = sub = client id.</summary>
    private string Sign(EmailApp app, ClientCertificate certificate, string audience)
    {
        using var open = X509Certificate2.CreateFromPem(certificate.PublicPart);
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(Convert.FromBase64String(certificate.OpenKey(sealer)), out _);
        var now = time.GetUtcNow();
        var header = Part(new Dictionary<string, object>
        {
            ["alg"] = "PS256",
            ["typ"] = "JWT",
            ["x5t#S256"] = Base64Url.EncodeToString(SHA256.HashData(open.RawData)),
        });
        var claims = Part(new Dictionary<string, object>
        {
            ["aud"] = audience,
            ["iss"] = app.ClientId,
            ["sub"] = app.ClientId,
            ["jti"] = Guid.CreateVersion7(now),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Life).ToUnixTimeSeconds(),
        });
        var signature = rsa.SignData(Encoding.ASCII.GetBytes($"{header}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        return $"{header}.{claims}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Part(Dictionary<string, object> members) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(members));

    /// <summary>Whoever rotates the file replaces it: it is read at each request and never kept.</summary>
    private async Task<ClientProof> FederatedAsync(EmailApp app, CancellationToken cancel)
    {
        if (!Path.IsPathFullyQualified(app.AssertionFile) || !AssertionFolders.Hold(options.Value.AssertionFolders, app.AssertionFile))
        {
            return Unread(app, "is in none of the folders that Apps:AssertionFolders lists");
        }
        try
        {
            await using var file = new FileStream(app.AssertionFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[LongestAssertion + 1];
            var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel);
            var text = Encoding.ASCII.GetString(bytes, 0, length).Trim();
            return text switch
            {
                _ when length > LongestAssertion => Unread(app, "is too long for a token"),
                _ when text.Split('.').Length != 3 || text.Any(char.IsWhiteSpace) => Unread(app, "holds no token"),
                _ => new ClientProof.Assertion(new SecretText(text)),
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Unread(app, $"cannot be read ({failure.GetType().Name})");
        }
    }

    private static ClientProof.Missing Unread(EmailApp app, string why) => new(Causes.Find(NoAssertion, $"{app.AssertionFile} {why}"));

    private static Cause NoCertificate { get; } = new(
        "certificate", "E4b", Cause.Passerelle, "Make or upload a certificate in the app's settings", Reaction.Configure);

    private static Cause NoAssertion { get; } = new(
        "certificate", "E4b", Cause.Passerelle, "Let the file of the federated assertion be where the app's settings say, readable for Passerelle", Reaction.Configure);
}
