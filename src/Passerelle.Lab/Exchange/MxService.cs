using System.Globalization;
using Passerelle.Lab.State;
using Passerelle.Smtp;

namespace Passerelle.Lab.Exchange;

/// <summary>One connection to the MX of all labs. Each recipient's domain says which lab it belongs to, so one transaction
/// may reach several labs; each delivers its own copy.</summary>
internal sealed class MxService(
    Labs labs, Exchanges exchanges, Transport transport, FirstReceipt receipt, TimeProvider time, ILogger<MxService> log) : ISmtpService
{
    /// <summary>What a mailbox receives by default; SIZE announces what the service could carry (facts §5.2, §5.5).</summary>
    private const int LargestReceived = 36 * 1024 * 1024;

    private readonly ExchangeWords _words = new(ExchangeReplies.Edge, time);

    public ValueTask<SmtpReply> OnConnectAsync(SmtpSession session, CancellationToken cancel) => new(_words.Banner(session));

    public IReadOnlyList<string> Mechanisms(SmtpSession session) => [];

    public ValueTask<AuthAnswer> OnAuthenticateAsync(SmtpSession session, AuthExchange exchange, CancellationToken cancel) =>
        throw new InvalidOperationException("No mechanism is offered here");

    public ValueTask<SmtpReply> OnMailAsync(SmtpSession session, MailFrom mail, CancellationToken cancel) =>
        new(mail.DeclaredBytes > LargestReceived ? ExchangeReplies.TooLarge : SmtpReply.SenderOk);

    public ValueTask<SmtpReply> OnRecipientAsync(SmtpSession session, RcptTo recipient, CancellationToken cancel)
    {
        var address = recipient.Address;
        if (LabOf(address) is { } lab && (Submitter.Find(labs, address) is not null || transport.WriterBehind(address, lab) is not null))
            return new(SmtpReply.RecipientOk);
        return new(new SmtpReply(550, "4.1", ExchangeReplies.UnknownRecipient));
    }

    public async ValueTask<SmtpReply> OnMessageAsync(
        SmtpSession session, SmtpEnvelope envelope, SmtpBody body, CancellationToken cancel)
    {
        if (await body.ReadAllAsync(LargestReceived, cancel) is not { } raw) return ExchangeReplies.TooLarge;
        var helo = session.Helo ?? "unknown";
        var from = envelope.From.Address;
        var arrival = await receipt.JudgeAsync(ExchangeWords.Address(session), helo, from, raw, cancel);
        var id = MessageIds.Of(raw) ?? $"{session.Id:N}@{ExchangeReplies.Edge}";
        var reply = Queued(id, raw.Length);
        (Transit Mail, IReadOnlyList<string> Recipients)[] copies =
        [
            .. envelope.Recipients.Select(recipient => recipient.Address).GroupBy(LabOf)
                .Where(group => group.Key is not null) // null: its lab was removed since RCPT
                .Select(group => (new Transit(group.Key!, from, raw, arrival) { MessageId = id }, (IReadOnlyList<string>)[.. group])),
        ];
        await transport.DeliverAsync(copies, CancellationToken.None); // all of it, once it has begun
        foreach (var (mail, _) in copies) exchanges.Of(mail.Lab).Log.Add("receive", from, reply.ToString(), id);
        return reply;
    }

    public ValueTask OnClosedAsync(SmtpSession session, SmtpClosing reason) => default;

    public void OnFault(SmtpSession session, Exception fault) => log.ConnectionFaulted(fault, session.Id);

    public SmtpReply Rephrase(SmtpSession session, SmtpReply reply) => _words.Rephrase(session, reply);

    public string Hello(SmtpSession session) => ExchangeWords.Hello(session);

    private Twin? LabOf(string address) => labs.Domain(MailAddress.DomainOf(address))?.Lab;

    /// <summary>facts/microsoft365.md §5.6.</summary>
    private static SmtpReply Queued(string id, int bytes) => new(250, "6.0", string.Create(CultureInfo.InvariantCulture,
        $"<{id}> [InternalId={bytes}0001, Hostname={ExchangeReplies.BackEnd}] {bytes} bytes in 0.100, {bytes / 102.4:F3} KB/sec")
        + " Queued mail for delivery");
}
