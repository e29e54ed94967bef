namespace Passerelle.Smtp;

/// <summary>The parameters of RCPT: NOTIFY and ORCPT (RFC 3461 §4.1, §4.2), where DSN is offered. No other extension that we
/// know adds one.</summary>
internal struct RcptParameters(SmtpExtensions extensions)
{
    /// <summary>"The maximum length is 500 characters" (RFC 3461 §4.2), as encoded.</summary>
    private const int LongestOriginal = 500;

    public DsnNotify? Notify { get; private set; }
    public OriginalRecipient? Original { get; private set; }

    private static SmtpReply BadNotify { get; } =
        SmtpReply.Syntax("NOTIFY is NEVER, or some of SUCCESS,FAILURE,DELAY, and comes once");

    private static SmtpReply BadOriginal { get; } = SmtpReply.Syntax("ORCPT is type;xtext, and comes once");

    /// <returns>Null when all were understood.</returns>
    public SmtpReply? Read(ReadOnlySpan<char> parameters)
    {
        foreach (var range in parameters.Split(' '))
        {
            var parameter = parameters[range];
            if (parameter.IsEmpty) continue;
            if (!MailParameters.IsWellFormed(parameter, out var keyword, out var value))
            {
                return SmtpReply.Syntax("Say RCPT TO:<address>");
            }
            if (Take(keyword, value) is { } refusal) return refusal;
        }
        return null;
    }

    private SmtpReply? Take(ReadOnlySpan<char> keyword, ReadOnlySpan<char> value)
    {
        if (!extensions.HasFlag(SmtpExtensions.Dsn)) return SmtpReply.UnknownParameter("Parameter not recognised");
        if (Is(keyword, "NOTIFY")) return TakeNotify(value);
        return Is(keyword, "ORCPT") ? TakeOriginal(value) : SmtpReply.UnknownParameter("Parameter not recognised");
    }

    private SmtpReply? TakeNotify(ReadOnlySpan<char> value)
    {
        if (Notify is not null || value.IsEmpty) return BadNotify;
        var wanted = DsnNotify.Never;
        if (!Is(value, "NEVER")) // "MUST appear by itself"
        {
            foreach (var range in value.Split(','))
            {
                var one = Word(value[range]);
                if (one is DsnNotify.Never || wanted.HasFlag(one)) return BadNotify;
                wanted |= one;
            }
        }
        Notify = wanted;
        return null;
    }

    private SmtpReply? TakeOriginal(ReadOnlySpan<char> value)
    {
        var semicolon = value.IndexOf(';');
        if (Original is not null || semicolon <= 0 || value.Length > LongestOriginal) return BadOriginal;
        var type = value[..semicolon];
        foreach (var c in type)
        {
            if (c != '-' && !char.IsAsciiLetterOrDigit(c)) return BadOriginal;
        }
        var encoded = value[(semicolon + 1)..];
        var decoded = Is(type, "utf-8") ? Utf8Xtext.Decode(encoded) : Xtext.Decode(encoded);
        if (decoded is not { Length: > 0 } address) return BadOriginal;
        Original = new OriginalRecipient(type.ToString().ToLowerInvariant(), address);
        return null;
    }

    private static DsnNotify Word(ReadOnlySpan<char> word) =>
        Is(word, "SUCCESS") ? DsnNotify.Success
        : Is(word, "FAILURE") ? DsnNotify.Failure
        : Is(word, "DELAY") ? DsnNotify.Delay
        : DsnNotify.Never;

    private static bool Is(ReadOnlySpan<char> word, string name) =>
        word.Equals(name, StringComparison.OrdinalIgnoreCase);
}
