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
    private string _from = "";

    public ValueTask<SmtpReply> OnConnectAsync(SmtpSession session, CancellationToken cancel) => new(_words.Banner(session));

    public IReadOnlyList<string> Mechanisms(SmtpSession session) => [];

    public ValueTask<AuthAnswer> OnAuthenticateAsync(SmtpSession session, AuthExchange exchange, CancellationToken cancel) =>
        throw new InvalidOperationException("No mechanism is offered here");

    public ValueTask<SmtpReply> OnMailAsync(SmtpSession session, MailFrom mail, CancellationToken cancel)
    {
        _from = mail.Address;
        return new(mail.DeclaredBytes > LargestReceived ? ExchangeReplies.TooLarge : SmtpReply.SenderOk);
    }

    public ValueTask<SmtpReply> OnRecipientAsync(SmtpSession session, RcptTo recipient, CancellationToken cancel) =>
        new(Judge(ExchangeWords.Address(session), recipient.Address));

    public async ValueTask<SmtpReply> OnMessageAsync(
        SmtpSession session, SmtpEnvelope envelope, SmtpBody body, CancellationToken cancel)
    {
        if (await body.ReadAllAsync(LargestReceived, cancel) is not { } raw) return ExchangeReplies.TooLarge;
        var helo = session.Helo ?? "unknown";
        var from = envelope.From.Address;
        if (HasSeveralFrom(raw)) return new SmtpReply(550, "7.512", ExchangeReplies.BadFrom);
        var arrival = await receipt.JudgeAsync(ExchangeWords.Address(session), helo, from, raw, cancel);
        var id = MessageIds.Of(raw) ?? $"{session.Id:N}@{ExchangeReplies.Edge}";
        var wishes = DsnWish.Of(envelope);
        var places = envelope.Recipients.Select(recipient => recipient.Address)
            .ToLookup(address => arrival.Dmarc == "fail" && HonorsDmarc(address), address => address);
        var rejected = new SmtpReply(550, "7.509", ExchangeReplies.DmarcRejected(arrival.HeaderFrom));
        if (!places[false].Any()) return rejected; // nobody of them wants it
        var reply = Queued(id, raw.Length);
        (Transit Mail, IReadOnlyList<string> Recipients)[] copies =
        [
            .. places[false].GroupBy(LabOf)
                .Where(group => group.Key is not null) // null: its lab was removed since RCPT
                .Select(group => (new Transit(group.Key!, from, raw, arrival) { MessageId = id, Wishes = wishes }, (IReadOnlyList<string>)[.. group])),
        ];
        await transport.DeliverAsync(copies, CancellationToken.None); // all of it, once it has begun
        foreach (var (mail, _) in copies) exchanges.Of(mail.Lab).Log.Add("receive", from, reply.ToString(), id);
        foreach (var refused in places[true])
        {
            if (LabOf(refused) is { } lab)
                await transport.ReportAsync(new Transit(lab, from, raw, arrival) { MessageId = id, Wishes = wishes }, new Failure(refused, rejected.ToString(), null), CancellationToken.None);
        }

        return reply;
    }

    public ValueTask OnClosedAsync(SmtpSession session, SmtpClosing reason) => default;

    public void OnFault(SmtpSession session, Exception fault) => log.ConnectionFaulted(fault, session.Id);

    public SmtpReply Rephrase(SmtpSession session, SmtpReply reply) => _words.Rephrase(session, reply);

    public string Hello(SmtpSession session) => ExchangeWords.Hello(session);

    private Twin? LabOf(string address) => labs.Domain(MailAddress.DomainOf(address))?.Lab;

    /// <summary>Who is refused, then who is unknown (facts/microsoft365.md §5.5, §5.6).</summary>
    private SmtpReply Judge(string ip, string address)
    {
        if (LabOf(address) is not { } lab) return new SmtpReply(550, "4.1", ExchangeReplies.UnknownRecipient);
        if (transport.WriterBehind(address, lab) is not null) return SmtpReply.RecipientOk;
        var directory = lab.State.DirectoryOfDomain(MailAddress.DomainOf(address));
        var flow = directory?.MailFlowAt(lab.Time.GetUtcNow());
        if (flow is not null && EdgeReplies.BlockOf(flow, ip, _from) is { } block) return EdgeReplies.Of(block.Status, ip, _from, address);
        if (flow is { RejectDirectSend: true } && directory?.Owns(MailAddress.DomainOf(_from)) == true)
            return new SmtpReply(550, "7.68", ExchangeReplies.DirectSendRejected);
        var known = Submitter.Find(labs, address) is not null || directory?.Contact(address) is not null;
        return known || flow is { EdgeBlocking: false } ? SmtpReply.RecipientOk : new SmtpReply(550, "4.1", ExchangeReplies.UnknownRecipient);
    }

    private bool HonorsDmarc(string address) => LabOf(address) is { } lab
        && lab.State.DirectoryOfDomain(MailAddress.DomainOf(address))?.MailFlowAt(lab.Time.GetUtcNow()).HonorDmarc == true;

    /// <summary>RFC 5322 §3.6.2 knows one From field. A mail without any is carried all the same.</summary>
    private static bool HasSeveralFrom(byte[] raw) => MessageIds.Headers(raw).Count(header => header.Id == MimeKit.HeaderId.From) > 1;

    /// <summary>facts/microsoft365.md §5.6.</summary>
    private static SmtpReply Queued(string id, int bytes) => new(250, "6.0", string.Create(CultureInfo.InvariantCulture,
        $"<{id}> [InternalId={bytes}0001, Hostname={ExchangeReplies.BackEnd}] {bytes} bytes in 0.100, {bytes / 102.4:F3} KB/sec")
        + " Queued mail for delivery -> 250 2.1.5");
}
