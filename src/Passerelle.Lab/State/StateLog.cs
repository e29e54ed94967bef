namespace Passerelle.Lab.State;

internal static partial class StateLog
{
    [LoggerMessage(LogLevel.Error, "A lab could not be written; it is tried again with the next change")]
    public static partial void LabNotWritten(this ILogger log, Exception failure);
}
