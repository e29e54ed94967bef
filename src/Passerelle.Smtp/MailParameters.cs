using System.Globalization;

namespace Passerelle.Smtp;

/// <summary>The parameters of MAIL (RFC 5321 §4.1.1.11): SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531), and
/// AUTH (RFC 4954 §5) where AUTH is offered.</summary>
internal struct MailParameters
{
    private bool _hasBody;

    public long? DeclaredBytes { get; private set; }
    public MailBody Body { get; private set; }
    public bool SmtpUtf8 { get; private set; }

    private static SmtpReply Malformed { get; } = SmtpReply.Syntax("Malformed parameter");

    /// <returns>Null when all were understood.</returns>
    public SmtpReply? Read(ReadOnlySpan<char> parameters, bool authOffered)
    {
        foreach (var range in parameters.Split(' '))
        {
            var parameter = parameters[range];
            if (parameter.IsEmpty) continue;
            if (!IsWellFormed(parameter, out var keyword, out var value)) return Malformed;
            if (Take(keyword, value, authOffered) is { } refusal) return refusal;
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

    private SmtpReply? Take(ReadOnlySpan<char> keyword, ReadOnlySpan<char> value, bool authOffered)
    {
        if (Is(keyword, "SIZE")) return TakeSize(value);
        if (Is(keyword, "BODY")) return TakeBody(value);
        if (Is(keyword, "SMTPUTF8")) return TakeUtf8(value);
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
        var isEight = Is(value, "8BITMIME");
        if (_hasBody || (!isEight && !Is(value, "7BIT"))) return SmtpReply.Syntax("BODY is 7BIT or 8BITMIME");
        _hasBody = true;
        Body = isEight ? MailBody.EightBitMime : MailBody.SevenBit;
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
