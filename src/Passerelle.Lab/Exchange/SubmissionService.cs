using System.Text;
using MimeKit;
using Passerelle.Lab.State;
using Passerelle.Smtp;

namespace Passerelle.Lab.Exchange;

/// <summary>One connection to the submission port of all labs: after AUTH the mailbox says which lab it belongs to.</summary>
internal sealed class SubmissionService(
    ExchangeSignIn signIn, Exchanges exchanges, Labs labs, Transport transport, ConnectionCount connections,
    TimeProvider time, ILogger<SubmissionService> log) : ISmtpService
{
    private static readonly string[] InTheClear = [];
    private static readonly string[] Encrypted = ["LOGIN", "XOAUTH2"];
    private readonly ExchangeWords _words = new(ExchangeReplies.FrontEnd, time);
    private Submitter? _submitter;
    private TokenMark? _token;
    private Actor? _actor;

    public ValueTask<SmtpReply> OnConnectAsync(SmtpSession session, CancellationToken cancel) => new(_words.Banner(session));

    public IReadOnlyList<string> Mechanisms(SmtpSession session) => session.Secure ? Encrypted : InTheClear;

    public async ValueTask<AuthAnswer> OnAuthenticateAsync(SmtpSession session, AuthExchange exchange, CancellationToken cancel) =>
        exchange.Mechanism == "XOAUTH2"
            ? await ByTokenAsync(session, exchange, cancel)
            : await ByPasswordAsync(session, exchange, cancel);

    public ValueTask<SmtpReply> OnMailAsync(SmtpSession session, MailFrom mail, CancellationToken cancel) =>
        new(mail.DeclaredBytes > LimitsOf(_submitter).MessageBytes ? ExchangeReplies.TooLarge
            : Blocked(ExchangeWords.Address(session), mail.Address) ?? SmtpReply.SenderOk);

    public ValueTask<SmtpReply> OnRecipientAsync(SmtpSession session, RcptTo recipient, CancellationToken cancel) =>
        new(recipient.Recipient.Domain is not { } domain ? SmtpReply.NoSuchRecipient
            : SubmissionHost.Is(session, SubmissionHost.HighVolume) && _submitter?.Organisation?.Owns(domain) != true ? ExchangeReplies.HighVolumeIsInternal
            : session.Recipients.Count >= LimitsOf(_submitter).RecipientsPerMessage ? ExchangeReplies.TooManyRecipients
            : SmtpReply.RecipientOk);

    public async ValueTask<SmtpReply> OnMessageAsync(
        SmtpSession session, SmtpEnvelope envelope, SmtpBody body, CancellationToken cancel)
    {
        var submitter = _submitter ?? throw new InvalidOperationException("The limits demand AUTH before MAIL");
        if (await body.ReadAllAsync(LimitsOf(submitter).MessageBytes, cancel) is not { } raw) return ExchangeReplies.TooLarge;
        var reply = await AnswerAsync(session, submitter, envelope, raw, cancel);
        exchanges.Of(submitter.Lab).Log.Add("submit", submitter.Address, reply.ToString(), MessageIds.Of(raw), _token);
        return reply;
    }

    public ValueTask OnClosedAsync(SmtpSession session, SmtpClosing reason)
    {
        if (_submitter is not null) connections.Leave(_submitter.Address, session.Id);
        return default;
    }

    public void OnFault(SmtpSession session, Exception fault) => log.ConnectionFaulted(fault, session.Id);

    public SmtpReply Rephrase(SmtpSession session, SmtpReply reply) => _words.Rephrase(session, reply);

    public string Hello(SmtpSession session) => ExchangeWords.Hello(session);

    /// <summary>Cancelled only while it waits for its turn: after that either all of it happens or the client hears a refusal.</summary>
    private async Task<SmtpReply> AnswerAsync(SmtpSession session, Submitter submitter, SmtpEnvelope envelope, byte[] raw, CancellationToken cancel)
    {
        var limits = LimitsOf(submitter);
        if (MayNotSend(session, submitter, envelope, raw) is { } refused) return refused;
        var recipients = envelope.Recipients.Select(recipient => recipient.Address).ToArray();
        var ledger = exchanges.Of(submitter.Lab).Ledger;
        if (ledger.Refusal(submitter, envelope.From.Address, recipients) is { } refusal) return refusal;
        await ledger.WaitAsync(submitter, limits, cancel);
        var id = await transport.SubmitAsync(
            submitter, envelope.From.Address, recipients, raw, session.Helo ?? "unknown", DsnWish.Of(envelope), CancellationToken.None);
        return new SmtpReply(250, "0.0", $"OK <{id}> [Hostname={ExchangeReplies.BackEnd}]");
    }

    /// <summary>The order of facts/microsoft365.md §12: the mailbox's permission, the sender, then the limits.</summary>
    private SmtpReply? MayNotSend(SmtpSession session, Submitter submitter, SmtpEnvelope envelope, byte[] raw)
    {
        var age = submitter.Organisation?.Submission.Replies ?? ReplyAge.Current;
        var mailbox = submitter.Mailbox;
        if (mailbox is not null && _actor?.MayOpen(mailbox) == false) return new SmtpReply(430, "2.0", ExchangeReplies.LogonFailure);
        if (NotOwned(submitter, envelope, raw) is { } other)
        {
            return age switch
            {
                ReplyAge.Older => ExchangeReplies.OlderSendAsDenied,
                ReplyAge.Oldest => ExchangeReplies.OldestSendAsDenied,
                _ => new SmtpReply(554, "2.252", ExchangeReplies.SendAsDenied(submitter.Address, other)),
            };
        }

        var current = age is ReplyAge.Current;
        if (connections.IsTooMany(submitter.Address, session.Id, LimitsOf(submitter).Connections))
            return current ? new SmtpReply(432, "3.2", ExchangeReplies.TooManyConnections) : ExchangeReplies.OlderTooManyConnections;
        if (mailbox is { Restricted: true }) return current ? new SmtpReply(554, "2.0", ExchangeReplies.OutboundSpam) : ExchangeReplies.BadOutboundSender;
        return mailbox is { Full: true } ? new SmtpReply(554, "2.2", ExchangeReplies.SenderFull) : null;
    }

    /// <summary>The lists of the edge hold for the organisation's own senders too: throttled, banned, over a threshold.</summary>
    private SmtpReply? Blocked(string ip, string sender) =>
        _submitter?.Organisation?.MailFlowAt(_submitter.Lab.Time.GetUtcNow()) is { } flow && EdgeReplies.BlockOf(flow, ip, sender) is { } block
            ? EdgeReplies.Of(block.Status, ip, sender, sender)
            : null;

    /// <returns>The first sender that is not an address of the mailbox (facts §5.7), or null. The null sender is allowed:
    /// an automatic reply has it.</returns>
    private string? NotOwned(Submitter submitter, SmtpEnvelope envelope, byte[] raw)
    {
        var headers = MessageIds.Headers(raw);
        string[] named = [headers[HeaderId.From] ?? "", headers[HeaderId.Sender] ?? ""];
        return named.SelectMany(Addresses).Append(envelope.From.Address)
            .FirstOrDefault(address => address.Length > 0 && !submitter.Owns(address) && _actor?.MaySendAs(submitter, address) != true);
    }

    /// <summary>Read anew each time: the admin may change them while a connection is open. A customer has the defaults.</summary>
    private static SubmissionLimits LimitsOf(Submitter? submitter) => submitter?.Organisation?.SubmissionLimits ?? new SubmissionLimits();

    private static IEnumerable<string> Addresses(string header) =>
        InternetAddressList.TryParse(header, out var list) ? list.Mailboxes.Select(mailbox => mailbox.Address) : [];

    private async Task<AuthAnswer> ByTokenAsync(SmtpSession session, AuthExchange exchange, CancellationToken cancel)
    {
        var data = exchange.InitialResponse ?? await exchange.ChallengeAsync(ReadOnlyMemory<byte>.Empty, cancel);
        if (SubmissionHost.Is(session, SubmissionHost.Personal)) return Answer(session, "", ExchangeSignIn.Unsuccessful, null);
        if (XOAuth2.TryParse(data) is not { } offer)
            return AuthAnswer.Refuse(new SmtpReply(501, "5.124", "Invalid XOAUTH2 auth data"));
        var mark = TokenMark.Of(offer.Token);
        return Answer(session, offer.User, await signIn.ByTokenAsync(offer), mark);
    }

    private async Task<AuthAnswer> ByPasswordAsync(SmtpSession session, AuthExchange exchange, CancellationToken cancel)
    {
        var user = exchange.InitialResponse ?? await exchange.ChallengeAsync("Username:"u8.ToArray(), cancel);
        var password = await exchange.ChallengeAsync("Password:"u8.ToArray(), cancel);
        var name = Encoding.UTF8.GetString(user);
        return Answer(session, name, signIn.ByPassword(name, Encoding.UTF8.GetString(password)), null);
    }

    private AuthAnswer Answer(SmtpSession session, string user, SignIn outcome, TokenMark? mark)
    {
        var answer = outcome switch
        {
            SignIn.Accepted accepted => AuthAnswer.Accept(accepted.Submitter.Address),
            SignIn.Refused { Code: 550 } retired => AuthAnswer.Refuse(new SmtpReply(550, retired.Detail, retired.Text)),
            SignIn.Refused refused => AuthAnswer.Refuse(_words.Suffixed(session, refused.Code, refused.Detail, refused.Text)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (outcome is SignIn.Accepted { Submitter: var submitter } accepts)
        {
            (_submitter, _token, _actor) = (submitter, mark, accepts.Actor);
            connections.Enter(submitter.Address, session.Id);
        }

        if (labs.Domain(MailAddress.DomainOf(user))?.Lab is { } lab)
            exchanges.Of(lab).Log.Add("auth", user, answer.Reply.ToString(), null, mark);
        return answer;
    }
}
