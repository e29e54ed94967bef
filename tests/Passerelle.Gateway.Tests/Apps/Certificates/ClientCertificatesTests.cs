using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Passerelle.Gateway.Apps.Certificates;
using Passerelle.Gateway.Tests.Queue;

namespace Passerelle.Gateway.Tests.Apps.Certificates;

public sealed class ClientCertificatesTests
{
    [Fact]
    public async Task A_made_certificate_is_used_at_once_and_its_key_is_nowhere_in_clear()
    {
        await using var office = await PostOffice.OpenAsync();
        var made = Kept(await Certificates(office).MakeAsync(office.Organisation, office.App, TempStore.Cancel));
        using var open = X509Certificate2.CreateFromPem(made.PublicPart);
        using var rsa = open.GetRSAPublicKey()!; // made as RSA
        Assert.True(rsa.KeySize >= 2048);
        Assert.Equal(made.Thumbprint, open.Thumbprint);
        Assert.Equal(office.Temp.Time.GetUtcNow().AddYears(1), made.EndsAt);
        Assert.Equal(made.Id, (await office.Temp.Apps.FindAsync(office.Organisation, office.App, TempStore.Cancel))!.CertificateId); // opened above

        var key = Convert.FromBase64String(made.OpenKey(office.Temp.Sealer));
        using var secret = RSA.Create();
        secret.ImportPkcs8PrivateKey(key, out _);
        Assert.Equal(rsa.ExportRSAPublicKey(), secret.ExportRSAPublicKey());
        Assert.DoesNotContain("PRIVATE KEY", made.PublicPart, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(office.Temp.Folder, "*", SearchOption.AllDirectories))
        {
            using var shared = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[shared.Length];
            await shared.ReadExactlyAsync(bytes, TempStore.Cancel);
            Assert.True(bytes.AsSpan().IndexOf(key.AsSpan(100, 64)) < 0);
            Assert.True(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Convert.ToBase64String(key)[100..160])) < 0);
        }
    }

    [Fact]
    public async Task A_second_one_waits_until_it_is_chosen_and_the_one_in_use_cannot_be_removed()
    {
        await using var office = await PostOffice.OpenAsync();
        var certificates = Certificates(office);
        var first = Kept(await certificates.MakeAsync(office.Organisation, office.App, TempStore.Cancel));
        office.Temp.Time.Advance(TimeSpan.FromSeconds(1));
        var second = Kept(await certificates.MakeAsync(office.Organisation, office.App, TempStore.Cancel));
        Assert.Equal(first.Id, await InUseAsync(office));
        Assert.False(await certificates.RemoveAsync(office.Organisation, office.App, first.Id, TempStore.Cancel));

        Assert.True(await certificates.UseAsync(office.Organisation, office.App, second.Id, TempStore.Cancel));
        Assert.Equal(second.Id, await InUseAsync(office));
        Assert.True(await certificates.RemoveAsync(office.Organisation, office.App, first.Id, TempStore.Cancel));
        Assert.Equal([second.Id], (await certificates.ListAsync(office.Organisation, office.App, TempStore.Cancel)).Select(one => one.Id));
    }

    [Fact]
    public async Task Another_organisation_sees_uses_and_removes_nothing()
    {
        await using var office = await PostOffice.OpenAsync();
        var stranger = await office.Temp.OrganisationAsync("Fabrikam");
        var certificates = Certificates(office);
        var made = Kept(await certificates.MakeAsync(office.Organisation, office.App, TempStore.Cancel));
        Assert.Empty(await certificates.ListAsync(stranger, office.App, TempStore.Cancel));
        Assert.Null(await certificates.FindAsync(stranger, office.App, made.Id, TempStore.Cancel));
        Assert.False(await certificates.UseAsync(stranger, office.App, made.Id, TempStore.Cancel));
        Assert.False(await certificates.RemoveAsync(stranger, office.App, made.Id, TempStore.Cancel));
        Assert.IsType<CertificateOutcome.Wrong>(await certificates.MakeAsync(stranger, office.App, TempStore.Cancel));
    }

    [Fact]
    public async Task An_app_keeps_ten()
    {
        await using var office = await PostOffice.OpenAsync();
        var certificates = Certificates(office);
        using var rsa = RSA.Create(2048);
        var pem = Encoding.ASCII.GetBytes(Pem(office, rsa));
        for (var i = 0; i < 10; i++)
        {
            office.Temp.Time.Advance(TimeSpan.FromSeconds(1));
            Kept(await certificates.TakeAsync(office.Organisation, office.App, pem, "", TempStore.Cancel));
        }
        var many = Assert.IsType<CertificateOutcome.Wrong>(await certificates.TakeAsync(office.Organisation, office.App, pem, "", TempStore.Cancel));
        Assert.Equal("certificates-many", many.Code);
    }

    [Theory]
    [InlineData("pem", "")]
    [InlineData("encrypted-pem", "horse")]
    [InlineData("pfx", "")]
    [InlineData("pfx", "horse")]
    public async Task A_certificate_with_its_key_is_taken_as_PEM_and_as_PFX(string form, string password)
    {
        await using var office = await PostOffice.OpenAsync();
        using var rsa = RSA.Create(2048);
        using var certificate = Make(office, rsa);
        var file = form switch
        {
            "pfx" => certificate.Export(X509ContentType.Pkcs12, password.Length == 0 ? null : password),
            "pem" => Encoding.ASCII.GetBytes(Pem(office, rsa)),
            _ => Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n" + rsa.ExportEncryptedPkcs8PrivateKeyPem(
                password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000))),
        };
        var taken = Kept(await Certificates(office).TakeAsync(office.Organisation, office.App, file, password, TempStore.Cancel));
        Assert.Equal(rsa.ExportPkcs8PrivateKey(), Convert.FromBase64String(taken.OpenKey(office.Temp.Sealer)));
    }

    [Theory]
    [InlineData("nothing", "certificate-unreadable")]
    [InlineData("picture", "certificate-unreadable")]
    [InlineData("without-key", "certificate-without-key")]
    [InlineData("elliptic", "certificate-not-rsa")]
    [InlineData("short", "certificate-key-short")]
    [InlineData("ended", "certificate-ended")]
    [InlineData("large", "certificate-file-large")]
    [InlineData("wrong-password", "certificate-password")]
    [InlineData("other-key", "certificate-unreadable")]
    public async Task A_file_that_will_not_do_is_refused_by_name(string kind, string code)
    {
        await using var office = await PostOffice.OpenAsync();
        using var rsa = RSA.Create(kind == "short" ? 1024 : 2048);
        using var other = RSA.Create(2048);
        using var certificate = Make(office, rsa, kind == "ended" ? -1 : 365);
        var file = kind switch
        {
            "nothing" => [],
            "picture" => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a],
            "without-key" => Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()),
            "elliptic" => Elliptic(office),
            "large" => new byte[CertificateFile.MostBytes + 1],
            "wrong-password" => certificate.Export(X509ContentType.Pkcs12, "right"),
            "other-key" => Encoding.ASCII.GetBytes($"{certificate.ExportCertificatePem()}\n{other.ExportPkcs8PrivateKeyPem()}"),
            _ => certificate.Export(X509ContentType.Pkcs12),
        };
        var outcome = await Certificates(office).TakeAsync(office.Organisation, office.App, file, kind == "wrong-password" ? "wrong" : "", TempStore.Cancel);
        Assert.Equal(code, Assert.IsType<CertificateOutcome.Wrong>(outcome).Code);
        Assert.Null(await InUseAsync(office));
    }

    private static ClientCertificates Certificates(PostOffice office) => new(office.Temp.Store, office.Temp.Sealer, office.Temp.Time);

    private static ClientCertificate Kept(CertificateOutcome outcome) => Assert.IsType<CertificateOutcome.Kept>(outcome).Certificate;

    private static async Task<Guid?> InUseAsync(PostOffice office) =>
        (await office.Temp.Apps.FindAsync(office.Organisation, office.App, TempStore.Cancel))!.CertificateId; // opened by the office

    private static X509Certificate2 Make(PostOffice office, RSA rsa, int days = 365)
    {
        var now = office.Temp.Time.GetUtcNow();
        return new CertificateRequest("CN=contoso", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-30), now.AddDays(days));
    }

    private static byte[] Elliptic(PostOffice office)
    {
        var now = office.Temp.Time.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=contoso", key, HashAlgorithmName.SHA256).CreateSelfSigned(now, now.AddDays(30));
        return certificate.Export(X509ContentType.Pkcs12);
    }

    private static string Pem(PostOffice office, RSA rsa)
    {
        using var certificate = Make(office, rsa);
        return $"{certificate.ExportCertificatePem()}\n{rsa.ExportPkcs8PrivateKeyPem()}";
    }
}
