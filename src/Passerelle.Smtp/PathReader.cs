namespace Passerelle.Smtp;

/// <summary>Reads the path of MAIL and RCPT (RFC 5321 §4.1.2). The angle brackets may be missing and a space may stand
/// before the path: Postfix and Exchange take that too, so senders exist that never noticed.</summary>
internal static class PathReader
{
    /// <param name="arguments">Behind the verb.</param>
    /// <param name="prefix">"FROM:" or "TO:", in any case.</param>
    /// <param name="mailbox">Null for <c>&lt;&gt;</c>.</param>
    /// <param name="parameters">What follows, without the space.</param>
    /// <returns>Null when read; else the refusal: 501 for what is no path, 553 for a path with a bad address.</returns>
    public static SmtpReply? Read(
        string arguments, string prefix, out Mailbox? mailbox, out ReadOnlySpan<char> parameters)
    {
        mailbox = null;
        parameters = default;
        if (!arguments.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return Syntax(prefix);
        var text = arguments.AsSpan(prefix.Length).TrimStart(' ');
        if (text.IsEmpty) return Syntax(prefix);

        var used = text[0] == '<' ? Bracketed(text, out mailbox) : Plain(text, out mailbox);
        if (used < 0) return new SmtpReply(553, prefix == "TO:" ? "1.3" : "1.7", "Malformed address");
        var rest = text[used..];
        if (rest.Length > 0 && rest[0] != ' ') return Syntax(prefix);
        parameters = rest.TrimStart(' ');
        return null;
    }

    private static SmtpReply Syntax(string prefix) =>
        SmtpReply.Syntax($"Say {(prefix == "TO:" ? "RCPT" : "MAIL")} {prefix}<address>");

    private static int Plain(ReadOnlySpan<char> text, out Mailbox? mailbox)
    {
        var reader = new MailboxReader(text, strict: false);
        mailbox = reader.Read();
        return mailbox is null ? -1 : reader.Position;
    }

    private static int Bracketed(ReadOnlySpan<char> text, out Mailbox? mailbox)
    {
        mailbox = null;
        if (text.StartsWith("<>")) return 2;
        var start = 1 + SourceRoute(text[1..]);
        var reader = new MailboxReader(text[start..], strict: false);
        mailbox = reader.Read();
        var end = start + reader.Position;
        while (end < text.Length && text[end] == ' ') end++;
        return mailbox is not null && end < text.Length && text[end] == '>' ? end + 1 : -1;
    }

    /// <summary>"SHOULD be ignored" (appendix C): <c>@a,@b:</c> before the mailbox. Returns its length.</summary>
    private static int SourceRoute(ReadOnlySpan<char> path)
    {
        if (path is not ['@', ..]) return 0;
        var colon = path.IndexOf(':');
        return colon < 0 || path[..colon].ContainsAny('"', '>') ? 0 : colon + 1;
    }
}
