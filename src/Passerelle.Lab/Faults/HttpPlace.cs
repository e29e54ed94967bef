using Passerelle.Lab.Identity;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Faults;

/// <summary>Which place of the lab a request is for.</summary>
/// <param name="Directory">As the path or the bearer names it; null when they name none.</param>
internal sealed record HttpPlace(FaultPlace Where, string? Directory)
{
    public bool IsShared => Directory is null || Segments.Shared(Directory);

    /// <returns>Null for pages, the control API and whatever else has no place.</returns>
    public static HttpPlace? Of(HttpRequest request) => (request.Path.Value ?? "").Trim('/').Split('/') switch
    {
        ["v1.0" or "beta", ..] => new HttpPlace(FaultPlace.Graph, Claim(request, "tid")),
        ["common", "discovery", "instance"] => new HttpPlace(FaultPlace.Discovery, null),
        [var directory, "oauth2", .., "token"] => new HttpPlace(FaultPlace.Token, directory),
        [var directory, "oauth2", .., "authorize"] when HttpMethods.IsGet(request.Method) => new HttpPlace(FaultPlace.Authorize, directory),
        [var directory, .., ".well-known", "openid-configuration"] => new HttpPlace(FaultPlace.Discovery, directory),
        [var directory, "discovery", .., "keys"] => new HttpPlace(FaultPlace.Keys, directory),
        _ => null,
    };

    public async Task<FaultSubject> SubjectAsync(HttpRequest request)
    {
        switch (Where)
        {
            case FaultPlace.Token:
                IFormCollection form = await FormAsync(request);
                return new FaultSubject(Text(form["client_id"]) ?? BasicCredential.Of(request.Headers.Authorization)?.ClientId);
            case FaultPlace.Authorize:
                return new FaultSubject(Text(request.Query["client_id"]), Text(request.Query["login_hint"]));
            case FaultPlace.Graph:
                return new FaultSubject(Claim(request, "appid"), Mailbox(request) ?? Claim(request, "upn"));
            default:
                return new FaultSubject();
        }
    }

    private static string? Mailbox(HttpRequest request) =>
        (request.Path.Value ?? "").Trim('/').Split('/') is [_, "users", var user, ..] && user.Contains('@') ? user : null;

    /// <summary>Unjudged: a fault comes before the judgement.</summary>
    private static string? Claim(HttpRequest request, string name)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return null;
        try
        {
            var jwt = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(header[7..].Trim());
            return jwt.TryGetPayloadValue(name, out string? value) ? value : null;
        }
        catch (ArgumentException)
        {
            return null; // not a token
        }
    }

    private static async Task<IFormCollection> FormAsync(HttpRequest request)
    {
        if (!request.HasFormContentType) return FormCollection.Empty;
        try
        {
            return await request.ReadFormAsync(request.HttpContext.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return FormCollection.Empty; // past a bound of the form reader
        }
    }

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
