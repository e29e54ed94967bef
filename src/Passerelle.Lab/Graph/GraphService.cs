using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>Microsoft Graph v1.0 for every lab of the host: the token says which directory is meant (facts §4).</summary>
internal sealed class GraphService(
    TokenReader reader, Applications applications, ServicePrincipals principals, Policies policies, People people, Mailboxes mailboxes,
    TimeProvider time)
{
    public async Task<GraphAnswer> AnswerAsync(GraphRequest request, CancellationToken cancel)
    {
        var token = Bearer(request);
        TokenReading? reading = token is null ? null : reader.Read(token, Resources.Graph);
        Twin? lab = LabOf(reading);
        GraphAnswer answer;
        try
        {
            answer = await DispatchAsync(new GraphCall(request, Admit(reading)), cancel);
        }
        catch (GraphFault fault)
        {
            answer = fault.ToAnswer(request.Trace, (lab?.Time ?? time).GetUtcNow());
        }

        lab?.Journal.Add(Entry(request, token is null ? null : TokenMark.Of(token), answer));
        return answer;
    }

    private Task<GraphAnswer> DispatchAsync(GraphCall call, CancellationToken cancel) => call.Path switch
    {
        ["applications", ..] => applications.AnswerAsync(call, cancel),
        ["servicePrincipals", ..] => principals.AnswerAsync(call, cancel),
        ["oauth2PermissionGrants", ..] => PermissionGrants.AnswerAsync(call, cancel),
        ["policies" or "identity", ..] => policies.AnswerAsync(call, cancel),
        ["organization", ..] when call.Method == "GET" => Task.FromResult(People.Organization(call)),
        ["me", .. var rest] => OfPersonAsync(call, ["users", Self(call), .. rest], cancel),
        ["users", "me-token-to-replace", .. var rest] => OfPersonAsync(call, ["users", Self(call), .. rest], cancel), // the SDK's word for /me
        ["users", ..] => OfPersonAsync(call, call.Path, cancel),
        ["$batch"] => Batch.RunAsync(call, AnswerAsync, cancel),
        [var segment, ..] => throw GraphFault.NoSegment(segment),
        [] => throw GraphFault.NoSegment(""),
    };

    private Task<GraphAnswer> OfPersonAsync(GraphCall call, string[] path, CancellationToken cancel) =>
        Mailboxes.Knows(path) ? mailboxes.AnswerAsync(call, path, cancel) : people.AnswerAsync(call, path, cancel);

    private static string Self(GraphCall call) => call.Token.AppOnly
        ? throw new GraphFault(StatusCodes.Status400BadRequest, "BadRequest", "/me request is only valid with delegated authentication flow.")
        : call.Token.ObjectId.ToString();

    /// <summary>Null without one.</summary>
    private static string? Bearer(GraphRequest request) =>
        request.Header("Authorization") is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;

    private static Twin? LabOf(TokenReading? reading) => reading switch
    {
        TokenReading.Read read => read.Token.Lab,
        TokenReading.Refused refused => refused.Lab,
        _ => null,
    };

    /// <exception cref="GraphFault">401, in the words of facts §4.2.</exception>
    private static AccessToken Admit(TokenReading? reading) => reading switch
    {
        TokenReading.Read read => read.Token,
        null => throw GraphFault.Unauthenticated("Access token is empty."),
        TokenReading.Refused { Fault: TokenFault.Expired } => throw GraphFault.Unauthenticated("Lifetime validation failed, the token is expired."),
        TokenReading.Refused { Fault: TokenFault.WrongAudience } =>
            throw GraphFault.Unauthenticated("Access token validation failure. Invalid audience."),
        TokenReading.Refused { Fault: TokenFault.NotYet } => throw GraphFault.Unauthenticated("Lifetime validation failed, the token is not yet valid."),
        _ => throw GraphFault.Unauthenticated("Access token validation failure."),
    };

    private static JournalEntry Entry(GraphRequest request, TokenMark? mark, GraphAnswer answer)
    {
        var code = answer.Body?["error"]?["code"]?.ToString();
        return new JournalEntry(default, "graph", mark?.Upn ?? mark?.AppId ?? "",
            $"{answer.Status} {request.Method} /{string.Join('/', request.Path)}{(code is null ? "" : " " + code)}", answer.MessageId, mark)
        {
            CorrelationId = request.Trace.CorrelationId.ToString(),
        };
    }
}
