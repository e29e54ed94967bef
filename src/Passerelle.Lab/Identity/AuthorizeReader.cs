using System.Collections.Immutable;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>Judges an authorize request before any person is asked. Until the redirect URI is known to be registered,
/// every error stays on the page.</summary>
internal sealed class AuthorizeReader(Labs labs)
{
    private static readonly ImmutableArray<string> KnownTypes = ["code", "id_token", "token", "code id_token", "id_token token", "code token", "code id_token token"];

    public AuthorizeReading Read(string segment, AuthorizeRequest request)
    {
        if (request.ClientId is not { } clientId) return new AuthorizeReading.OnPage(StsErrors.Missing("client_id"));
        if (Segments.Shared(segment)) return ReadShared(segment, clientId);
        if (labs.Directory(segment) is not { } place) return new AuthorizeReading.OnPage(StsErrors.DirectoryNotFound(segment));

        (Client? client, StsError? unknown) = Clients.Find(place, clientId);
        if (client is null) return new AuthorizeReading.OnPage(unknown!); // one of the two is there
        (ReturnAddress? address, StsError? nowhere) = Address(client.App, request);
        if (address is null) return new AuthorizeReading.OnPage(nowhere!);
        if (client.Principal is { Enabled: false } disabled)
            return new AuthorizeReading.OnPage(StsErrors.AppDisabled(disabled, place.Directory));

        if (Fault(client.App, request, address) is { } fault) return new AuthorizeReading.SentBack(Safe(address), fault);
        if (request.Scope is not { } scope) return new AuthorizeReading.SentBack(address, StsErrors.Missing("scope"));
        (Scopes? scopes, StsError? badScope) = Scopes.Parse(scope, client.App, place.Directory);
        if (scopes is null) return new AuthorizeReading.SentBack(address, badScope!);
        if (request.ResponseTypes.Contains("id_token") && !scopes.OpenId)
            return new AuthorizeReading.SentBack(address, StsErrors.IdTokenWithoutOpenId);
        return new AuthorizeReading.Ready(new Asked(place, client, request, address, scopes));
    }

    private AuthorizeReading ReadShared(string segment, string clientId)
    {
        if (Clients.FindAnywhere(labs, clientId) is not { } found)
            return new AuthorizeReading.OnPage(StsErrors.AppNotFound(clientId, segment));
        if (found.App.Audience is SignInAudience.AzureADMyOrg) return new AuthorizeReading.OnPage(StsErrors.NotMultiTenant(found.App));
        return segment.Equals("consumers", StringComparison.OrdinalIgnoreCase)
            ? new AuthorizeReading.OnPage(StsErrors.NotForConsumers(found.App))
            : new AuthorizeReading.AnyDirectory(found.App);
    }

    private static (ReturnAddress? Address, StsError? Error) Address(AppRegistration app, AuthorizeRequest request)
    {
        if (app.RedirectUris.Length == 0) return (null, StsErrors.NoRedirectUri(app));
        if (request.RedirectUri is not { } sent)
        {
            return app.RedirectUris is [var only] // one is registered: it is the default
                ? (new ReturnAddress(only.Uri, only.Platform, request.Mode, request.State), null)
                : (null, StsErrors.RedirectUriMissing);
        }

        return RedirectUris.Match(app, sent) is { } match
            ? (new ReturnAddress(sent, match.Platform, request.Mode, request.State), null)
            : (null, StsErrors.RedirectUriUnknown(sent, app));
    }

    private static StsError? Fault(AppRegistration app, AuthorizeRequest request, ReturnAddress address)
    {
        ImmutableArray<string> types = request.ResponseTypes;
        return request switch
        {
            { ResponseType: "" } => StsErrors.Missing("response_type"),
            _ when !KnownTypes.Contains(string.Join(' ', types)) => StsErrors.ResponseTypeUnknown(request.ResponseType),
            _ when types.Contains("token") && !app.ImplicitAccessTokens => StsErrors.TokenNotEnabled,
            _ when types.Contains("id_token") && !app.ImplicitIdTokens => StsErrors.IdTokenNotEnabled,
            { Mode: not ("query" or "fragment" or "form_post") } => StsErrors.ResponseModeUnsupported,
            { Mode: "query" } when types is not ["code"] => StsErrors.ResponseModeUnsupported,
            { Challenge: null, ChallengeMethod: not null } => StsErrors.ChallengeMissing,
            { Challenge: null } when address.Platform is RedirectPlatform.Spa => StsErrors.SpaNeedsChallenge,
            { Challenge.Length: < 43 or > 128 } => StsErrors.ChallengeSize,
            { ChallengeMethod: not (null or "plain" or "S256") } => StsErrors.ChallengeMethod,
            _ => null,
        };
    }

    /// <summary>An error about the mode itself cannot be answered in that mode.</summary>
    private static ReturnAddress Safe(ReturnAddress address) =>
        address.Mode is "query" or "fragment" or "form_post" ? address : address with { Mode = "query" };
}
