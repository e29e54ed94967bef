namespace Passerelle.Smtp.Tests;

/// <summary>Says to each recipient of LMTP which one it is.</summary>
internal sealed class NumberedReplies : AcceptAll, ISmtpService
{
    public SmtpReply ReplyTo(SmtpSession session, int recipient, SmtpReply whole) => whole with { Text = $"{recipient}: {whole.Text}" };
}
