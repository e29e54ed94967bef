using System.Globalization;
using System.Net;
using Passerelle.Smtp;

namespace Passerelle.Lab.Exchange;

/// <summary>Exchange's phrases around one connection: banner, greeting, and the suffix of its refusals.</summary>
/// <param name="host">The server's name in banner and suffix.</param>
internal sealed class ExchangeWords(string host, TimeProvider time)
{
    public SmtpReply Banner(SmtpSession session) => new(220, null, string.Create(CultureInfo.InvariantCulture,
        $"Microsoft ESMTP MAIL Service ready at {time.GetUtcNow():ddd, d MMM yyyy HH:mm:ss} +0000 [{Id(session)}]"));

    public static string Hello(SmtpSession session) => $"Hello [{Address(session)}]";

    public static string Address(SmtpSession session) => (session.Endpoints.Remote as IPEndPoint)?.Address.ToString() ?? "unknown";

    /// <summary><c> [HOST 2024-02-14T14:50:26.590Z 08DC2D372B4C3DED]</c>, as the service adds since 2024.</summary>
    public SmtpReply Suffixed(SmtpSession session, int code, string detail, string text) =>
        new(code, detail, string.Create(CultureInfo.InvariantCulture,
            $"{text} [{host} {time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {Id(session)}]"));

    public SmtpReply Rephrase(SmtpSession session, SmtpReply reply) => reply switch
    {
        _ when reply == SmtpReply.StartTlsFirst || reply == SmtpReply.AuthenticateFirst =>
            Suffixed(session, 530, "7.57", ExchangeReplies.NotAuthenticated),
        { Code: 250, Text: "Reset" } => reply with { Text = "Resetting" },
        _ when reply == SmtpReply.Closing => reply with { Text = "Service closing transmission channel" },
        { Code: 220, Detail: not null } => reply with { Text = "SMTP server ready" },
        { Code: 354 } => reply with { Text = "Start mail input; end with <CRLF>.<CRLF>" },
        { Code: 500, Text: "Unrecognised command" } => Suffixed(session, 500, "3.3", $"Unrecognized command '{session.UnknownVerb}'"),
        { Code: 500 } => Suffixed(session, 500, "3.3", "Unrecognized command"),
        { Code: 504 } => new SmtpReply(504, "7.4", "Unrecognized authentication type"),
        { Code: 503 } when !session.Greeted => Suffixed(session, 503, "5.2", "Send hello first"),
        _ => reply,
    };

    private static string Id(SmtpSession session) => session.Id.ToString("N")[^16..].ToUpperInvariant();
}
