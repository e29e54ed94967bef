using System.Text;
using Passerelle.Smtp;

namespace Passerelle.Dev.Bench.Send;

/// <summary>Whether an access token lets this user send.</summary>
internal delegate bool TokenCheck(string user, string token);

/// <summary>One connection of the sink: whoever has the token of his mailbox may send, and his mail is read and forgotten.</summary>
internal class Taker(TokenCheck isTokenOf) : ISmtpService
{
    private const string Bearer = "auth=Bearer ";
    private static readonly SmtpReply Greeting = new(220, null, "ready");
    private static readonly SmtpReply Refused = new(535, "7.3", "Authentication unsuccessful");
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>Of the mail that was read last.</summary>
    protected ReadOnlySpan<byte> Beginning => _buffer;

    public ValueTask<SmtpReply> OnConnectAsync(SmtpSession session, CancellationToken cancel) => new(Greeting);

    public IReadOnlyList<string> Mechanisms(SmtpSession session) => ["XOAUTH2"];

    public virtual ValueTask<AuthAnswer> OnAuthenticateAsync(SmtpSession session, AuthExchange exchange, CancellationToken cancel)
    {
        var parts = Encoding.ASCII.GetString(exchange.InitialResponse ?? []).Split('\x01');
        return new(parts is [['u', 's', 'e', 'r', '=', .. var user], var held, "", ""] && held.StartsWith(Bearer, StringComparison.Ordinal) && isTokenOf(user, held[Bearer.Length..])
            ? AuthAnswer.Accept(user)
            : AuthAnswer.Refuse(Refused));
    }

    public ValueTask<SmtpReply> OnMailAsync(SmtpSession session, MailFrom mail, CancellationToken cancel) => new(SmtpReply.SenderOk);

    public ValueTask<SmtpReply> OnRecipientAsync(SmtpSession session, RcptTo recipient, CancellationToken cancel) => new(SmtpReply.RecipientOk);

    public virtual async ValueTask<SmtpReply> OnMessageAsync(SmtpSession session, SmtpEnvelope envelope, SmtpBody body, CancellationToken cancel)
    {
        var read = 0;
        while (await body.ReadAsync(_buffer.AsMemory(read < _buffer.Length ? read : 0), cancel) is > 0 and var more) read = Math.Min(_buffer.Length, read + more);
        return SmtpReply.Ok;
    }

    public virtual ValueTask OnClosedAsync(SmtpSession session, SmtpClosing reason) => ValueTask.CompletedTask;

    public void OnFault(SmtpSession session, Exception fault) => Console.Error.WriteLine(fault);
}
