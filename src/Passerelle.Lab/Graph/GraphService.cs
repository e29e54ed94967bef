using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>Microsoft Graph v1.0 for every lab of the host: the token says which directory is meant (facts §4).</summary>
internal sealed class GraphService(
    TokenReader reader, Applications applications, ServicePrincipals principals, Policies policies, People people, Mailboxes mailboxes,
    TimeProvider time)
{
    public async Task<GraphAnswer> AnswerAsync(GraphRequest request, CancellationToken cancel)
    {
        GraphCall? call = null;
        GraphAnswer answer;
        try
        {
            call = new GraphCall(request, Admit(request));
            answer = await DispatchAsync(call, cancel);
        }
        catch (GraphFault fault)
        {
            answer = fault.ToAnswer(request.Trace, (call?.Lab.Time ?? time).GetUtcNow());
        }

        if (call is not null) Note(call, answer);
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

    private AccessToken Admit(GraphRequest request)
    {
        var header = request.Header("Authorization") ?? "";
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) throw GraphFault.Unauthenticated("Access token is empty.");
        return reader.Read(header[7..].Trim(), Resources.Graph) switch
        {
            TokenReading.Read read => read.Token,
            TokenReading.Refused { Fault: TokenFault.Expired } => throw GraphFault.Unauthenticated("Lifetime validation failed, the token is expired."),
            TokenReading.Refused { Fault: TokenFault.WrongAudience } =>
                throw GraphFault.Unauthenticated("Access token validation failure. Invalid audience."),
            TokenReading.Refused { Fault: TokenFault.NotYet } => throw GraphFault.Unauthenticated("Lifetime validation failed, the token is not yet valid."),
            _ => throw GraphFault.Unauthenticated("Access token validation failure."),
        };
    }

    private static void Note(GraphCall call, GraphAnswer answer)
    {
        var mark = call.Request.Header("Authorization") is { Length: > 7 } header ? TokenMark.Of(header[7..].Trim()) : null;
        var code = answer.Body?["error"]?["code"]?.ToString();
        call.Lab.Journal.Add(new JournalEntry(default, "graph", call.Token.Upn ?? call.Token.ClientId.ToString(),
            $"{answer.Status} {call.Method} /{string.Join('/', call.Path)}{(code is null ? "" : " " + code)}", answer.MessageId, mark)
        { CorrelationId = call.Request.Trace.CorrelationId.ToString() });
    }
}
