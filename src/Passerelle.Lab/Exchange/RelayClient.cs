using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Passerelle.Lab.Exchange;

/// <summary>How one attempt to hand a mail over ended.</summary>
internal abstract record RelayOutcome
{
    private RelayOutcome() { }
    /// <param name="Reply">The receiver's words.</param>
    /// <param name="KnowsDsn">It was told what the sender wants to hear, and sees to it (RFC 3461 §5.2.1).</param>
    public sealed record Accepted(string Reply, bool KnowsDsn = false) : RelayOutcome;
    public sealed record Later(string Reason) : RelayOutcome;
    /// <param name="Reply">A complete 5xx reply.</param>
    public sealed record Refused(string Reply) : RelayOutcome;
}

/// <summary>Hands a mail to a receiver as Exchange's outbound pool does: opportunistic STARTTLS with whatever certificate
/// (facts/microsoft365.md §6.3), no authentication.</summary>
internal static class RelayClient
{
    public const string Helo = "LAB01-obe.outbound.protection.outlook.com";
    private const int MillisecondsPerCommand = 30_000;

    public static async Task<RelayOutcome> SendAsync(
        LoopbackTarget target, RelayItem item, byte[] raw, RelayTlsPolicy tls, DateTimeOffset now, CancellationToken cancel)
    {
        string? fault = null;
        try
        {
            return await HandOverAsync(target, item, raw, tls, now, found => fault = found, cancel);
        }
        catch (Exception) when (fault is not null && !cancel.IsCancellationRequested)
        {
            return new RelayOutcome.Later(fault);
        }
        catch (NotSupportedException)
        {
            return new RelayOutcome.Later(RelayTls.NoStartTls); // TLS was wanted and is not offered
        }
        catch (SmtpCommandException refusal)
        {
            var reply = $"{(int)refusal.StatusCode} {refusal.Message}";
            return (int)refusal.StatusCode >= 500 ? new RelayOutcome.Refused(reply) : new RelayOutcome.Later(reply);
        }
        catch (Exception failure) when (failure is SocketException or IOException or ProtocolException or TimeoutException
            or SslHandshakeException or ServiceNotConnectedException)
        {
            return new RelayOutcome.Later(failure.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new RelayOutcome.Later("The receiver took too long to answer"); // the client's own time-out
        }
    }

    private static async Task<RelayOutcome> HandOverAsync(
        LoopbackTarget target, RelayItem item, byte[] raw, RelayTlsPolicy tls, DateTimeOffset now,
        Action<string> refuse, CancellationToken cancel)
    {
        using var mail = await MimeMessage.LoadAsync(new MemoryStream(raw, writable: false), cancel);
        using var client = new UnchangedClient(item.Wish) { LocalDomain = Helo, Timeout = MillisecondsPerCommand };
        client.CheckCertificateRevocation = false;
#pragma warning disable CA5359 // opportunistic TLS: any certificate is better than the clear text we would send otherwise
        client.ServerCertificateValidationCallback = (_, certificate, _, _) =>
        {
            if (tls is RelayTlsPolicy.Opportunistic || certificate is not X509Certificate2 given) return true;
            if (RelayTls.FaultOf(given, $"mx.{MailAddress.DomainOf(item.Recipient)}", now) is not { } fault) return true;
            refuse(fault);
            return false;
        };
#pragma warning restore CA5359
        var socket = await target.ConnectAsync(cancel); // the client closes it
        await client.ConnectAsync(socket, target.EndPoint.Address.ToString(), target.EndPoint.Port,
            tls is RelayTlsPolicy.Required ? SecureSocketOptions.StartTls : SecureSocketOptions.StartTlsWhenAvailable, cancel);
        var reply = await client.SendAsync(
            FormatOptions.Default, mail, new MailboxAddress("", item.ReversePath), [new MailboxAddress("", item.Recipient)], cancel);
        await client.DisconnectAsync(quit: true, CancellationToken.None); // accepted: the answer counts even while stopping
        return new RelayOutcome.Accepted(reply, client.Capabilities.HasFlag(SmtpCapabilities.Dsn));
    }

    /// <summary>Sends a mail as it is: encoded anew, a mail would lose its signatures.</summary>
    private sealed class UnchangedClient : SmtpClient
    {
        private readonly DsnWish _wish;

        public UnchangedClient(DsnWish wish)
        {
            _wish = wish;
            if (wish.HeadersOnly) DeliveryStatusNotificationType = DeliveryStatusNotificationType.HeadersOnly;
        }

        /// <summary>Only where the receiver offers DSN is any of it said.</summary>
        protected override string? GetEnvelopeId(MimeMessage message) => _wish.EnvelopeId;

        protected override DeliveryStatusNotification? GetDeliveryStatusNotifications(MimeMessage message, MailboxAddress mailbox) =>
            (DeliveryStatusNotification?)(int?)_wish.Notify; // the same bits

        protected override void Prepare(
            FormatOptions options, MimeMessage message, EncodingConstraint constraint, int maxLineLength)
        {
            // the base would turn 8-bit and long lines into quoted-printable
        }
    }
}
