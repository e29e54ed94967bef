namespace Passerelle.Smtp;

/// <summary>EHLO and HELO (RFC 5321 §4.1.1.1), LHLO (RFC 2033 §4.1): who are you, and what we can do.</summary>
internal static class HelloCommand
{
    private const int MaxName = 255;

    private static readonly SmtpReply SayEhlo = SmtpReply.OutOfOrder("Say EHLO first");
    private static readonly SmtpReply SayLhlo = SmtpReply.OutOfOrder("Say LHLO first");

    public static SmtpReply Missing(SmtpSession session) => session.Options.Lmtp ? SayLhlo : SayEhlo;

    /// <summary>"A LMTP server MUST NOT return a positive reply" to EHLO and HELO (RFC 2033 §4.1), and SMTP knows no LHLO: two
    /// that do not speak the same find out at once.</summary>
    public static bool IsSpoken(SmtpSession session, Verb hello) => hello is Verb.Lhlo == session.Options.Lmtp;

    /// <summary>The name is recorded, not judged: many honest clients send a bad one, and §4.1.4 forbids refusing it.
    /// </summary>
    public static SmtpReply? Parse(string arguments, out string name)
    {
        var space = arguments.IndexOf(' ', StringComparison.Ordinal);
        name = space < 0 ? arguments : arguments[..space];
        if (name.Length > MaxName) name = name[..MaxName];
        return name.Length == 0 ? SmtpReply.Syntax("Say who you are") : null;
    }

    /// <summary>The lines behind the greeting, in the order that Exchange has.</summary>
    public static IEnumerable<string> Keywords(SmtpSession session, IReadOnlyList<string> mechanisms)
    {
        yield return $"SIZE {session.Limits.MaxBytes}";
        yield return "PIPELINING";
        if (session.Offers(SmtpExtensions.Dsn)) yield return "DSN";
        yield return "ENHANCEDSTATUSCODES";
        if (session is { Options.Tls: not null, Secure: false }) yield return "STARTTLS";
        if (mechanisms.Count > 0) yield return $"AUTH {string.Join(' ', mechanisms)}";
        yield return "8BITMIME";
        if (session.Offers(SmtpExtensions.BinaryMime)) yield return "BINARYMIME";
        if (session.Offers(SmtpExtensions.Chunking)) yield return "CHUNKING";
        if (session.Offers(SmtpExtensions.Help)) yield return "HELP";
        yield return "SMTPUTF8";
    }
}
