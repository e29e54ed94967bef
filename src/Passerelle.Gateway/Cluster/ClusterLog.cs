namespace Passerelle.Gateway.Cluster;

internal static partial class ClusterLog
{
    [LoggerMessage(LogLevel.Information, "Node {Node}; the others that live: {Others}")]
    public static partial void NodesChanged(this ILogger log, string node, string others);

    [LoggerMessage(LogLevel.Warning, "Node {Node} has ended: where it listened, connections are refused. The others take over what it owned")]
    public static partial void NodeGone(this ILogger log, string node);

    [LoggerMessage(LogLevel.Warning, "That node {Node} has ended could not be written down; it is found out by its silence")]
    public static partial void NodeGoneUntold(this ILogger log, string node, Exception fault);

    [LoggerMessage(LogLevel.Information, "This node keeps house: what is done once for all is done here")]
    public static partial void KeepsHouse(this ILogger log);

    [LoggerMessage(LogLevel.Warning, "Another node keeps house now")]
    public static partial void HouseLost(this ILogger log);

    [LoggerMessage(LogLevel.Warning, "Who keeps house cannot be asked; trying again")]
    public static partial void HouseUnknown(this ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Warning, "This node's clock is {Ahead:0.0} s ahead of the database's (negative: behind it): set it by NTP, for what is due is counted by it")]
    public static partial void ClockWrong(this ILogger log, double ahead);

    [LoggerMessage(LogLevel.Information, "This node's clock goes right again")]
    public static partial void ClockRight(this ILogger log);

    [LoggerMessage(LogLevel.Information, "This node has more apps than its share: {Count} go to {Target}")]
    public static partial void HandsOver(this ILogger log, int count, string target);

    [LoggerMessage(LogLevel.Warning, "Apps could not be handed over; they stay here until the next look")]
    public static partial void HandOverFault(this ILogger log, Exception fault);
}
