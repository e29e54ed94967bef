namespace Passerelle.Gateway.Cluster;

internal static partial class ClusterLog
{
    [LoggerMessage(LogLevel.Information, "Node {Node}; the others that live: {Others}")]
    public static partial void NodesChanged(this ILogger log, string node, string others);

    [LoggerMessage(LogLevel.Information, "This node keeps house: what is done once for all is done here")]
    public static partial void KeepsHouse(this ILogger log);

    [LoggerMessage(LogLevel.Warning, "Another node keeps house now")]
    public static partial void HouseLost(this ILogger log);

    [LoggerMessage(LogLevel.Warning, "Who keeps house cannot be asked; trying again")]
    public static partial void HouseUnknown(this ILogger log, Exception fault);
}
