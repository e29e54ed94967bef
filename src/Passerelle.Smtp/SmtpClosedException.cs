namespace Passerelle.Smtp;

/// <summary>The conversation cannot go on. Passes the host while it reads a body, and is caught by the loop.</summary>
#pragma warning disable CA1032, CA1064 // internal on purpose: a host sees an IOException
internal sealed class SmtpClosedException(SmtpClosing reason) : IOException($"The SMTP connection has ended: {reason}")
#pragma warning restore CA1032, CA1064
{
    public SmtpClosing Reason { get; } = reason;
}
