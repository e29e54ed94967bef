namespace Passerelle.Gateway.Doctor;

internal static partial class DoctorLog
{
    [LoggerMessage(LogLevel.Warning, "Retests are put off: {Reason}")]
    public static partial void RetestsPutOff(this ILogger log, string reason);
}
