using System.Text;

namespace Passerelle.Smtp.Tests;

/// <summary>A host that takes everything, except where a local part says otherwise.</summary>
internal class AcceptAll : ISmtpService
{
    public List<(SmtpEnvelope Envelope, byte[] Content)> Messages { get; } = [];
    public List<Exception> Faults { get; } = [];
    public List<SmtpClosing> Closings { get; } = [];
    public SmtpSession? Session { get; private set; }
    public SmtpReply Greeting { get; init; } = new(220, null, "ESMTP");
    public IReadOnlyList<string> Offered { get; init; } = [];
    public int BufferSize { get; init; } = 4096;

    public ValueTask<SmtpReply> OnConnectAsync(SmtpSession session, CancellationToken cancel)
    {
        Session = session;
        return new(Greeting);
    }

    public IReadOnlyList<string> Mechanisms(SmtpSession session) => Offered;

    public ValueTask<SmtpReply> OnMailAsync(SmtpSession session, MailFrom mail, CancellationToken cancel) =>
        mail.Sender?.LocalPart == "boom" ? throw new TimeoutException("store") : new(SmtpReply.SenderOk);

    public ValueTask<SmtpReply> OnRecipientAsync(SmtpSession session, RcptTo recipient, CancellationToken cancel) =>
        recipient.Recipient.LocalPart switch
        {
            "nobody" => new(SmtpReply.NoSuchRecipient),
            "boom" => throw new TimeoutException("store"),
            "throttled" => new(new SmtpReply(421, "7.0", "Go away")),
            _ => new(SmtpReply.RecipientOk),
        };

    public async ValueTask<SmtpReply> OnMessageAsync(
        SmtpSession session, SmtpEnvelope envelope, SmtpBody body, CancellationToken cancel)
    {
        var first = envelope.Recipients[0].Recipient.LocalPart;
        if (first == "full") return SmtpReply.StoreFull;
        if (first == "hasty") return SmtpReply.Ok;
        var content = new MemoryStream();
        var buffer = new byte[BufferSize];
        try
        {
            while (await body.ReadAsync(buffer, cancel) is > 0 and var read) content.Write(buffer, 0, read);
        }
        catch (Exception swallowed) when (first == "greedy" && swallowed is not OperationCanceledException)
        {
            return SmtpReply.Ok;
        }
        if (first == "crash") throw new TimeoutException("store");
        Messages.Add((envelope, content.ToArray()));
        return new SmtpReply(250, "0.0", $"Stored {content.Length}");
    }

    public async ValueTask<AuthAnswer> OnAuthenticateAsync(
        SmtpSession session, AuthExchange exchange, CancellationToken cancel)
    {
        if (exchange.Mechanism == "XOAUTH2")
        {
            var token = exchange.InitialResponse ?? await exchange.ChallengeAsync(Array.Empty<byte>(), cancel);
            return token.Length > 0 && token[0] == 'u'
                ? AuthAnswer.Accept(Encoding.UTF8.GetString(token))
                : AuthAnswer.Refuse(new SmtpReply(535, "7.3", "Authentication unsuccessful"));
        }
        var user = Encoding.UTF8.GetString(await exchange.ChallengeAsync("Username:"u8.ToArray(), cancel));
        if (user == "boom") throw new TimeoutException("store");
        var password = Encoding.UTF8.GetString(await exchange.ChallengeAsync("Password:"u8.ToArray(), cancel));
        return password == "secret"
            ? AuthAnswer.Accept(user)
            : AuthAnswer.Refuse(new SmtpReply(535, "7.3", "Authentication unsuccessful"));
    }

    public ValueTask OnClosedAsync(SmtpSession session, SmtpClosing reason)
    {
        Closings.Add(reason);
        return default;
    }

    public void OnFault(SmtpSession session, Exception fault) => Faults.Add(fault);
}
