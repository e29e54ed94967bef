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

    private static string Says(TokenAnswer answer) => answer switch
    {
        TokenAnswer.Issued { Reply.Scope: { } scope } => $"issued, {scope}",
        TokenAnswer.Issued => "issued",
        TokenAnswer.Refused refused => $"AADSTS{refused.Error.Code} {refused.Error.Error}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
