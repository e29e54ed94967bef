using System.Text;
using Passerelle.Smtp;

namespace Passerelle.Dev.Bench.Send;

/// <summary>One connection of the sink: whoever has the token of his mailbox may send, and his mail is read and forgotten.</summary>
internal class Taker : ISmtpService
{
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
        return new(parts is [var user, var token, "", ""] && user.StartsWith("user=", StringComparison.Ordinal) && token == $"auth=Bearer {Sink.TokenOf(user[5..])}"
            ? AuthAnswer.Accept(user[5..])
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
