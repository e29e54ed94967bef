using System.Globalization;

namespace Passerelle.Smtp;

/// <summary>One reply: code, enhanced status (RFC 3463) and a text that is safe to show a stranger.</summary>
/// <param name="Code">Three digits (RFC 5321 §4.2.1); the first says whether to try again. 421 also closes.</param>
/// <param name="Detail">"subject.detail" of the enhanced status; null where none belongs (220, 354, greetings).</param>
/// <param name="Text">At most 400 characters, one line, no internals. The writer cuts what is longer and turns
/// control characters into spaces, so that no text can forge a second reply.</param>
public readonly record struct SmtpReply(int Code, string? Detail, string Text)
{
    public static SmtpReply SenderOk { get; } = new(250, "1.0", "Sender OK");
    public static SmtpReply RecipientOk { get; } = new(250, "1.5", "Recipient OK");
    public static SmtpReply Ok { get; } = new(250, "0.0", "OK");
    public static SmtpReply Closing { get; } = new(221, "0.0", "Closing connection");
    public static SmtpReply Authenticated { get; } = new(235, "7.0", "Authentication successful");

    public static SmtpReply ShuttingDown { get; } = new(421, "3.2", "Shutting down, try again later");
    public static SmtpReply TimedOut { get; } = new(421, "4.2", "Waited too long, closing connection");
    public static SmtpReply TooManyErrors { get; } = new(421, "7.0", "Too many errors, closing connection");
    public static SmtpReply TooManyMessages { get; } = new(421, "7.0", "Too many messages on one connection");
    public static SmtpReply TryLater { get; } = new(451, "3.0", "Not stored, try again later");
    public static SmtpReply StoreFull { get; } = new(452, "3.1", "Store is full, try again later");
    public static SmtpReply TooManyRecipients { get; } = new(452, "5.3", "Too many recipients");

    public static SmtpReply NoSuchRecipient { get; } = new(550, "1.1", "No such recipient");
    public static SmtpReply StartTlsFirst { get; } = new(530, "7.0", "Must issue a STARTTLS command first"); // RFC 3207 §4
    public static SmtpReply AuthenticateFirst { get; } = new(530, "7.0", "Authentication required");
    public static SmtpReply NotOffered { get; } = new(502, "5.1", "Command not offered here");
    public static SmtpReply BareNewline { get; } =
        new(550, "6.11", "Message contains a bare CR or LF (RFC 5321 2.3.8)");

    public static SmtpReply TooBig(long maxBytes) =>
        new(552, "3.4", string.Create(CultureInfo.InvariantCulture, $"Message exceeds {maxBytes} bytes"));
    public static SmtpReply OutOfOrder(string text) => new(503, "5.1", text);
    public static SmtpReply Syntax(string text) => new(501, "5.4", text);
    public static SmtpReply Unrecognised(string text) => new(500, "5.2", text);
    public static SmtpReply UnknownParameter(string text) => new(555, "5.4", text);

    public bool IsPositive => Code / 100 is 2 or 3;
    public bool IsTransient => Code / 100 == 4;
    public bool IsPermanent => Code / 100 == 5;

    /// <summary>The class digit comes from the code, so a 451 can never claim 5.x.x.</summary>
    public override string ToString() => Detail is null ? $"{Code} {Text}" : $"{Code} {Code / 100}.{Detail} {Text}";
}
