using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Passerelle.Smtp;

internal enum Verb
{
    Unknown,
    Ehlo,
    Helo,
    Lhlo,
    Mail,
    Rcpt,
    Data,
    Rset,
    Noop,
    Quit,
    Vrfy,
    Expn,
    Help,
    StartTls,
    Auth,
    Bdat,
    Http,
}

/// <summary>A command line, split but not judged.</summary>
/// <param name="Fault">The line is no command at all; null for a well-formed one.</param>
internal readonly record struct Command(Verb Verb, string Arguments, SmtpReply? Fault)
{
    private const string Control = "Control characters in a command";

    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [
            0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15,
            16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127,
        ]);

    /// <summary>"SMTP receivers SHOULD tolerate trailing white space" (RFC 5321 §4.1.1). A control character is 501 where the command is one that
    /// we know: "invalid character codes … MUST reject that command with a 501 response" (§4.1.2).</summary>
    public static Command Parse(ReadOnlySpan<byte> raw, int maxBytes)
    {
        var line = raw.TrimEnd(" \t"u8);
        var space = line.IndexOf((byte)' ');
        var verb = Known(space < 0 ? line : line[..space]);
        if (verb != Verb.Auth && raw.Length + 2 > maxBytes) return Faulty(new SmtpReply(500, "5.6", "Line too long"));
        if (line.ContainsAny(Controls)) return Faulty(verb is Verb.Unknown ? SmtpReply.Unrecognised(Control) : SmtpReply.Syntax(Control));
        var arguments = space < 0 ? default : line[(space + 1)..];
        if (arguments.ContainsAnyExceptInRange((byte)0, (byte)127) && !MayBeUnicode(verb, arguments))
        {
            return Faulty(SmtpReply.Syntax("Only MAIL and RCPT may hold UTF-8"));
        }
        return new Command(verb, Encoding.UTF8.GetString(arguments), null);
    }

    private static Command Faulty(SmtpReply fault) => new(Verb.Unknown, "", fault);

    private static bool MayBeUnicode(Verb verb, ReadOnlySpan<byte> arguments) =>
        verb is Verb.Mail or Verb.Rcpt or Verb.Vrfy && Utf8.IsValid(arguments);

    private static Verb Known(ReadOnlySpan<byte> word) => word.Length switch
    {
        3 when Is(word, "GET"u8) => Verb.Http,
        4 => FourLetters(word),
        8 when Is(word, "STARTTLS"u8) => Verb.StartTls,
        7 when Is(word, "CONNECT"u8) => Verb.Http,
        _ => Verb.Unknown,
    };

    private static Verb FourLetters(ReadOnlySpan<byte> word)
    {
        if (Is(word, "MAIL"u8)) return Verb.Mail;
        if (Is(word, "RCPT"u8)) return Verb.Rcpt;
        if (Is(word, "DATA"u8)) return Verb.Data;
        if (Is(word, "BDAT"u8)) return Verb.Bdat;
        if (Is(word, "EHLO"u8)) return Verb.Ehlo;
        if (Is(word, "QUIT"u8)) return Verb.Quit;
        if (Is(word, "RSET"u8)) return Verb.Rset;
        if (Is(word, "HELO"u8)) return Verb.Helo;
        if (Is(word, "LHLO"u8)) return Verb.Lhlo;
        if (Is(word, "NOOP"u8)) return Verb.Noop;
        if (Is(word, "AUTH"u8)) return Verb.Auth;
        if (Is(word, "VRFY"u8)) return Verb.Vrfy;
        if (Is(word, "EXPN"u8)) return Verb.Expn;
        if (Is(word, "HELP"u8)) return Verb.Help;
        return Is(word, "POST"u8) ? Verb.Http : Verb.Unknown;
    }

    private static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(word, name);
}
