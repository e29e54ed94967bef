namespace Passerelle.Smtp;

/// <summary>The protocol refuses what the host is in the middle of reading. The host lets it pass; the session answers
/// <see cref="Reply"/>.</summary>
#pragma warning disable CA1032 // a refusal without its reply cannot be answered
public sealed class SmtpRefusedException(SmtpReply reply) : Exception(reply.Text)
#pragma warning restore CA1032
{
    public SmtpReply Reply { get; } = reply;
}
