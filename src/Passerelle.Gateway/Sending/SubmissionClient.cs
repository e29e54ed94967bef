using System.Globalization;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending.Replies;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Sending;

/// <summary>MailKit's client on a socket of our own, knowing at every moment how far it has come.</summary>
internal sealed class SubmissionClient : SmtpClient, ITransferProgress
{
    private static readonly FormatOptions International = NewInternational();
    private readonly List<RefusedRecipient> _refused = [];
    private readonly OutboundPolicy _policy;

    public SubmissionClient(OutboundPolicy policy, OutboundTrust trust, SendingOptions options)
        : this(policy, trust, options, new SmtpDialogue())
    {
    }

    private SubmissionClient(OutboundPolicy policy, OutboundTrust trust, SendingOptions options, SmtpDialogue dialogue)
        : base(dialogue)
    {
        _policy = policy;
        Dialogue = dialogue;
        dialogue.DotWritten = () =>
        {
            if (Step is SubmissionStep.Content) Step = SubmissionStep.FinalDot;
        };
        Timeout = (int)TimeSpan.FromSeconds(options.ReplySeconds).TotalMilliseconds;
        CheckCertificateRevocation = false; // it would connect to an address that nobody judged
        ServerCertificateValidationCallback = (_, certificate, chain, errors) => trust.Accepts(certificate, chain, errors);
        if (options.HelloName.Length > 0) LocalDomain = options.HelloName;
    }

    public SmtpDialogue Dialogue { get; }

    public SubmissionStep Step { get; private set; } = SubmissionStep.Connect;

    /// <summary>What the last command was answered with, as <c>535 5.7.3 …</c>.</summary>
    public string LastReply => Dialogue.LastReply;

    public async Task ConnectAsync(EmailApp app, CancellationToken cancel)
    {
        Step = SubmissionStep.Connect;
        var socket = await _policy.ConnectAsync(app.SmtpHost, app.SmtpPort, cancel);
        var security = app.SmtpSecurity switch
        {
            AppForm.Ssl => SecureSocketOptions.SslOnConnect,
            AppForm.NoSecurity => SecureSocketOptions.None,
            _ => SecureSocketOptions.StartTls, // refuses to go on in clear text
        };
        await ConnectAsync(socket, app.SmtpHost, app.SmtpPort, security, cancel);
        Capabilities &= ~(SmtpCapabilities.Chunking | SmtpCapabilities.BinaryMime); // BDAT hangs on Exchange: send with DATA
    }

    public async Task SignInAsync(EmailApp app, TokenAnswer.Ready ready, CancellationToken cancel)
    {
        Step = SubmissionStep.SignIn;
        SaslMechanism mechanism =
            !ready.IsPassword ? new SaslMechanismOAuth2(app.UserName, ready.Secret.Reveal())
            : AuthenticationMechanisms.Contains("PLAIN") ? new SaslMechanismPlain(Encoding.UTF8, app.UserName, ready.Secret.Reveal())
            : new SaslMechanismLogin(Encoding.UTF8, app.UserName, ready.Secret.Reveal());
        await AuthenticateAsync(mechanism, cancel);
    }

    /// <returns>What the server does not offer and the letter cannot do without (RFC 6531 §3.1), as a sentence; null: nothing.</returns>
    public string? Lacks(string from, IEnumerable<string> recipients) =>
        !Capabilities.HasFlag(SmtpCapabilities.UTF8) && recipients.Prepend(from).FirstOrDefault(address => !Ascii.IsValid(address)) is { } address
            ? $"The server does not offer SMTPUTF8, which the address {address} needs"
            : null;

    /// <returns>The reply to the final dot, and who was refused before it.</returns>
    public async Task<SendOutcome.Accepted> SubmitAsync(
        MimeMessage message, string from, IEnumerable<string> recipients, CancellationToken cancel)
    {
        Step = SubmissionStep.Envelope;
        _refused.Clear();
        MailboxAddress[] to = [.. recipients.Select(address => new MailboxAddress("", address))];
        var reply = await SendAsync(
            to.All(box => Ascii.IsValid(box.Address)) && Ascii.IsValid(from) ? FormatOptions.Default : International,
            message,
            new MailboxAddress("", from),
            to,
            cancel,
            this);
        Step = SubmissionStep.Reply;
        return new SendOutcome.Accepted($"250 {reply}", [.. _refused]) { Last = SubmissionStep.Reply };
    }

    /// <summary>Every recipient's refusal; telling only when the envelope failed as a whole.</summary>
    public IReadOnlyList<RefusedRecipient> RefusedRecipients => _refused;

    /// <summary>All but the dot is in the buffer: the next write may carry it, so from here on silence is doubt.</summary>
    void ITransferProgress.Report(long bytesTransferred, long totalSize) =>
        Step = bytesTransferred >= totalSize ? SubmissionStep.FinalDot : SubmissionStep.Content;

    void ITransferProgress.Report(long bytesTransferred) => Step = SubmissionStep.FinalDot; // no total: doubt is kept

    protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
        _refused.Add(new RefusedRecipient(mailbox.Address, Words(response), ReplyTable.Find(Words(response)) is not { Fate: ReplyFate.Dead }));

    /// <summary>MailKit then says SMTPUTF8 with MAIL, and leaves addresses as they are.</summary>
    private static FormatOptions NewInternational()
    {
        var options = FormatOptions.Default.Clone();
        options.International = true;
        return options;
    }

    internal static string Words(SmtpResponse response) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {response.Response}");
}
