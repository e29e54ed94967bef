using System.Text.Json;
using System.Text.Json.Serialization;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>POST /{directory}/oauth2/v2.0/token. Checks run in the order observed at the real endpoint (facts §12).</summary>
internal sealed class TokenEndpoint(Labs labs, Sealer sealer, CodeRedemption codes, Refreshing refreshing, AppTokens apps, TimeProvider time, ILogger<TokenEndpoint> log)
{
    private static readonly JsonSerializerOptions Wire = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public async Task AnswerAsync(HttpContext context, string directory)
    {
        TokenRequest? fields = await ReadAsync(context.Request);
        DirectoryPlace? place = PlaceOf(directory, fields);
        TokenAnswer answer = fields is null ? StsErrors.WrongVerb(context.Request.Method) : Judge(directory, place, fields);

        StsTrace trace = StsTrace.Of(context.Request, place?.Lab.Time ?? time);
        StsHeaders.Write(context.Response, trace, context.Request);
        place?.Lab.Journal.Add(TokenJournal.Entry(fields, answer, trace));
        switch (answer)
        {
            case TokenAnswer.Issued issued:
                log.TokenIssued(fields!.GrantType, place?.Directory.Id, trace.CorrelationId); // issued: so it was read
                await context.Response.WriteAsJsonAsync(issued.Reply, Wire, context.RequestAborted);
                break;
            case TokenAnswer.Refused refused:
                log.TokenRefused(refused.Error.Code, place?.Directory.Id, trace.CorrelationId);
                context.Response.StatusCode = refused.Error.Status;
                await context.Response.WriteAsJsonAsync(StsErrorBody.Of(refused.Error, trace), context.RequestAborted);
                break;
        }
    }

    private TokenAnswer Judge(string directory, DirectoryPlace? place, TokenRequest fields)
    {
        if (fields.GrantType is not { } grant) return StsErrors.Missing("grant_type");
        if (grant is not ("authorization_code" or "refresh_token" or "client_credentials")) return StsErrors.GrantTypeUnknown;
        if (place is null) return CommonFault(directory, grant);
        if (fields.ClientId is not { } clientId) return StsErrors.Missing("client_id");
        (Client? client, StsError? unknown) = Clients.Find(place, clientId);
        if (client is null) return unknown!; // one of the two is there
        if (client.Principal is { Enabled: false } disabled) return StsErrors.AppDisabled(disabled, place.Directory);

        var request = new KnownRequest(place, client, fields);
        return grant switch
        {
            "authorization_code" => codes.Answer(request),
            "refresh_token" => refreshing.Answer(request),
            _ => apps.Answer(request),
        };
    }

    /// <summary>A grant on /common or /organizations names its own directory; client credentials name none.</summary>
    private DirectoryPlace? PlaceOf(string segment, TokenRequest? fields)
    {
        if (!Segments.Shared(segment)) return labs.Directory(segment);
        Guid? known = fields?.Code is { } code ? sealer.Open<CodeGrant>(code)?.DirectoryId
            : fields?.RefreshToken is { } refresh ? sealer.Open<RefreshGrant>(refresh)?.DirectoryId
            : null;
        return known is { } id ? labs.Directory(id) : null;
    }

    private static StsError CommonFault(string segment, string grant) =>
        !Segments.Shared(segment) ? StsErrors.DirectoryNotFound(segment)
        : grant == "client_credentials" ? StsErrors.NotOverCommon
        : StsErrors.Malformed;

    private static async Task<TokenRequest?> ReadAsync(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method)) return null;
        IFormCollection form = FormCollection.Empty;
        if (request.HasFormContentType)
        {
            try
            {
                form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            }
            catch (InvalidDataException)
            {
                form = FormCollection.Empty; // past a bound of the form reader: every field counts as missing
            }
        }

        return new TokenRequest(form, BasicCredential.Of(request.Headers.Authorization), request.Headers.Origin.FirstOrDefault());
    }
}

/// <summary>First path segments that name no directory.</summary>
internal static class Segments
{
    public static bool Shared(string segment) => segment.ToLowerInvariant() is "common" or "organizations" or "consumers";
}

internal static class StsHeaders
{
    public static void Write(HttpResponse response, StsTrace trace, HttpRequest request)
    {
        response.Headers.CacheControl = "no-store, no-cache";
        response.Headers.Pragma = "no-cache";
        response.Headers.Expires = "-1";
        response.Headers["x-ms-request-id"] = trace.TraceId.ToString();
        if (request.Headers.ContainsKey("client-request-id")) response.Headers["client-request-id"] = trace.CorrelationId.ToString();
    }
}
