using System.Globalization;

namespace Passerelle.Smtp;

/// <summary>The parameters of MAIL (RFC 5321 §4.1.1.11): SIZE (RFC 1870), BODY (RFC 6152, RFC 3030 §3), SMTPUTF8 (RFC 6531);
/// RET and ENVID (RFC 3461 §4) where DSN, and AUTH (RFC 4954 §5) where AUTH is offered.</summary>
internal struct MailParameters(SmtpExtensions extensions, bool authOffered)
{
    /// <summary>"The maximum length is 100 characters" (RFC 3461 §4.4), as encoded.</summary>
    private const int LongestEnvelopeId = 100;

    private bool _hasBody;

    public long? DeclaredBytes { get; private set; }
    public MailBody Body { get; private set; }
    public bool SmtpUtf8 { get; private set; }
    public DsnReturn? Return { get; private set; }
    public string? EnvelopeId { get; private set; }

    private static SmtpReply Malformed { get; } = SmtpReply.Syntax("Malformed parameter");

    /// <returns>Null when all were understood.</returns>
    public SmtpReply? Read(ReadOnlySpan<char> parameters)
    {
        foreach (var range in parameters.Split(' '))
        {
            var parameter = parameters[range];
            if (parameter.IsEmpty) continue;
            if (!IsWellFormed(parameter, out var keyword, out var value)) return Malformed;
            if (Take(keyword, value) is { } refusal) return refusal;
        }
        return null;
    }

    /// <summary>esmtp-param of §4.1.2.</summary>
    /// <param name="value">Empty when absent; an empty value behind "=" is malformed.</param>
    public static bool IsWellFormed(
        ReadOnlySpan<char> parameter, out ReadOnlySpan<char> keyword, out ReadOnlySpan<char> value)
    {
        var equals = parameter.IndexOf('=');
        keyword = equals < 0 ? parameter : parameter[..equals];
        value = equals < 0 ? default : parameter[(equals + 1)..];
        if (keyword.IsEmpty || keyword[0] == '-' || (equals >= 0 && value.IsEmpty) || value.Contains('=')) return false;
        foreach (var c in keyword)
        {
            if (c != '-' && !char.IsAsciiLetterOrDigit(c)) return false;
        }
        return true;
    }

    private SmtpReply? Take(ReadOnlySpan<char> keyword, ReadOnlySpan<char> value)
    {
        if (Is(keyword, "SIZE")) return TakeSize(value);
        if (Is(keyword, "BODY")) return TakeBody(value);
        if (Is(keyword, "SMTPUTF8")) return TakeUtf8(value);
        if (extensions.HasFlag(SmtpExtensions.Dsn) && Is(keyword, "RET")) return TakeReturn(value);
        if (extensions.HasFlag(SmtpExtensions.Dsn) && Is(keyword, "ENVID")) return TakeEnvelopeId(value);
        return authOffered && Is(keyword, "AUTH") && !value.IsEmpty
            ? null // "MAY" be believed from a trusted client; here it is never
            : SmtpReply.UnknownParameter("Parameter not recognised");
    }

    private SmtpReply? TakeSize(ReadOnlySpan<char> value)
    {
        var isNumber = value.Length is > 0 and <= 20 && !value.ContainsAnyExceptInRange('0', '9');
        if (!isNumber || DeclaredBytes is not null) return SmtpReply.Syntax("SIZE takes one number");
        var fits = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes);
        DeclaredBytes = fits ? bytes : long.MaxValue;
        return null;
    }

    private SmtpReply? TakeBody(ReadOnlySpan<char> value)
    {
        MailBody? body = Is(value, "8BITMIME") ? MailBody.EightBitMime
            : Is(value, "7BIT") ? MailBody.SevenBit
            : Is(value, "BINARYMIME") && extensions.HasFlag(SmtpExtensions.BinaryMime) ? MailBody.BinaryMime
            : null;
        if (_hasBody || body is not { } known) return SmtpReply.Syntax("BODY is 7BIT or 8BITMIME");
        _hasBody = true;
        Body = known;
        return null;
    }

    private SmtpReply? TakeReturn(ReadOnlySpan<char> value)
    {
        DsnReturn? wanted = Is(value, "FULL") ? DsnReturn.Full : Is(value, "HDRS") ? DsnReturn.Headers : null;
        if (Return is not null || wanted is null) return SmtpReply.Syntax("RET is FULL or HDRS, and comes once");
        Return = wanted;
        return null;
    }

    private SmtpReply? TakeEnvelopeId(ReadOnlySpan<char> value)
    {
        var id = value.Length is > 0 and <= LongestEnvelopeId ? Xtext.Decode(value) : null;
        if (EnvelopeId is not null || id is null) return SmtpReply.Syntax("ENVID is xtext, and comes once");
        EnvelopeId = id;
        return null;
    }

    private SmtpReply? TakeUtf8(ReadOnlySpan<char> value)
    {
        if (SmtpUtf8 || !value.IsEmpty) return SmtpReply.Syntax("SMTPUTF8 takes no value, and comes once");
        SmtpUtf8 = true;
        return null;
    }

    private static bool Is(ReadOnlySpan<char> word, string name) =>
        word.Equals(name, StringComparison.OrdinalIgnoreCase);
}
