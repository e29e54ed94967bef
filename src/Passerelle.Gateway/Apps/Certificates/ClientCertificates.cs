using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps.Certificates;

/// <summary>What became of a certificate that was made or uploaded.</summary>
internal abstract record CertificateOutcome
{
    private CertificateOutcome() { }

    public sealed record Kept(ClientCertificate Certificate) : CertificateOutcome;

    /// <param name="Code">Its words are the resource <c>problem.{Code}</c>.</param>
    public sealed record Wrong(string Code) : CertificateOutcome;
}

/// <summary>Makes, takes, lists, chooses, removes the certificates of an app. A private key leaves this class only sealed.</summary>
internal sealed class ClientCertificates(IStore store, Sealer sealer, TimeProvider time)
{
    /// <summary>One in use, one to come, and a few that were.</summary>
    private const int MostPerApp = 10;

    private const int Bits = 2048;

    /// <summary>Self-signed, good for a year: the registration trusts the key itself and asks nobody about it.</summary>
    public Task<CertificateOutcome> MakeAsync(Guid organisationId, Guid appId, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        using var rsa = RSA.Create(Bits);
        var request = new CertificateRequest($"CN=Passerelle {appId}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddYears(1)); // their clock may be behind ours
        return KeepAsync(organisationId, appId, certificate, rsa.ExportPkcs8PrivateKey(), ClientCertificate.Made, cancel);
    }

    /// <param name="file">PFX or PEM with certificate and private key.</param>
    public async Task<CertificateOutcome> TakeAsync(Guid organisationId, Guid appId, byte[] file, string password, CancellationToken cancel)
    {
        switch (CertificateFile.Read(file, password, time.GetUtcNow()))
        {
            case CertificateFile.Wrong wrong: return new CertificateOutcome.Wrong(wrong.Code);
            case CertificateFile.Pair pair:
                using (pair.Certificate) return await KeepAsync(organisationId, appId, pair.Certificate, pair.Key, ClientCertificate.Uploaded, cancel);
            default: throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <returns>Newest first; empty when the organisation has no such app.</returns>
    public Task<List<ClientCertificate>> ListAsync(Guid organisationId, Guid appId, CancellationToken cancel) =>
        store.ReadAsync(tx => CertificateRows.List(tx, organisationId, appId), cancel);

    public Task<ClientCertificate?> FindAsync(Guid organisationId, Guid appId, Guid id, CancellationToken cancel) =>
        store.ReadAsync(tx => CertificateRows.Find(tx, organisationId, appId, id), cancel);

    /// <returns>False when the app has no such certificate, or works with another: then this one is to be proved first.</returns>
    public Task<bool> UseAsync(Guid organisationId, Guid appId, Guid id, CancellationToken cancel) =>
        store.WriteAsync(Lane.Work, tx => CertificateRows.Use(tx, organisationId, appId, id), cancel);

    /// <returns>False when it is the one in use, the one being proved, or not there.</returns>
    public Task<bool> RemoveAsync(Guid organisationId, Guid appId, Guid id, CancellationToken cancel) =>
        store.WriteAsync(Lane.Work, tx => CertificateRows.Remove(tx, organisationId, appId, id), cancel);

    private async Task<CertificateOutcome> KeepAsync(
        Guid organisationId, Guid appId, X509Certificate2 certificate, byte[] key, string origin, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var open = new ClientCertificate
        {
            OrganisationId = organisationId,
            AppId = appId,
            Id = Guid.CreateVersion7(now),
            PublicPart = certificate.ExportCertificatePem(),
            PrivateKey = "",
            Thumbprint = certificate.Thumbprint,
            Origin = origin,
            StartsAt = certificate.NotBefore.ToUniversalTime(),
            EndsAt = certificate.NotAfter.ToUniversalTime(),
            CreatedAt = now,
        };
        var row = open with { PrivateKey = open.Seal(sealer, Convert.ToBase64String(key)) };
        CryptographicOperations.ZeroMemory(key);
        return await store.WriteAsync(Lane.Work, tx => CertificateRows.Insert(tx, row, MostPerApp), cancel)
            ? new CertificateOutcome.Kept(row)
            : new CertificateOutcome.Wrong("certificates-many");
    }
}
