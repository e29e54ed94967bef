using Passerelle.Dev.Bench.Send;
using Passerelle.Smtp;

namespace Passerelle.Dev.Soak.Send;

/// <summary>A connection to the sink that meets the limits of Exchange.</summary>
internal sealed class LimitedTaker(SinkBook book, TokenCheck isTokenOf) : Taker(isTokenOf)
{
    private static readonly SmtpReply TooManyConnections = new(432, "3.2", "STOREDRV.ClientSubmit; sender thread limit exceeded");
    private string? _mailbox;

    public override async ValueTask<AuthAnswer> OnAuthenticateAsync(SmtpSession session, AuthExchange exchange, CancellationToken cancel)
    {
        var answer = await base.OnAuthenticateAsync(session, exchange, cancel);
        if (answer.Identity is { } mailbox) book.Enter(_mailbox = mailbox, session.Id);
        return answer;
    }

    public override async ValueTask<SmtpReply> OnMessageAsync(SmtpSession session, SmtpEnvelope envelope, SmtpBody body, CancellationToken cancel)
    {
        var mailbox = _mailbox ?? throw new InvalidOperationException("The limits demand AUTH before MAIL");
        var reply = await base.OnMessageAsync(session, envelope, body, cancel);
        if (!book.MaySend(mailbox, session.Id)) return TooManyConnections;
        await book.WaitAsync(mailbox, cancel);
        book.Take(SentMail.Of(Beginning));
        return reply;
    }

    public override ValueTask OnClosedAsync(SmtpSession session, SmtpClosing reason)
    {
        if (_mailbox is not null) book.Leave(_mailbox, session.Id);
        return base.OnClosedAsync(session, reason);
    }
}
