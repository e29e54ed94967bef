using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.OpenSsl;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Gateway.Tests.Reading;

/// <summary>A forwarder that seals what it passes on, and the DNS that holds its key.</summary>
internal sealed class ArcForwarder : IDns
{
    private static readonly Lazy<(AsymmetricKeyParameter Private, string Public)> Key = new(NewKey);

    /// <summary>Questions that nobody answers from now on.</summary>
    public bool Silent { get; set; }

    public int Asked { get; private set; }

    /// <summary>Names of addresses, and where those names lead.</summary>
    public Dictionary<IPAddress, string> Names { get; } = [];

    /// <summary>Names that addresses claim, and that lead elsewhere.</summary>
    public Dictionary<IPAddress, string> Claims { get; } = [];

    /// <summary>TXT records beside the key.</summary>
    public Dictionary<string, string> Texts { get; } = [];

    public Task<IReadOnlyList<string>> TxtAsync(string name, CancellationToken cancel) => Answer<string>(
        name == "arc1._domainkey.microsoft.com" ? [$"v=DKIM1; k=rsa; p={Key.Value.Public}"] : Texts.TryGetValue(name, out var text) ? [text] : []);

    public Task<IReadOnlyList<IPAddress>> AddressesAsync(string name, AddressFamily family, CancellationToken cancel) =>
        Answer<IPAddress>([.. Names.Where(one => one.Value == name && one.Key.AddressFamily == family).Select(one => one.Key)]);

    public Task<IReadOnlyList<string>> MailExchangersAsync(string name, CancellationToken cancel) => Answer<string>([]);

    public Task<IReadOnlyList<string>> NamesAsync(IPAddress address, CancellationToken cancel) =>
        Answer<string>(Names.TryGetValue(address, out var name) || Claims.TryGetValue(address, out name) ? [name] : []);

    private Task<IReadOnlyList<T>> Answer<T>(IReadOnlyList<T> records)
    {
        Asked++;
        return Silent ? Task.FromException<IReadOnlyList<T>>(new TimeoutException("nobody answers")) : Task.FromResult(records);
    }

    /// <summary>The mail with an ARC set that says what the forwarder saw.</summary>
    public static string Seal(string mail, string dmarc = "pass")
    {
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(mail));
        using var message = MimeMessage.Load(bytes);
        var domain = ((MailboxAddress)message.From[0]).Domain;
        var signer = new Signer(Key.Value.Private, $"spf=pass smtp.mailfrom={domain}; dmarc={dmarc} header.from={domain}");
        signer.Sign(message, [HeaderId.From, HeaderId.To, HeaderId.Subject, HeaderId.MessageId]);
        using var written = new MemoryStream();
        var wire = FormatOptions.Default.Clone();
        wire.NewLineFormat = NewLineFormat.Dos;
        message.WriteTo(wire, written);
        return Encoding.UTF8.GetString(written.ToArray());
    }

    private static (AsymmetricKeyParameter Private, string Public) NewKey()
    {
        using var rsa = RSA.Create(2048);
        using var pem = new StringReader(rsa.ExportRSAPrivateKeyPem());
        var pair = (AsymmetricCipherKeyPair)new PemReader(pem).ReadObject();
        return (pair.Private, Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()));
    }

    private sealed class Signer(AsymmetricKeyParameter key, string results)
        : ArcSigner(key, "microsoft.com", "arc1", DkimSignatureAlgorithm.RsaSha256)
    {
        protected override AuthenticationResults GenerateArcAuthenticationResults(
            FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
            AuthenticationResults.Parse(Encoding.ASCII.GetBytes($"mx.microsoft.com; {results}"));

        protected override Task<AuthenticationResults> GenerateArcAuthenticationResultsAsync(
            FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
            Task.FromResult(GenerateArcAuthenticationResults(options, message, cancellationToken));
    }
}
