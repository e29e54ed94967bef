using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Passerelle.Gateway.Receiving;
using Passerelle.Smtp;

namespace Passerelle.Dev.Bench.Send;

/// <summary>
/// A submission server that wants STARTTLS and the right access token of each mailbox, reads every mail and forgets it: as little work as
/// a server can have, so that the senders are what is measured.
/// </summary>
internal sealed class Sink : IAsyncDisposable
{
    public const string Host = "127.0.0.1";
    private readonly MailSockets _sockets = new(TimeProvider.System, NullLogger<MailSockets>.Instance);
    private readonly CancellationTokenSource _gone = new();
    private readonly SmtpServerOptions _options;
    private readonly Func<Taker> _taker;
    private IConnectionListener? _listener;

    private Sink(X509Certificate2 certificate, Func<Taker> taker)
    {
        _taker = taker;
        _options = new SmtpServerOptions
        {
            HostName = "sink.fabrikam.example",
            Limits = new SmtpLimits(TlsRequired: true, AuthRequired: true) { MaxTransactions = int.MaxValue },
            Tls = new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 },
        };
    }

    public int Port => ((IPEndPoint)_listener!.EndPoint).Port; // bound in StartAsync

    /// <summary>What the sink expects of this mailbox.</summary>
    public static string TokenOf(string user) => $"token-of-{user}";

    /// <inheritdoc cref="TokenCheck"/>
    public static bool IsTokenOf(string user, string token) => token == TokenOf(user);

    /// <param name="certificateFile">Written: what clients must trust.</param>
    /// <param name="taker">Made for each connection.</param>
    public static async Task<Sink> StartAsync(string certificateFile, Func<Taker> taker, CancellationToken cancel)
    {
        var certificate = NewCertificate();
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem(), cancel);
        var sink = new Sink(certificate, taker);
        sink._listener = await sink._sockets.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), cancel);
        _ = sink._sockets.RunAsync(sink.AcceptAsync); // ends with the listener
        return sink;
    }

    public async ValueTask DisposeAsync()
    {
        if (_listener is not null) await _listener.DisposeAsync();
        await _gone.CancelAsync();
    }

    private async Task AcceptAsync()
    {
        while (await _listener!.AcceptAsync(CancellationToken.None) is { } connection) _ = ServeAsync(connection); // it ends with its connection
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        await SmtpConnection.RunAsync(
            connection.Transport, new SmtpEndpoints(connection.RemoteEndPoint, connection.LocalEndPoint), _taker(), _options, TimeProvider.System,
            CancellationToken.None, _gone.Token);
        await connection.DisposeAsync();
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sink.fabrikam.example", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
    }
}
