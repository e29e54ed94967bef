namespace Passerelle.Lab.Imap;

internal static partial class ImapLog
{
    [LoggerMessage(LogLevel.Error, "IMAP connection {Connection} failed")]
    public static partial void SessionFaulted(this ILogger log, Exception fault, string connection);
}
