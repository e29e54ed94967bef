using System.Globalization;
using System.Text;
using Passerelle.Smtp;

namespace Passerelle.Fuzz;

/// <summary>A host that keeps what it is given and checks what the session promises of it. Some local parts ask it to misbehave.</summary>
/// <param name="buffer">Octets that it reads at a time; more than 4096 counts as that.</param>
internal sealed class FuzzHost(SmtpLimits limits, int buffer) : ISmtpService
{
    private readonly StringBuilder _kept = new();

    /// <summary>Every mail that was answered with 250: envelope and content.</summary>
    public string Kept => _kept.ToString();

    public int Closings { get; private set; }

    public ValueTask<SmtpReply> OnConnectAsync(SmtpSession session, CancellationToken cancel) => new(new SmtpReply(220, null, "ESMTP"));

    public IReadOnlyList<string> Mechanisms(SmtpSession session) => ["LOGIN"];

    public ValueTask<SmtpReply> OnMailAsync(SmtpSession session, MailFrom mail, CancellationToken cancel) => new(SmtpReply.SenderOk);

    public ValueTask<SmtpReply> OnRecipientAsync(SmtpSession session, RcptTo recipient, CancellationToken cancel) => recipient.Recipient.LocalPart switch
    {
        "nobody" => new(SmtpReply.NoSuchRecipient),
        "boom" => throw new TimeoutException(),
        _ => new(SmtpReply.RecipientOk),
    };

    public async ValueTask<SmtpReply> OnMessageAsync(SmtpSession session, SmtpEnvelope envelope, SmtpBody body, CancellationToken cancel)
    {
        if (envelope.Recipients[0].Recipient.LocalPart is "full") return SmtpReply.StoreFull;
        using var content = new MemoryStream();
        var block = new byte[Math.Clamp(buffer, 1, 4096)];
        while (await body.ReadAsync(block, cancel) is > 0 and var read) content.Write(block, 0, read);
        if (envelope.Recipients[0].Recipient.LocalPart is "crash") throw new TimeoutException();
        Check(envelope, Encoding.Latin1.GetString(content.ToArray()));
        return SmtpReply.Ok;
    }

    public async ValueTask<AuthAnswer> OnAuthenticateAsync(SmtpSession session, AuthExchange exchange, CancellationToken cancel)
    {
        var user = exchange.InitialResponse ?? await exchange.ChallengeAsync("Username:"u8.ToArray(), cancel);
        return user.Length > 3 ? AuthAnswer.Accept(Convert.ToHexString(user)) : AuthAnswer.Refuse(new SmtpReply(535, "7.3", "No"));
    }

    public ValueTask OnClosedAsync(SmtpSession session, SmtpClosing reason)
    {
        Closings++;
        return ValueTask.CompletedTask;
    }

    public void OnFault(SmtpSession session, Exception fault)
    {
        if (fault is not TimeoutException) throw new FuzzFinding(fault.ToString()); // not one of ours
    }

    private void Check(SmtpEnvelope envelope, string content)
    {
        if (content.Length > limits.MaxBytes) throw new FuzzFinding("More octets than the bound");
        var lines = envelope.From.Body is MailBody.BinaryMime ? content[..Math.Max(0, $"\r\n{content}".IndexOf("\r\n\r\n", StringComparison.Ordinal))] : content; // the header may be empty
        var lonely = lines.Replace("\r\n", "", StringComparison.Ordinal);
        if (lonely.Contains('\r') || lonely.Contains('\n')) throw new FuzzFinding("A bare CR or LF was kept");
        foreach (var address in envelope.Recipients.Select(to => to.Address).Append(envelope.From.Address))
        {
            if (address.Any(char.IsControl)) throw new FuzzFinding("A control character in an address");
        }
        _kept.Append(CultureInfo.InvariantCulture, $"{envelope.From} {string.Join(' ', envelope.Recipients)} {content}");
    }
}
