namespace Passerelle.Smtp;

/// <summary>The client gave the message up between two chunks. Passes the host while it reads a body; the command is then
/// answered as ever.</summary>
/// <param name="command">RSET, QUIT, EHLO, HELO or STARTTLS.</param>
#pragma warning disable CA1032, CA1064 // internal on purpose: a host sees an IOException
internal sealed class SmtpAbandonedException(Command command) : IOException("The client gave the message up")
#pragma warning restore CA1032, CA1064
{
    public Command Command { get; } = command;
}
