using System.Buffers;
using System.Globalization;
using System.Text;
using MailKit.Security;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending.Replies;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Sending;

/// <param name="Command">The verb, with the mechanism of an AUTH; never an argument that could be a secret.</param>
/// <param name="Reply">As the server said it, all lines.</param>
internal sealed record SmtpExchange(string Command, string Reply);

/// <summary>
/// One connection to a submission server (RFC 6409), knowing at every moment how far it has come. Sends the letter's own bytes, and
/// MAIL, RCPT and DATA in one piece where the server offers that (docs/decisions/0022-our-own-submission-client.md).
/// </summary>
internal sealed class SubmissionClient(OutboundPolicy policy, OutboundTrust trust, SendingOptions options) : IDisposable
{
    private const int MostAtOnce = 100; // commands whose replies the server's buffer surely holds while we still write (RFC 2920 §3.1)
    private const int Piece = 64 * 1024;
    private readonly List<RefusedRecipient> _refused = [];
    private readonly List<SmtpExchange> _exchanges = [];
    private readonly Dictionary<string, string> _offers = new(StringComparer.OrdinalIgnoreCase);
    private SubmissionWire? _wire;

    public SubmissionStep Step { get; private set; } = SubmissionStep.Connect;

    /// <summary>What the last command of connecting or signing in was answered with, as <c>535 5.7.3 …</c>.</summary>
    public string LastReply => _exchanges.Count > 0 ? _exchanges[^1].Reply : "";

    /// <summary>From the greeting to the answer to AUTH.</summary>
    public IReadOnlyList<SmtpExchange> Exchanges => _exchanges;

    /// <summary>Every recipient's refusal; telling only when the envelope failed as a whole.</summary>
    public IReadOnlyList<RefusedRecipient> RefusedRecipients => _refused;

    /// <summary>Version of the settings and secret that it signed in with.</summary>
    public (long Version, string Secret) Credential { get; set; }

    /// <summary>False: it was closed, or the server has said something unasked.</summary>
    public bool IsQuiet => _wire is { IsQuiet: true };

    private SubmissionWire Wire => _wire ?? throw new InvalidOperationException("Not connected");

    /// <exception cref="SubmissionRefused">The server does not want us.</exception>
    /// <exception cref="NotSupportedException">It offers no STARTTLS where the app's settings ask for it.</exception>
    public async Task ConnectAsync(EmailApp app, CancellationToken cancel)
    {
        Step = SubmissionStep.Connect;
        _wire = new SubmissionWire(await policy.ConnectAsync(app.SmtpHost, app.SmtpPort, cancel), TimeSpan.FromSeconds(options.ReplySeconds));
        if (app.SmtpSecurity == AppForm.Ssl) await Wire.SecureAsync(app.SmtpHost, trust, cancel);
        Demand(220, await HearAsync("connect", cancel));
        await HelloAsync(cancel);
        if (app.SmtpSecurity is AppForm.Ssl or AppForm.NoSecurity) return;
        if (!_offers.ContainsKey("STARTTLS")) throw new NotSupportedException("STARTTLS"); // never on in clear text
        Demand(220, await AskAsync("STARTTLS", "STARTTLS", cancel));
        await Wire.SecureAsync(app.SmtpHost, trust, cancel);
        await HelloAsync(cancel); // what was said before TLS anybody may have said (RFC 3207 §4.2)
    }

    /// <exception cref="SubmissionRefused">The server does not take what the app signs in with.</exception>
    /// <exception cref="NotSupportedException">It offers no AUTH.</exception>
    public async Task SignInAsync(EmailApp app, TokenAnswer.Ready ready, CancellationToken cancel)
    {
        Step = SubmissionStep.SignIn;
        if (!_offers.TryGetValue("AUTH", out var mechanisms)) throw new NotSupportedException("AUTH");
        var secret = ready.Secret.Reveal();
        var reply =
            !ready.IsPassword ? await OAuth2Async(app.UserName, secret, cancel)
            : mechanisms.Split(' ').Contains("PLAIN", StringComparer.OrdinalIgnoreCase)
                ? await AskAsync("AUTH PLAIN", $"AUTH PLAIN {Base64($"\0{SaslMechanism.SaslPrep(app.UserName)}\0{SaslMechanism.SaslPrep(secret)}")}", cancel)
            : await LoginAsync(app.UserName, secret, cancel);
        Demand(235, reply);
    }

    /// <returns>What the server does not offer and the letter cannot do without (RFC 6531 §3.1), as a sentence; null: nothing.</returns>
    public string? Lacks(string from, IEnumerable<string> recipients) =>
        !_offers.ContainsKey("SMTPUTF8") && recipients.Prepend(from).FirstOrDefault(address => !Ascii.IsValid(address)) is { } address
            ? $"The server does not offer SMTPUTF8, which the address {address} needs"
            : null;

    /// <param name="raw">The whole mail.</param>
    /// <returns>The reply to the final dot, and who was refused before it.</returns>
    /// <exception cref="SubmissionRefused">A whole answer that is not yes; <see cref="Step"/> and <see cref="RefusedRecipients"/> tell to what.</exception>
    public async Task<SendOutcome.Accepted> SubmitAsync(ReadOnlyMemory<byte> raw, string from, IReadOnlyList<string> recipients, CancellationToken cancel)
    {
        Step = SubmissionStep.Envelope;
        _refused.Clear();
        var mail = new OfferedMail(raw, recipients.Append(from), _offers);
        await EnvelopeAsync([$"MAIL FROM:<{Safe(from)}>{mail.Parameters}", .. recipients.Select(address => $"RCPT TO:<{Safe(address)}>"), "DATA"], recipients, cancel);
        Step = SubmissionStep.Content;
        await ContentAsync(mail.Content, cancel);
        var reply = await Wire.HearAsync(cancel);
        if (!reply.IsPositive) throw new SubmissionRefused(reply);
        Step = SubmissionStep.Reply;
        return new SendOutcome.Accepted(reply.Words, [.. _refused]) { Last = SubmissionStep.Reply };
    }

    /// <summary>For a connection in good order: tells the server.</summary>
    public void SayGoodbye()
    {
        _wire?.SayGoodbye();
        _wire = null;
    }

    public void Dispose() => _wire?.Dispose();

    private async Task HelloAsync(CancellationToken cancel)
    {
        var reply = await AskAsync("EHLO", $"EHLO {(options.HelloName.Length > 0 ? options.HelloName : Wire.LocalLiteral)}", cancel);
        Demand(250, reply);
        _offers.Clear();
        foreach (var line in reply.Words.Split('\n').Skip(1))
        {
            var words = line.Trim().Split([' ', '='], 2);
            _offers[words[0]] = words.Length > 1 ? $"{_offers.GetValueOrDefault(words[0])} {words[1]}".Trim() : "";
        }
    }

    /// <summary>A refusal may be told as a challenge first, which an empty answer ends (facts/microsoft365.md §5.3).</summary>
    private async Task<WireReply> OAuth2Async(string user, string token, CancellationToken cancel)
    {
        var reply = await AskAsync("AUTH XOAUTH2", $"AUTH XOAUTH2 {Base64($"user={user}\u0001auth=Bearer {token}\u0001\u0001")}", cancel);
        return reply.Code == 334 ? await AskAsync("…", "", cancel) : reply;
    }

    private async Task<WireReply> LoginAsync(string user, string password, CancellationToken cancel)
    {
        Demand(334, await AskAsync("AUTH LOGIN", "AUTH LOGIN", cancel));
        Demand(334, await AskAsync("…", Base64(user), cancel));
        return await AskAsync("…", Base64(password), cancel);
    }

    private async Task EnvelopeAsync(string[] commands, IReadOnlyList<string> recipients, CancellationToken cancel)
    {
        var atOnce = _offers.ContainsKey("PIPELINING") ? MostAtOnce : 1;
        for (var said = 0; said < commands.Length; said += atOnce)
        {
            var group = commands[said..Math.Min(said + atOnce, commands.Length)];
            if (said == commands.Length - 1) DemandRecipient(recipients);
            await SayAsync(string.Join("\r\n", group), cancel);
            for (var i = 0; i < group.Length; i++) Judge(said + i, commands.Length, recipients, await Wire.HearAsync(cancel));
        }
    }

    /// <summary>MAIL must be taken, of the recipients one at least, and DATA answered with 354. A server that says 354 though all were refused is left alone.</summary>
    private void Judge(int command, int commands, IReadOnlyList<string> recipients, WireReply reply)
    {
        if (command == commands - 1)
        {
            DemandRecipient(recipients);
            Demand(354, reply);
        }
        else if (command == 0)
        {
            if (!reply.IsPositive) throw reply.Code < 400 ? new SubmissionBroken("MAIL was answered with 3xx") : new SubmissionRefused(reply);
        }
        else if (!reply.IsPositive)
        {
            if (reply.Code < 400) throw new SubmissionBroken("RCPT was answered with 3xx");
            _refused.Add(new RefusedRecipient(recipients[command - 1], reply.Words, ReplyTable.Find(reply.Words) is not { Fate: ReplyFate.Dead }));
            if (_refused.Count == recipients.Count) throw new SubmissionRefused(reply);
        }
    }

    private void DemandRecipient(IReadOnlyList<string> recipients)
    {
        if (_refused.Count == recipients.Count) throw new SubmissionBroken("No recipient is left");
    }

    private async Task ContentAsync(ReadOnlyMemory<byte> mail, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(DottedMail.Roughly(mail.Length), Piece));
        try
        {
            for (var dotted = new DottedMail(mail); !dotted.IsDone;)
            {
                var written = dotted.WriteTo(buffer);
                if (dotted.IsDone) Step = SubmissionStep.FinalDot; // this write carries it: from here on silence is doubt
                await Wire.SayAsync(buffer.AsMemory(0, written), cancel);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<WireReply> AskAsync(string name, string line, CancellationToken cancel)
    {
        await SayAsync(line, cancel);
        return await HearAsync(name, cancel);
    }

    private async Task<WireReply> HearAsync(string name, CancellationToken cancel)
    {
        var reply = await Wire.HearAsync(cancel);
        _exchanges.Add(new SmtpExchange(name, reply.Raw));
        return reply;
    }

    private ValueTask SayAsync(string lines, CancellationToken cancel) => Wire.SayAsync(Encoding.UTF8.GetBytes($"{lines}\r\n"), cancel);

    private static void Demand(int code, WireReply reply)
    {
        if (reply.Code == code) return;
        throw reply.Code >= 400
            ? new SubmissionRefused(reply)
            : new SubmissionBroken(string.Create(CultureInfo.InvariantCulture, $"{reply.Code} where {code} belongs"));
    }

    /// <exception cref="ArgumentException">It would be more than an address on the wire.</exception>
    private static string Safe(string address) => address.AsSpan().IndexOfAny("\r\n\0<>") < 0
        ? address
        : throw new ArgumentException("An address holds what no path may hold", nameof(address));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
