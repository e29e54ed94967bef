using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using DnsClient;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Passerelle.Lab.Dns;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Hosting;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Tests.Exchange;

/// <summary>A lab host of its own for one test: directory contoso.example with two mailboxes, customers at adatum.example.</summary>
internal sealed class ExchangeHost : IAsyncDisposable
{
    public const string Support = "support@contoso.example";
    public const string Sales = "sales@contoso.example";
    public const string Customer = "ann@adatum.example";
    public const string OtherCustomer = "bob@adatum.example";
    private readonly Microsoft.AspNetCore.Builder.WebApplication _app;
    private readonly bool _ownsFolder;

    private ExchangeHost(Microsoft.AspNetCore.Builder.WebApplication app, string folder, bool ownsFolder)
    {
        _app = app;
        Folder = folder;
        _ownsFolder = ownsFolder;
        Lab = app.Services.GetRequiredService<Labs>().Open("demo").Lab;
    }

    public string Folder { get; }
    public Twin Lab { get; }
    public IServiceProvider Services => _app.Services;
    public LabExchange Exchange => Services.GetRequiredService<Exchanges>().Of(Lab);
    public MailStore Mail => Exchange.Mail;
    public LabDirectory Directory => Lab.State.Directories[0];
    public CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ExchangeHost> StartAsync(string? folder = null, int mxPort = 0)
    {
        var path = folder ?? System.IO.Directory.CreateTempSubdirectory("lab-exchange-").FullName;
        KeyRing.CopyTo(path);
        var app = LabApplication.Build(new LabOptions { Data = path, MxPort = mxPort, LogLevel = LogLevel.Error }, TimeProvider.System);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var host = new ExchangeHost(app, path, folder is null);
        if (host.Lab.State.Directories.IsEmpty) host.Populate();
        return host;
    }

    public int Port(string listener) =>
        Services.GetRequiredService<LabListeners>().PortOf(listener) ?? throw new InvalidOperationException($"No listener {listener}");

    public void ChangeUser(string address, Func<LabUser, LabUser> change) =>
        Lab.ChangeUser(Directory.Id, Directory.UserByAddress(address)!.Id, change); // the address is one of ours

    public void ForwardTo(string? target, bool keepCopy) => ChangeUser(Support, user => user with
    {
        Mailbox = user.Mailbox! with { ForwardingSmtpAddress = target, KeepCopy = keepCopy }, // support has a mailbox
    });

    /// <summary>A token as the lab's Entra ID makes it; each part can be made wrong.</summary>
    public string Token(
        string user = Support, string audience = "https://outlook.office.com", string scope = "SMTP.Send", int seconds = 3600,
        RSA? forger = null, string jti = "jti-1", LabDirectory? of = null)
    {
        var directory = of ?? Directory;
        var now = Lab.Time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["aud"] = audience,
            ["iss"] = $"https://sts.windows.net/{directory.Id}/",
            ["iat"] = now - 10,
            ["nbf"] = now - 10,
            ["exp"] = now + seconds,
            ["appid"] = "11111111-2222-4333-8444-555555555555",
            ["oid"] = directory.UserByAddress(user)!.Id.ToString(), // the address is one of ours
            ["upn"] = user,
            ["scp"] = scope,
            ["tid"] = directory.Id.ToString(),
            ["uti"] = "uti-1",
            ["jti"] = jti,
            ["ver"] = "1.0",
        };
        var credentials = forger is null
            ? Services.GetRequiredService<SigningKeys>().Of(directory).Credentials
            : new SigningCredentials(new RsaSecurityKey(forger), SecurityAlgorithms.RsaSha256);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }
            .CreateToken(System.Text.Json.JsonSerializer.Serialize(claims), credentials);
    }

    /// <summary>An application's own token.</summary>
    public string AppToken(Guid appId, Guid objectId, params string[] roles)
    {
        var now = Lab.Time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["aud"] = "https://outlook.office365.com",
            ["iss"] = $"https://sts.windows.net/{Directory.Id}/",
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 3599,
            ["appid"] = appId.ToString(),
            ["idtyp"] = "app",
            ["oid"] = objectId.ToString(),
            ["sub"] = objectId.ToString(),
            ["tid"] = Directory.Id.ToString(),
            ["uti"] = "uti-app",
            ["ver"] = "1.0",
        };
        if (roles.Length > 0) claims["roles"] = roles;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            System.Text.Json.JsonSerializer.Serialize(claims), Services.GetRequiredService<SigningKeys>().Of(Directory).Credentials);
    }

    public async Task<SmtpClient> ConnectAsync(string listener)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port(listener)), Cancel);
        var client = new SmtpClient { CheckCertificateRevocation = false };
        var root = Services.GetRequiredService<CertificateAuthority>().Root;
        client.ServerCertificateValidationCallback = (_, certificate, _, _) => certificate!.Issuer == root.Subject; // STARTTLS has one
        await client.ConnectAsync(socket, "localhost", Port(listener), SecureSocketOptions.StartTlsWhenAvailable, Cancel);
        return client;
    }

    /// <summary>Signed in to the submission port with a good token.</summary>
    public async Task<SmtpClient> SignInAsync(string user = Support)
    {
        var client = await ConnectAsync(LabListeners.Smtp);
        await client.AuthenticateAsync(new SaslMechanismOAuth2(user, Token(user)), Cancel);
        return client;
    }

    public LookupClient Dns(bool tcp = false) =>
        new(new LookupClientOptions(Services.GetRequiredService<LabDns>().EndPoint) { UseCache = false, UseTcpOnly = tcp });

    /// <summary>A customer writes through his own provider.</summary>
    public Task<string> WriteAsync(string customer, string to, MimeKit.MimeMessage mail) =>
        Services.GetRequiredService<Transport>().SubmitAsync(
            Submitter.Find(Services.GetRequiredService<Labs>(), customer)!, customer, [to], Bytes(mail), "mail.adatum.example", Cancel); // ours

    public static byte[] Bytes(MimeKit.MimeMessage mail)
    {
        using var stream = new MemoryStream();
        mail.WriteTo(new MimeKit.FormatOptions { NewLineFormat = MimeKit.NewLineFormat.Dos }, stream);
        return stream.ToArray();
    }

    public static MimeKit.MimeMessage Letter(string from, string to, string subject = "My order")
    {
        var mail = new MimeKit.MimeMessage { Subject = subject, Body = new MimeKit.TextPart("plain") { Text = "Where is it?\r\n" } };
        mail.From.Add(MimeKit.MailboxAddress.Parse(from));
        mail.To.Add(MimeKit.MailboxAddress.Parse(to));
        return mail;
    }

    /// <summary>Stops the host; the folder stays when the test gave it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        if (_ownsFolder) System.IO.Directory.Delete(Folder, recursive: true);
    }

    private void Populate() => Lab.Change(state => state
        .With(new LabDirectory
        {
            Id = Lab.NewId(),
            DisplayName = "Contoso",
            Domains = ["contoso.example"],
            SmtpAuthEnabled = true,
            SecurityDefaults = false,
            AutoForwarding = AutoForwarding.On,
            Users = [Person(Support, "Support"), Person(Sales, "Sales")],
        })
        .With(new OutsideDomain("adatum.example",
            [new Customer(Customer, "Ann Adatum", "ann-pass"), new Customer(OtherCustomer, "Bob Adatum", "bob-pass")])));

    /// <summary>Keys made once for all tests: RSA is most of a host's first start.</summary>
    private static class KeyRing
    {
        private static readonly Lock Gate = new();
        private static readonly string Kept = System.IO.Directory.CreateTempSubdirectory("lab-keys-").FullName;
        private static bool _made;

        public static void CopyTo(string data)
        {
            lock (Gate)
            {
                if (!_made) Make();
                _made = true;
            }

            var keys = System.IO.Directory.CreateDirectory(Path.Combine(data, "keys"));
            foreach (var file in System.IO.Directory.EnumerateFiles(Path.Combine(Kept, "keys")))
            {
                var copy = Path.Combine(keys.FullName, Path.GetFileName(file));
                if (!File.Exists(copy)) File.Copy(file, copy);
            }
        }

        private static void Make()
        {
            using var app = LabApplication.Build(new LabOptions { Data = Kept, LogLevel = LogLevel.Error }, TimeProvider.System);
            _ = app.Services.GetRequiredService<SigningKeys>().All;
            _ = app.Services.GetRequiredService<MailKey>().Public;
            _ = app.Services.GetRequiredService<CertificateAuthority>().Server;
        }
    }

    private LabUser Person(string address, string name) => new()
    {
        Id = Lab.NewId(),
        Address = address,
        DisplayName = name,
        Password = "box-pass",
        Mailbox = new Mailbox(),
    };
}
