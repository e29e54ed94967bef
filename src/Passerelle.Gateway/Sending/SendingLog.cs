using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Sending;

/// <summary>Ids, counts and steps; never an address, a subject, a body or a token.</summary>
internal static partial class SendingLog
{
    [LoggerMessage(LogLevel.Warning, "Who sends for app {AppId} cannot be found out; it is asked again")]
    public static partial void TakeFault(this ILogger log, Guid appId, Exception fault);

    [LoggerMessage(LogLevel.Information, "Letter {LetterId}, attempt {Attempt}: {Outcome} after {Last}")]
    public static partial void LetterAttempted(this ILogger log, Guid letterId, long attempt, string outcome, SubmissionStep last);

    [LoggerMessage(LogLevel.Error, "Letter {LetterId} met a fault before it was handed over")]
    public static partial void LetterFault(this ILogger log, Guid letterId, Exception fault);

    [LoggerMessage(LogLevel.Warning, "What became of letter {LetterId} cannot be written yet; trying again")]
    public static partial void SettleDelayed(this ILogger log, Guid letterId, Exception away);

    [LoggerMessage(LogLevel.Warning, "{Host} answers nobody ({Words}): one letter tries from time to time, the others wait")]
    public static partial void HostClosed(this ILogger log, string host, string words);

    [LoggerMessage(LogLevel.Information, "{Host} answers again")]
    public static partial void HostOpen(this ILogger log, string host);

    [LoggerMessage(LogLevel.Warning, "App {AppId} has a newer owner than epoch {Epoch}")]
    public static partial void OwnershipLost(this ILogger log, Guid appId, long epoch);

    [LoggerMessage(LogLevel.Information, "App {AppId} is connected; {Freed} letters set free")]
    public static partial void Connected(this ILogger log, Guid appId, int freed);

    [LoggerMessage(LogLevel.Information, "Device sign-in of app {AppId}: {State}")]
    public static partial void DeviceSignedIn(this ILogger log, Guid appId, string state);

    [LoggerMessage(LogLevel.Error, "Due work cannot be looked up; trying again")]
    public static partial void LookFault(this ILogger log, Exception fault);
}
