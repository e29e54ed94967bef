namespace Passerelle.Smtp;

/// <summary>BODY= of MAIL (RFC 6152, RFC 3030 §3).</summary>
public enum MailBody
{
    SevenBit,
    EightBitMime,
    BinaryMime,
}

/// <summary>A parsed MAIL command.</summary>
/// <param name="Sender">The reverse-path; null for <c>&lt;&gt;</c>.</param>
/// <param name="DeclaredBytes">SIZE=; null when absent. Never trusted: the reader's own bound still holds.</param>
/// <param name="Body">BODY=; 7BIT when absent. Content is kept as it comes either way.</param>
/// <param name="SmtpUtf8">SMTPUTF8 (RFC 6531): addresses and headers may be UTF-8.</param>
public sealed record MailFrom(Mailbox? Sender, long? DeclaredBytes, MailBody Body, bool SmtpUtf8)
{
    /// <summary>RET=; null when absent.</summary>
    public DsnReturn? Return { get; init; }

    /// <summary>ENVID=, decoded; null when absent.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>The reverse-path without angle brackets; empty for the null sender.</summary>
    public string Address => Sender?.ToString() ?? "";
}

/// <summary>A parsed RCPT command.</summary>
public sealed record RcptTo(Mailbox Recipient)
{
    /// <summary>NOTIFY=; null when absent, which means failures and perhaps delays (RFC 3461 §4.1).</summary>
    public DsnNotify? Notify { get; init; }

    /// <summary>ORCPT=; null when absent.</summary>
    public OriginalRecipient? Original { get; init; }

    public string Address => Recipient.ToString();
}

/// <summary>Who sends to whom. Never empty of recipients when the host sees it.</summary>
public sealed record SmtpEnvelope(MailFrom From, IReadOnlyList<RcptTo> Recipients);
