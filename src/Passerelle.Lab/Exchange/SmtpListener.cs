using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Passerelle.Lab.Faults;
using Passerelle.Lab.Hosting;
using Passerelle.Smtp;

namespace Passerelle.Lab.Exchange;

/// <summary>Hands Kestrel's connections to the SMTP session, a service of its own for each.</summary>
internal abstract class SmtpListener<TService>(
    IServiceProvider services, SmtpServerOptions options, TimeProvider time, IHostApplicationLifetime life)
    : ConnectionHandler where TService : class, ISmtpService
{
    /// <summary>SIZE of Exchange Online (facts/microsoft365.md §5.2). Its other keywords are announced in its order.</summary>
    public const long MaxBytes = 157_286_400;

    public override Task OnConnectedAsync(ConnectionContext connection) => SmtpConnection.RunAsync(
        connection.Transport, new SmtpEndpoints(connection.RemoteEndPoint, connection.LocalEndPoint),
        ActivatorUtilities.CreateInstance<SmtpFaults>(services, (ISmtpService)ActivatorUtilities.CreateInstance<TService>(services)), options, time,
        life.ApplicationStopping, connection.ConnectionClosed);

    protected static SmtpServerOptions Options(string host, CertificateAuthority authority, SmtpLimits limits) => new()
    {
        HostName = host,
        Limits = limits,
        Extensions = SmtpExtensions.Chunking | SmtpExtensions.BinaryMime | SmtpExtensions.Dsn,
        Tls = new SslServerAuthenticationOptions
        {
            ServerCertificate = authority.Server,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        },
    };
}

/// <summary>Exchange's port 587: STARTTLS, then AUTH, then mail.</summary>
internal sealed class SubmissionListener(
    IServiceProvider services, CertificateAuthority authority, TimeProvider time, IHostApplicationLifetime life)
    : SmtpListener<SubmissionService>(services, Options(ExchangeReplies.FrontEnd, authority,
        new SmtpLimits(MaxBytes, TlsRequired: true, AuthRequired: true) { MaxRecipients = 1000 }), time, life);

/// <summary>Exchange's port 25: STARTTLS offered, nobody signs in.</summary>
internal sealed class MxListener(
    IServiceProvider services, CertificateAuthority authority, TimeProvider time, IHostApplicationLifetime life)
    : SmtpListener<MxService>(services, Options(ExchangeReplies.Edge, authority, new SmtpLimits(MaxBytes)), time, life);
