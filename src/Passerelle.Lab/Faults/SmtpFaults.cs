using System.Text.RegularExpressions;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;
using Passerelle.Smtp;

namespace Passerelle.Lab.Faults;

/// <summary>Stands before one SMTP connection and answers instead of Exchange while a fault says so. On the submission port
/// the mailbox that signs in says whose lab it is, on the MX the recipient's domain.</summary>
internal sealed partial class SmtpFaults(ISmtpService inner, FaultBook book, Labs labs, TimeProvider time) : ISmtpService
{
    private readonly ExchangeWords _words = new(ExchangeReplies.FrontEnd, time);
    private string? _mailbox;
    private string? _client;

    public ValueTask<SmtpReply> OnConnectAsync(SmtpSession session, CancellationToken cancel) => inner.OnConnectAsync(session, cancel);

    public IReadOnlyList<string> Mechanisms(SmtpSession session) => inner.Mechanisms(session);

    public async ValueTask<AuthAnswer> OnAuthenticateAsync(SmtpSession session, AuthExchange exchange, CancellationToken cancel)
    {
        if (labs.All.All(lab => lab.State.Faults.IsEmpty)) return await inner.OnAuthenticateAsync(session, exchange, cancel);
        var first = exchange.InitialResponse
            ?? await exchange.ChallengeAsync(exchange.Mechanism == "LOGIN" ? "Username:"u8.ToArray() : ReadOnlyMemory<byte>.Empty, cancel);
        (_mailbox, _client) = Named(exchange.Mechanism, first);
        if (await PlayAsync(FaultPlace.SmtpAuth, _mailbox, cancel) is not { } reply)
            return await inner.OnAuthenticateAsync(session, new AuthExchange(exchange.Mechanism, first, exchange.ChallengeAsync), cancel);
        if (exchange.Mechanism == "LOGIN") await exchange.ChallengeAsync("Password:"u8.ToArray(), cancel); // refused after both, as ever
        return AuthAnswer.Refuse(reply.Code == 535 ? _words.Suffixed(session, reply.Code, reply.Detail ?? "7.3", reply.Text) : reply);
    }

    public async ValueTask<SmtpReply> OnMailAsync(SmtpSession session, MailFrom mail, CancellationToken cancel) =>
        await PlayAsync(FaultPlace.SmtpMail, Sender(session), cancel) ?? await inner.OnMailAsync(session, mail, cancel);

    public async ValueTask<SmtpReply> OnRecipientAsync(SmtpSession session, RcptTo recipient, CancellationToken cancel) =>
        await PlayAsync(FaultPlace.SmtpRcpt, Sender(session), cancel)
        ?? (session.Identity is null ? await PlayAsync(FaultPlace.Mx, recipient.Address, cancel) : null)
        ?? await inner.OnRecipientAsync(session, recipient, cancel);

    public async ValueTask<SmtpReply> OnMessageAsync(SmtpSession session, SmtpEnvelope envelope, SmtpBody body, CancellationToken cancel) =>
        await PlayAsync(FaultPlace.SmtpData, Sender(session), cancel) ?? await inner.OnMessageAsync(session, envelope, body, cancel);

    public ValueTask OnClosedAsync(SmtpSession session, SmtpClosing reason) => inner.OnClosedAsync(session, reason);

    public void OnFault(SmtpSession session, Exception fault) => inner.OnFault(session, fault);

    public SmtpReply Rephrase(SmtpSession session, SmtpReply reply) => inner.Rephrase(session, reply);

    public string Hello(SmtpSession session) => inner.Hello(session);

    /// <returns>Null: the true answer, perhaps late.</returns>
    public static SmtpReply? ReplyOf(Fault fault)
    {
        var words = fault.Reply ?? (fault.Code is { } code ? FaultCatalogue.Find(code, fault.Where)?.Answer : null);
        return words is not null && Form().Match(words) is { Success: true } match
            ? new SmtpReply(int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture),
                match.Groups[2].Success ? match.Groups[2].Value : null, match.Groups[3].Value)
            : null;
    }

    private string? Sender(SmtpSession session) => session.Identity is null ? null : _mailbox ?? session.Identity;

    private async Task<SmtpReply?> PlayAsync(FaultPlace place, string? address, CancellationToken cancel)
    {
        if (address is null || labs.Domain(MailAddress.DomainOf(address))?.Lab is not { } lab) return null;
        if (FaultBook.Take(lab, place, new FaultSubject(_client, address)) is not { } fault) return null;
        await book.WaitAsync(fault, cancel);
        return fault.Silent ? SmtpReply.TimedOut : ReplyOf(fault);
    }

    private static (string? Mailbox, string? Client) Named(string mechanism, byte[] first) =>
        mechanism != "XOAUTH2" ? (System.Text.Encoding.UTF8.GetString(first), null)
        : XOAuth2.TryParse(first) is { } offer ? (offer.User, TokenMark.Of(offer.Token)?.AppId)
        : (null, null);

    [GeneratedRegex(@"^([245]\d\d)(?: [245]\.(\d{1,3}\.\d{1,3}))? (.{1,400})$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
