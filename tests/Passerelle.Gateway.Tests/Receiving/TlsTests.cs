using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Gateway.Receiving;

namespace Passerelle.Gateway.Tests.Receiving;

public sealed class TlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("passerelle-tls-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [Must(3207, "6", "Servers MUST be able to be configured to require successful TLS negotiation before messages can be successfully transferred")]
    public async Task A_domain_can_require_TLS_and_says_so_before_anybody_is_looked_up()
    {
        await using var bench = await OpenAsync("in.contoso.example");
        await using var wire = await bench.ConnectAsync();
        Assert.StartsWith("250 ", await wire.SayAsync("MAIL FROM:<ann@fabrikam.example>"), StringComparison.Ordinal);
        var reads = bench.Faulty.Reads;
        foreach (var recipient in new[] { bench.Inbound.Address, bench.Inbound.Address.ToUpperInvariant(), "nobody@in.contoso.example" })
        {
            Assert.Equal("530 5.7.0 Must issue a STARTTLS command first", await wire.SayAsync($"RCPT TO:<{recipient}>"));
        }
        Assert.Equal(reads, bench.Faulty.Reads);
        Assert.StartsWith("554 ", await wire.SayAsync("DATA"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_domain_does_not()
    {
        await using var bench = await OpenAsync("other.example");
        await using var wire = await bench.ConnectAsync();
        Assert.StartsWith("250 ", await wire.SayAsync("MAIL FROM:<ann@fabrikam.example>", $"RCPT TO:<{bench.Inbound.Address}>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_mail_can_require_TLS()
    {
        await using var bench = await OpenAsync("*");
        await using var wire = await bench.ConnectAsync();
        Assert.Equal("530 5.7.0 Must issue a STARTTLS command first", await wire.SayAsync("MAIL FROM:<ann@fabrikam.example>"));
    }

    [Fact]
    public void Only_TLS_1_2_and_1_3_are_spoken()
    {
        using var certificate = new ServerCertificate(Options.Create(new ReceivingOptions()), _time, NullLogger<ServerCertificate>.Instance);
        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, certificate.Current.EnabledSslProtocols);
    }

    [Fact]
    public void A_certificate_that_was_renewed_is_used_without_a_restart()
    {
        Write("one", "mx.contoso.example");
        Link("one");
        using var certificate = new ServerCertificate(Settings(), _time, NullLogger<ServerCertificate>.Instance);
        var first = Shown(certificate);
        Write("two", "mx.contoso.example");
        Link("two"); // as certbot and Kubernetes do: the file keeps its name, what it leads to is another
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.NotEqual(first, Shown(certificate));
        Assert.Equal(Shown(certificate), Shown(certificate));
    }

    [Theory]
    [InlineData("half")]
    [InlineData("other key")]
    [InlineData("gone")]
    public void Files_that_do_not_fit_leave_the_former_certificate_in_use_until_they_do(string how)
    {
        Write("one", "mx.contoso.example");
        Link("one");
        using var certificate = new ServerCertificate(Settings(), _time, NullLogger<ServerCertificate>.Instance);
        var first = Shown(certificate);
        Write("two", "mx.contoso.example");
        Link("two");
        var (cert, key) = (File.ReadAllText(In("two.pem")), File.ReadAllText(In("two.key")));
        if (how == "half") File.WriteAllText(In("two.pem"), cert[..(cert.Length / 2)]);
        if (how == "other key") File.Copy(In("one.key"), In("two.key"), overwrite: true);
        if (how == "gone") File.Delete(In("two.pem"));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(first, Shown(certificate));

        File.WriteAllText(In("two.pem"), cert);
        File.WriteAllText(In("two.key"), key);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.NotEqual(first, Shown(certificate));
    }

    private static Task<DoorBench> OpenAsync(string required) => DoorBench.OpenAsync(new ReceivingOptions
    {
        Endpoints = ["127.0.0.1:0"],
        HostName = "in.contoso.example",
        MaxBytes = 1_000_000,
        AddressSeconds = 0,
        TlsRequiredFor = [required],
    });

    private static string Shown(ServerCertificate certificate) => certificate.Current.ServerCertificateContext!.TargetCertificate.Thumbprint; // made by it

    private IOptions<ReceivingOptions> Settings() => Options.Create(new ReceivingOptions { CertificateFile = In("live.pem"), KeyFile = In("live.key") });

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private void Link(string name)
    {
        foreach (var kind in new[] { "pem", "key" })
        {
            File.Delete(In($"live.{kind}"));
            File.CreateSymbolicLink(In($"live.{kind}"), In($"{name}.{kind}"));
        }
    }

    private void Write(string name, string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(_time.GetUtcNow().AddDays(-1), _time.GetUtcNow().AddYears(1));
        File.WriteAllText(In($"{name}.pem"), made.ExportCertificatePem());
        File.WriteAllText(In($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
