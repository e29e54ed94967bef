namespace Passerelle.Gateway.Apps;

internal static partial class AppsLog
{
    [LoggerMessage(LogLevel.Information, "{Count} retired apps are gone: their addresses are refused from now on")]
    public static partial void AppsGone(this ILogger log, int count);

    [LoggerMessage(LogLevel.Error, "The look at what time does to apps failed; it is done again in a minute")]
    public static partial void LookFault(this ILogger log, Exception fault);
}
