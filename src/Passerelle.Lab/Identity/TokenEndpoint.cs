using System.Text.Json;
using System.Text.Json.Serialization;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>POST /{directory}/oauth2/v2.0/token, and the same without v2.0. Checks run in the order observed at the real endpoint
/// (facts §12).</summary>
internal sealed class TokenEndpoint(
    Labs labs, RequestLab request, Sealer sealer, Addresses addresses, CodeRedemption codes, Refreshing refreshing, AppTokens apps, DeviceCodes devices,
    PasswordGrant passwords, TokenReader reader, TimeProvider time, ILogger<TokenEndpoint> log)
{
    private const string DeviceGrantName = "urn:ietf:params:oauth:grant-type:device_code";
    private const string OnBehalfName = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static readonly JsonSerializerOptions Wire = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public async Task AnswerAsync(HttpContext context, string directory, bool old)
    {
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            StsHeaders.AllowBrowser(context.Response);
            return;
        }

        TokenRequest? fields = await StsForms.ReadAsync(context.Request, old);
        DirectoryPlace? place = PlaceOf(directory, fields);
        TokenAnswer answer = fields is null ? StsErrors.WrongVerb(context.Request.Method) : Judge(directory, place, fields);

        Twin? lab = place?.Lab ?? request.Of(directory, fields?.ClientId);
        StsTrace trace = StsTrace.Of(context.Request, lab?.Time ?? time);
        StsHeaders.Write(context.Response, trace, context.Request);
        lab?.Journal.Add(TokenJournal.Entry(fields, answer, trace, fields?.Code is { } code ? sealer.Open<CodeGrant>(code)?.Id : null));
        if (fields?.Origin is not null) StsHeaders.AllowBrowser(context.Response);
        switch (answer)
        {
            case TokenAnswer.Issued issued:
                log.TokenIssued(fields!.GrantType, place?.Directory.Id, trace.CorrelationId); // issued: so it was read
                if (old) await context.Response.WriteAsJsonAsync(issued.Reply.OnOldEndpoint((lab?.Time ?? time).GetUtcNow()), context.RequestAborted);
                else await context.Response.WriteAsJsonAsync(issued.Reply, Wire, context.RequestAborted);
                break;
            case TokenAnswer.Refused refused:
                log.TokenRefused(refused.Error.Code, place?.Directory.Id, trace.CorrelationId);
                context.Response.StatusCode = refused.Error.Status;
                await context.Response.WriteAsJsonAsync(StsErrorBody.Of(refused.Error, trace), context.RequestAborted);
                break;
        }
    }

    private TokenAnswer Judge(string segment, DirectoryPlace? place, TokenRequest fields)
    {
        if (fields.GrantType is not { } grant) return StsErrors.Missing("grant_type");
        if (grant is not ("authorization_code" or "refresh_token" or "client_credentials" or "device_code" or DeviceGrantName
            or "password" or OnBehalfName)) return StsErrors.GrantTypeUnknown;
        if (place is null) return NoPlace(segment, grant);
        if (place.Directory.NationalCloud is not null) return StsErrors.OtherCloud(place.Directory);
        if (place.Directory.Id == Resources.PersonalDirectory && fields.Old) return StsErrors.PersonalOnOldEndpoint;
        if (fields.ClientIsAmbiguous) return StsErrors.TwoClientIds;
        if (fields.ClientId is not { } clientId) return StsErrors.Missing("client_id");
        if (!fields.Old && fields.Resource is not null) return StsErrors.ResourceParameter;
        (Client? client, StsError? unknown) = Clients.Find(place, clientId);
        if (client is null) return unknown!; // one of the two is there
        if (Clients.Closed(client, place.Directory, segment) is { } closed) return closed;

        var known = new KnownRequest(place, client, fields, segment, addresses.Https);
        return grant switch
        {
            "authorization_code" => codes.Answer(known),
            "refresh_token" => refreshing.Answer(known),
            "client_credentials" => apps.Answer(known),
            "password" => passwords.Answer(known),
            OnBehalfName => OnBehalfGrant.Answer(known, reader),
            _ => devices.Poll(known),
        };
    }

    /// <summary>A grant on a shared endpoint names its own directory; client credentials name none.</summary>
    private DirectoryPlace? PlaceOf(string segment, TokenRequest? fields)
    {
        if (!Segments.Shared(segment) && !Segments.Personal(segment)) return labs.Directory(segment);
        if (fields?.DeviceCode is { } device && fields.GrantType is DeviceGrantName or "device_code")
            return devices.PlaceOf(device, fields.ClientId);
        if (fields?.GrantType is "password") return Clients.FindAnywhere(labs, fields.ClientId ?? "") is { } found ? OfLogin(found.Home, fields) : null;
        Guid? known = fields?.Code is { } code ? sealer.Open<CodeGrant>(code)?.DirectoryId
            : fields?.RefreshToken is { } refresh ? sealer.Open<RefreshGrant>(refresh)?.DirectoryId
            : null;
        return known == Resources.PersonalDirectory ? OfPersonal(fields?.ClientId) : known is { } id ? labs.Directory(id) : null;
    }

    private static DirectoryPlace OfLogin(DirectoryPlace home, TokenRequest fields) =>
        fields.UserName is { } login && home.Lab.State.DirectoryOfUser(login) is { } directory ? home with { Directory = directory } : home;

    private DirectoryPlace? OfPersonal(string? clientId) =>
        Clients.FindAnywhere(labs, clientId ?? "") is { } found ? new DirectoryPlace(found.Home.Lab, found.Home.Lab.State.Personal) : null;

    private static StsError NoPlace(string segment, string grant) =>
        !Segments.Shared(segment) && !Segments.Personal(segment) ? StsErrors.DirectoryNotFound(segment)
        : grant != "client_credentials" ? StsErrors.Malformed
        : segment.Equals("organizations", StringComparison.OrdinalIgnoreCase) ? StsErrors.NoDirectoryNamed
        : StsErrors.NotOverCommon;
}
