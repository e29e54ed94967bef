namespace Passerelle.Gateway.Doctor;

internal static partial class DoctorLog
{
    [LoggerMessage(LogLevel.Warning, "The retest of app {AppId} is put off: {Reason}")]
    public static partial void RetestPutOff(this ILogger log, Guid appId, string reason);
}
