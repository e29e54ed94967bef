namespace Passerelle.Lab.Identity;

/// <summary>Grant types, codes and ids; never a token, a secret or an address.</summary>
internal static partial class IdentityLog
{
    [LoggerMessage(LogLevel.Information, "Token issued: {GrantType}, directory {DirectoryId}, correlation {CorrelationId}")]
    public static partial void TokenIssued(this ILogger log, string? grantType, Guid? directoryId, Guid correlationId);

    [LoggerMessage(LogLevel.Information, "Token refused: AADSTS{Code}, directory {DirectoryId}, correlation {CorrelationId}")]
    public static partial void TokenRefused(this ILogger log, int code, Guid? directoryId, Guid correlationId);
}
