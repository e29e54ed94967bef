namespace Passerelle.Gateway.Routing;

/// <summary>Ids and results; never an address, a subject, a body or a host.</summary>
internal static partial class RoutingLog
{
    [LoggerMessage(LogLevel.Debug, "Message {MessageId}: {Routed}")]
    public static partial void Routed(this ILogger log, Guid messageId, string routed);

    [LoggerMessage(LogLevel.Error, "Routing message {MessageId} failed, attempt {Attempt}")]
    public static partial void RoutingFault(this ILogger log, Exception fault, Guid messageId, long attempt);

    [LoggerMessage(LogLevel.Information, "HTTP call {CallId}, attempt {Attempt}: {Outcome}")]
    public static partial void Called(this ILogger log, Guid callId, long attempt, string outcome);

    [LoggerMessage(LogLevel.Error, "Run {RunId} could not go on after its call")]
    public static partial void RunFault(this ILogger log, Exception fault, Guid runId);

    [LoggerMessage(LogLevel.Warning, "{Id}: a newer owner works for its app, nothing settled")]
    public static partial void OwnershipLost(this ILogger log, Exception lost, Guid id);
}
