using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>What the lab's log says of a token request: ids and names, never what the client sent as proof.</summary>
internal static class TokenJournal
{
    /// <param name="grantId">Of the code that was sent; null when there was none, or none of ours.</param>
    public static JournalEntry Entry(TokenRequest? fields, TokenAnswer answer, StsTrace trace, string? grantId) => new(
        default, "token", fields?.ClientId ?? "", $"{fields?.GrantType ?? "no form"}: {Says(answer)}", null,
        answer is TokenAnswer.Issued issued ? TokenMark.Of(issued.Reply.AccessToken) : null)
    {
        CorrelationId = trace.CorrelationId.ToString(),
        GrantId = grantId,
    };

    /// <summary>A device that is told nothing; what it is told is in the log when it polls.</summary>
    public static JournalEntry NoDeviceCode(TokenRequest? fields, StsError error, StsTrace trace) =>
        new(default, "token", fields?.ClientId ?? "", $"devicecode: {Says(error)}", null, null) { CorrelationId = trace.CorrelationId.ToString() };

    private static string Says(StsError error) => $"AADSTS{error.Code} {error.Error}";

    private static string Says(TokenAnswer answer) => answer switch
    {
        TokenAnswer.Issued { Reply.Scope: { } scope } => $"issued, {scope}",
        TokenAnswer.Issued => "issued",
        TokenAnswer.Refused refused => Says(refused.Error),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
