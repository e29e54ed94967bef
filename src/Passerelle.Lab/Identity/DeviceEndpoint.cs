using Microsoft.AspNetCore.Antiforgery;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>POST /{directory}/oauth2/v2.0/devicecode, and the page where the code is entered.</summary>
internal sealed class DeviceEndpoint(Labs labs, RequestLab request, DeviceCodes devices, Addresses addresses, IAntiforgery antiforgery, TimeProvider time)
{
    public async Task<IResult> HandOutAsync(HttpContext context, string directory, bool old)
    {
        TokenRequest? fields = await StsForms.ReadAsync(context.Request, old);
        DirectoryPlace? place = PlaceOf(directory, fields?.ClientId);
        Twin? lab = place?.Lab ?? request.Of(directory, fields?.ClientId);
        StsTrace trace = StsTrace.Of(context.Request, lab?.Time ?? time);
        StsHeaders.Write(context.Response, trace, context.Request);
        (Client? client, StsError? error) = fields is null
            ? (null, StsErrors.WrongVerb(context.Request.Method))
            : Judge(directory, place, fields);
        if (client is null || place is null || fields?.Scope is not { } scope)
        {
            StsError refused = error ?? StsErrors.Missing("scope");
            lab?.Journal.Add(TokenJournal.NoDeviceCode(fields, refused, trace));
            return Results.Json(StsErrorBody.Of(refused, trace), statusCode: refused.Status);
        }

        return Results.Json(DeviceCodes.HandOut(place.Lab, client.App, old ? "openid profile offline_access " + scope : scope, addresses.Https + "/devicelogin"));
    }

    public static IResult Prompt(HttpContext context) => IdentityPages.DevicePromptPage(context.Request.Query["user_code"].ToString(), null);

    public async Task<IResult> EnterAsync(HttpContext context)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return IdentityPages.StalePage();
        var typed = (await context.Request.ReadFormAsync(context.RequestAborted))["otc"].ToString().Trim();
        if (typed.Length == 0) return IdentityPages.DevicePromptPage("", StsErrors.UserCodeMissing);
        if (devices.Typed(typed) is not { } found) return IdentityPages.DevicePromptPage(typed, StsErrors.DeviceCodeUnknown);
        if (DeviceCodes.TypedFault(found.Grant, found.Lab.Time.GetUtcNow()) is { } over) return IdentityPages.DevicePromptPage(typed, over);

        LabDirectory? home = found.Lab.State.Directories.FirstOrDefault(d => d.Registration(found.Grant.ClientId) is not null);
        var segment = home?.Registration(found.Grant.ClientId) is { Audience: SignInAudience.AzureADMyOrg } ? home.Id.ToString() : "common";
        return Results.Redirect($"/{segment}/oauth2/deviceauth" + QueryString.Create("user_code", found.Grant.UserCode));
    }

    private DirectoryPlace? PlaceOf(string segment, string? clientId) =>
        Segments.Shared(segment) || Segments.Personal(segment)
            ? Clients.FindAnywhere(labs, clientId ?? "") is { } found ? found.Home : null
            : labs.Directory(segment);

    private static (Client? Client, StsError? Error) Judge(string segment, DirectoryPlace? place, TokenRequest fields)
    {
        if (fields.ClientId is not { } clientId) return (null, StsErrors.Missing("client_id"));
        if (fields.Scope is null) return (null, StsErrors.Missing(fields.Old ? "resource" : "scope"));
        if (place is null)
        {
            return (null, Segments.Shared(segment) || Segments.Personal(segment)
                ? StsErrors.AppNotFound(clientId, segment)
                : StsErrors.DirectoryNotFound(segment));
        }

        (Client? client, StsError? unknown) = Clients.Find(place, clientId);
        if (client is null) return (null, unknown);
        if (Clients.Closed(client, place.Directory, segment) is { } closed) return (null, closed);
        (Scopes? scopes, StsError? badScope) = Scopes.Parse(fields.Scope, client.App, place.Directory);
        return scopes is null ? (null, badScope) : (client, null);
    }
}
