namespace Passerelle.Smtp;

/// <summary>
/// What a host decides. One instance serves one connection, its calls never overlap, so it may keep the state of the
/// open transaction in fields; begin anew in <see cref="OnMailAsync"/>. An exception of any call becomes 451 and
/// the connection lives on; it is passed to <see cref="OnFault"/>. A 421 from any call closes after the reply.
/// </summary>
public interface ISmtpService
{
    /// <returns>220 to greet (its text follows the host name), or 421 or 554 to refuse the connection.</returns>
    ValueTask<SmtpReply> OnConnectAsync(SmtpSession session, CancellationToken cancel);

    /// <summary>The mechanisms to announce and allow now, upper case; empty: no AUTH here and now.</summary>
    IReadOnlyList<string> Mechanisms(SmtpSession session);

    /// <summary>Asked after every rule of the protocol was met; 2xx opens the transaction.</summary>
    ValueTask<SmtpReply> OnMailAsync(SmtpSession session, MailFrom mail, CancellationToken cancel);

    /// <summary>2xx adds the recipient.</summary>
    ValueTask<SmtpReply> OnRecipientAsync(SmtpSession session, RcptTo recipient, CancellationToken cancel);

    /// <summary>
    /// Reads <paramref name="body"/> to its end and answers for the whole message. Answering earlier is allowed for 4xx
    /// and 5xx: the rest is then drained. A 2xx before the end is a bug and becomes 451.
    /// <see cref="SmtpBody.ReadAsync"/> throws when the message is refused or the client is gone: let it pass and
    /// clean up in <c>finally</c>; nothing of such a message may be kept.
    /// </summary>
    ValueTask<SmtpReply> OnMessageAsync(
        SmtpSession session, SmtpEnvelope envelope, SmtpBody body, CancellationToken cancel);

    /// <summary>Only called for a mechanism of <see cref="Mechanisms"/>.</summary>
    ValueTask<AuthAnswer> OnAuthenticateAsync(SmtpSession session, AuthExchange exchange, CancellationToken cancel);

    /// <summary>The connection has ended; called once, whatever happened before.</summary>
    ValueTask OnClosedAsync(SmtpSession session, SmtpClosing reason);

    /// <summary>A call of this host threw. The client saw 451.</summary>
    void OnFault(SmtpSession session, Exception fault);

    /// <summary>A command is about to be refused for good; a host that wants the client to wait for that word waits here.</summary>
    /// <param name="stopping">We shut down: whoever waits is let go.</param>
    ValueTask OnRefusingAsync(SmtpSession session, SmtpReply refusal, CancellationToken stopping) => ValueTask.CompletedTask;

    /// <summary>Lets a host use its own words for replies that the protocol makes by itself: code and meaning are
    /// given, the twin of another server answers in its phrases.</summary>
    SmtpReply Rephrase(SmtpSession session, SmtpReply reply) => reply;

    /// <summary>LMTP only: the answer for one of the recipients of a message that was answered as a whole.</summary>
    /// <param name="recipient">Its place among the session's recipients, from 0.</param>
    SmtpReply ReplyTo(SmtpSession session, int recipient, SmtpReply whole) => whole;

    /// <summary>The text after the host name in the first line of the answer to EHLO, HELO and LHLO.</summary>
    string Hello(SmtpSession session) => "greets you";
}

/// <summary>Why a connection ended.</summary>
public enum SmtpClosing
{
    /// <summary>QUIT was answered.</summary>
    Quit,

    /// <summary>The client went away without QUIT.</summary>
    Disconnected,

    TimedOut,

    /// <summary>We closed: the greeting refused, too many errors, a 421 of the host, bytes behind STARTTLS.</summary>
    Refused,

    /// <summary>The TLS handshake failed.</summary>
    HandshakeFailed,

    ShuttingDown,
}
