using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Passerelle.Lab.Exchange;

/// <summary>How one attempt to hand a mail over ended for one recipient.</summary>
internal abstract record RelayOutcome
{
    private RelayOutcome() { }

    /// <param name="Reply">The receiver's words.</param>
    /// <param name="Command">DATA or BDAT: what carried the content.</param>
    /// <param name="KnowsDsn">It was told what the sender wants to hear, and sees to it (RFC 3461 §5.2.1).</param>
    public sealed record Accepted(string Reply, string Command, bool KnowsDsn) : RelayOutcome;
    public sealed record Later(string Reason) : RelayOutcome;

    /// <param name="Reply">A complete 5xx reply.</param>
    public sealed record Refused(string Reply) : RelayOutcome;

    /// <param name="code">4xx or 5xx.</param>
    /// <param name="text">The enhanced code and what follows.</param>
    public static RelayOutcome Of(SmtpStatusCode code, string text)
    {
        var reply = $"{(int)code} {text}";
        return (int)code >= 500 ? new Refused(reply) : new Later(reply);
    }
}

/// <summary>How the lab speaks to the receiver of one domain.</summary>
/// <param name="Bdat">Content by BDAT where CHUNKING is offered.</param>
internal sealed record RelayRoute(LoopbackTarget Target, string Domain, RelayTlsPolicy Tls, bool Bdat);

/// <summary>Hands a mail to a receiver as Exchange's outbound pool does: opportunistic STARTTLS with whatever certificate, all
/// recipients in one transaction, BDAT where it is offered (facts/microsoft365.md §6.3), no authentication.</summary>
internal static class RelayClient
{
    public const string Helo = "LAB01-obe.outbound.protection.outlook.com";
    private const int MillisecondsPerCommand = 30_000;

    /// <param name="items">Recipients of one mail.</param>
    /// <returns>One outcome for each, in their order.</returns>
    public static async Task<IReadOnlyList<RelayOutcome>> SendAsync(
        RelayRoute route, IReadOnlyList<RelayItem> items, byte[] raw, DateTimeOffset now, CancellationToken cancel)
    {
        using var client = new UnchangedClient(items, route.Bdat) { LocalDomain = Helo, Timeout = MillisecondsPerCommand };
        var whole = await SendAsync(client, route, items, raw, now, cancel);
        return [.. items.Select(item => client.Refused.GetValueOrDefault(item.Id) ?? whole)];
    }

    /// <returns>What holds for every recipient that was not refused by itself.</returns>
    private static async Task<RelayOutcome> SendAsync(
        UnchangedClient client, RelayRoute route, IReadOnlyList<RelayItem> items, byte[] raw, DateTimeOffset now, CancellationToken cancel)
    {
        string? fault = null;
        try
        {
            return await HandOverAsync(client, route, items, raw, now, found => fault = found, cancel);
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
            return RelayOutcome.Of(refusal.StatusCode, refusal.Message);
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
        UnchangedClient client, RelayRoute route, IReadOnlyList<RelayItem> items, byte[] raw, DateTimeOffset now,
        Action<string> refuse, CancellationToken cancel)
    {
        using var mail = await MimeMessage.LoadAsync(new MemoryStream(raw, writable: false), cancel);
        client.CheckCertificateRevocation = false;
#pragma warning disable CA5359 // opportunistic TLS: any certificate is better than the clear text we would send otherwise
        client.ServerCertificateValidationCallback = (_, certificate, _, _) =>
        {
            if (route.Tls is RelayTlsPolicy.Opportunistic || certificate is not X509Certificate2 given) return true;
            if (RelayTls.FaultOf(given, $"mx.{route.Domain}", now) is not { } fault) return true;
            refuse(fault);
            return false;
        };
#pragma warning restore CA5359
        var socket = await route.Target.ConnectAsync(cancel); // the client closes it
        await client.ConnectAsync(socket, route.Target.EndPoint.Address.ToString(), route.Target.EndPoint.Port,
            route.Tls is RelayTlsPolicy.Required ? SecureSocketOptions.StartTls : SecureSocketOptions.StartTlsWhenAvailable, cancel);
        if (!route.Bdat) client.Capabilities &= ~(SmtpCapabilities.Chunking | SmtpCapabilities.BinaryMime);
        var reply = await client.SendAsync(FormatOptions.Default, mail, new MailboxAddress("", items[0].ReversePath),
            items.Select(Mailbox), cancel);
        var accepted = new RelayOutcome.Accepted(
            reply, client.Capabilities.HasFlag(SmtpCapabilities.Chunking) ? "BDAT" : "DATA", client.Capabilities.HasFlag(SmtpCapabilities.Dsn));
        await client.DisconnectAsync(quit: true, CancellationToken.None); // accepted: the answer counts even while stopping
        return accepted;
    }

    private static MailboxAddress Mailbox(RelayItem item) => new("", item.Recipient);

    /// <summary>Sends a mail as it is: encoded anew, a mail would lose its signatures. A recipient that is refused does not keep
    /// the mail from the others.</summary>
    private sealed class UnchangedClient : SmtpClient
    {
        /// <summary>By the address as MailKit writes it.</summary>
        private readonly Dictionary<string, RelayItem> _items = [];
        private readonly DsnWish _wish;

        public UnchangedClient(IReadOnlyList<RelayItem> items, bool bdat)
        {
            foreach (var item in items) _items[Mailbox(item).Address] = item;
            _wish = items[0].Wish; // what it says of the whole mail is the same for all
            PreferSendAsBinaryData = bdat;
            if (_wish.HeadersOnly) DeliveryStatusNotificationType = DeliveryStatusNotificationType.HeadersOnly;
        }

        /// <summary>By item.</summary>
        public Dictionary<Guid, RelayOutcome> Refused { get; } = [];

        protected override bool PreferSendAsBinaryData { get; }

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
            Refused[_items[mailbox.Address].Id] = RelayOutcome.Of(response.StatusCode, response.Response);

        /// <summary>Only where the receiver offers DSN is any of it said.</summary>
        protected override string? GetEnvelopeId(MimeMessage message) => _wish.EnvelopeId;

        protected override DeliveryStatusNotification? GetDeliveryStatusNotifications(MimeMessage message, MailboxAddress mailbox) =>
            (DeliveryStatusNotification?)(int?)_items[mailbox.Address].Wish.Notify; // the same bits

        protected override void Prepare(
            FormatOptions options, MimeMessage message, EncodingConstraint constraint, int maxLineLength)
        {
            // the base would turn 8-bit and long lines into quoted-printable
        }
    }
}
