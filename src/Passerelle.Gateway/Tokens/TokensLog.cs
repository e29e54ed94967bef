namespace Passerelle.Gateway.Tokens;

/// <summary>Ids and step names; never a token, an address or a query.</summary>
internal static partial class TokensLog
{
    [LoggerMessage(LogLevel.Information, "Grant of app {AppId} renewed until {ExpiresAt}")]
    public static partial void GrantRenewed(this ILogger log, Guid appId, DateTimeOffset expiresAt);

    [LoggerMessage(LogLevel.Warning, "Grant of app {AppId} is broken: {Check}, set-up step {Step}")]
    public static partial void GrantBroken(this ILogger log, Guid appId, string check, string step);

    [LoggerMessage(LogLevel.Error, "Grants that nobody uses cannot be looked up or renewed; trying again")]
    public static partial void KeepFault(this ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Warning, "Authorisation of app {AppId} refused: {Check}, set-up step {Step}")]
    public static partial void AuthorisationRefused(this ILogger log, Guid appId, string check, string step);
}
