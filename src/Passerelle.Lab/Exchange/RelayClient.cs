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
    public sealed record Accepted(string Reply) : RelayOutcome;
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
        LoopbackTarget target, string reversePath, string recipient, byte[] raw, RelayTlsPolicy tls, DateTimeOffset now, CancellationToken cancel)
    {
        string? fault = null;
        try
        {
            return new RelayOutcome.Accepted(
                await HandOverAsync(target, reversePath, recipient, raw, tls, now, found => fault = found, cancel));
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

    private static async Task<string> HandOverAsync(
        LoopbackTarget target, string reversePath, string recipient, byte[] raw, RelayTlsPolicy tls, DateTimeOffset now,
        Action<string> refuse, CancellationToken cancel)
    {
        using var mail = await MimeMessage.LoadAsync(new MemoryStream(raw, writable: false), cancel);
        using var client = new UnchangedClient { LocalDomain = Helo, Timeout = MillisecondsPerCommand };
        client.CheckCertificateRevocation = false;
#pragma warning disable CA5359 // opportunistic TLS: any certificate is better than the clear text we would send otherwise
        client.ServerCertificateValidationCallback = (_, certificate, _, _) =>
        {
            if (tls is RelayTlsPolicy.Opportunistic || certificate is not X509Certificate2 given) return true;
            if (RelayTls.FaultOf(given, $"mx.{MailAddress.DomainOf(recipient)}", now) is not { } fault) return true;
            refuse(fault);
            return false;
        };
#pragma warning restore CA5359
        var socket = await target.ConnectAsync(cancel); // the client closes it
        await client.ConnectAsync(socket, target.EndPoint.Address.ToString(), target.EndPoint.Port,
            tls is RelayTlsPolicy.Required ? SecureSocketOptions.StartTls : SecureSocketOptions.StartTlsWhenAvailable, cancel);
        var reply = await client.SendAsync(
            FormatOptions.Default, mail, new MailboxAddress("", reversePath), [new MailboxAddress("", recipient)], cancel);
        await client.DisconnectAsync(quit: true, CancellationToken.None); // accepted: the answer counts even while stopping
        return reply;
    }

    /// <summary>Sends a mail as it is: encoded anew, a mail would lose its signatures.</summary>
    private sealed class UnchangedClient : SmtpClient
    {
        protected override void Prepare(
            FormatOptions options, MimeMessage message, EncodingConstraint constraint, int maxLineLength)
        {
            // the base would turn 8-bit and long lines into quoted-printable
        }
    }
}
