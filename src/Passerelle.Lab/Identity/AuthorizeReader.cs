using System.Collections.Immutable;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>Judges an authorize request before any person is asked. Until the redirect URI is known to be registered,
/// every error stays on the page.</summary>
internal sealed class AuthorizeReader(Labs labs, DeviceCodes devices)
{
    private const int LongestQuery = 6 * 1024;
    private static readonly ImmutableArray<string> KnownTypes = ["code", "id_token", "token", "code id_token", "id_token token", "code token", "code id_token token"];
    private static readonly ImmutableArray<string> KnownPrompts = ["login", "none", "consent", "select_account", "attempt_none", "refresh_session", "create", "admin_consent"];

    public AuthorizeReading Read(string segment, AuthorizeRequest sent, string? userCode)
    {
        if (sent.Length > LongestQuery) return new AuthorizeReading.OnPage(StsErrors.QueryTooLong);
        (AuthorizeRequest request, StsError? wrongCode) = sent.Errand is Errand.Device ? OfDevice(sent, userCode ?? "") : (sent, null);
        if (wrongCode is not null) return new AuthorizeReading.OnPage(wrongCode);
        if (request.ClientId is not { } clientId) return new AuthorizeReading.OnPage(StsErrors.Missing("client_id"));
        if (Segments.Personal(segment)) return ReadPersonal(segment, clientId, request);
        if (Segments.Shared(segment)) return ReadShared(segment, clientId, request);
        if (labs.Directory(segment) is not { } place) return new AuthorizeReading.OnPage(StsErrors.DirectoryNotFound(segment));
        return place.Directory.NationalCloud is null
            ? ReadAt(place, segment, clientId, request)
            : new AuthorizeReading.OnPage(StsErrors.OtherCloud(place.Directory));
    }

    private static AuthorizeReading ReadAt(DirectoryPlace place, string segment, string clientId, AuthorizeRequest request)
    {
        (Client? client, StsError? unknown) = Clients.Find(place, clientId);
        if (client is null) return new AuthorizeReading.OnPage(unknown!); // one of the two is there
        (ReturnAddress? address, StsError? nowhere) = Address(client.App, request);
        if (address is null) return new AuthorizeReading.OnPage(nowhere!);
        if (Clients.Closed(client, place.Directory, segment) is { } closed) return new AuthorizeReading.OnPage(closed);

        if (Fault(client.App, request, address) is { } fault) return new AuthorizeReading.SentBack(Safe(address), fault);
        (Scopes? scopes, StsError? badScope) = ScopesOf(client.App, place.Directory, request);
        if (scopes is null) return new AuthorizeReading.SentBack(address, badScope!);
        if (request.ResponseTypes.Contains("id_token") && !scopes.OpenId)
            return new AuthorizeReading.SentBack(address, StsErrors.IdTokenWithoutOpenId);
        if (scopes.Wanted.Select(w => ResourceRules.Fault(place.Directory, client.App, w.Resource, w.Audience, appOnly: false))
            .FirstOrDefault(f => f is not null) is { } unavailable)
            return new AuthorizeReading.SentBack(address, unavailable);
        return new AuthorizeReading.Ready(new Asked(place, client, request, address, scopes));
    }

    private AuthorizeReading ReadShared(string segment, string clientId, AuthorizeRequest request)
    {
        if (Clients.FindAnywhere(labs, clientId) is not { } found)
            return new AuthorizeReading.OnPage(StsErrors.AppNotFound(clientId, segment));
        AppRegistration app = found.App;
        if (app.Audience is SignInAudience.AzureADMyOrg) return new AuthorizeReading.OnPage(StsErrors.NotMultiTenant(app));
        if (app.Audience is SignInAudience.PersonalMicrosoftAccount) return new AuthorizeReading.OnPage(StsErrors.ForConsumersOnly(app));
        if (request.Errand is Errand.AdminConsent && segment.Equals("common", StringComparison.OrdinalIgnoreCase))
            return new AuthorizeReading.OnPage(StsErrors.NotOnShared(app));
        return request.DomainHint switch
        {
            "consumers" when app.Admits(personal: true) => ReadPersonal("consumers", clientId, request),
            { } domain when found.Home.Lab.State.DirectoryOfDomain(domain) is { } directory =>
                ReadAt(new DirectoryPlace(found.Home.Lab, directory), directory.Id.ToString(), clientId, request),
            _ => new AuthorizeReading.AnyDirectory(app, found.Home.Lab, request),
        };
    }

    private AuthorizeReading ReadPersonal(string segment, string clientId, AuthorizeRequest request)
    {
        if (Clients.FindAnywhere(labs, clientId) is not { } found) return new AuthorizeReading.OnPage(StsErrors.AppNotFound(clientId, segment));
        if (request.Errand is Errand.OldSignIn) return new AuthorizeReading.OnPage(StsErrors.PersonalOnOldPage);
        return found.App.Admits(personal: true)
            ? ReadAt(new DirectoryPlace(found.Home.Lab, found.Home.Lab.State.Personal), segment, clientId, request)
            : new AuthorizeReading.OnPage(StsErrors.NotForConsumers(found.App));
    }

    /// <summary>The typed code stands for the request that the device made.</summary>
    private (AuthorizeRequest Request, StsError? Error) OfDevice(AuthorizeRequest sent, string userCode) => devices.Typed(userCode) switch
    {
        null => (sent, userCode.Length == 0 ? StsErrors.UserCodeMissing : StsErrors.DeviceCodeUnknown),
        { } found when DeviceCodes.TypedFault(found.Grant, found.Lab.Time.GetUtcNow()) is { } over => (sent, over),
        { } found => (sent with
        {
            ClientId = found.Grant.ClientId.ToString(),
            Scope = found.Grant.Scope,
            ResponseType = "code",
            DeviceId = found.Id,
        }, null),
    };

    private static (ReturnAddress? Address, StsError? Error) Address(AppRegistration app, AuthorizeRequest request)
    {
        if (request.Errand is Errand.Device) return (new ReturnAddress("/devicelogin", RedirectPlatform.PublicClient, "query", null), null);
        if (app.RedirectUris.Length == 0) return (null, StsErrors.NoRedirectUri(app));
        if (request.RedirectUri is not { } sent)
        {
            return app.RedirectUris is [var only] // one is registered: it is the default
                ? (new ReturnAddress(only.Uri, only.Platform, request.Mode, request.State), null)
                : (null, StsErrors.RedirectUriMissing);
        }

        if (!Uri.TryCreate(sent, UriKind.Absolute, out Uri? uri) || sent[0] == '/') return (null, StsErrors.RedirectUriNotAbsolute("redirect_uri"));
        return RedirectUris.Match(app, sent) is { } match
            ? (new ReturnAddress(sent, match.Platform, request.Mode, request.State), null)
            : (null, StsErrors.RedirectUriUnknown(sent, app));
    }

    private static StsError? Fault(AppRegistration app, AuthorizeRequest request, ReturnAddress address)
    {
        if (request.Errand is Errand.Device || request.IsAdminConsent) return null;
        ImmutableArray<string> types = request.ResponseTypes;
        return request switch
        {
            { ResponseType: "" } => StsErrors.Missing("response_type"),
            _ when !KnownTypes.Contains(string.Join(' ', types)) => StsErrors.ResponseTypeUnknown(request.ResponseType),
            _ when types.Contains("token") && !app.ImplicitAccessTokens => StsErrors.TokenNotEnabled,
            _ when types.Contains("id_token") && !app.ImplicitIdTokens => StsErrors.IdTokenNotEnabled,
            { Mode: not ("query" or "fragment" or "form_post") } => StsErrors.ResponseModeUnsupported,
            { Mode: "query" } when types is not ["code"] => StsErrors.ResponseModeUnsupported,
            { Errand: Errand.SignIn, Resource: not null } => StsErrors.ResourceParameter,
            { Prompt: { } prompt } when !KnownPrompts.Contains(prompt) => StsErrors.ParameterInvalid("prompt"),
            { Challenge: null, ChallengeMethod: not null } => StsErrors.ChallengeMissing,
            { Challenge: null } when address.Platform is RedirectPlatform.Spa => StsErrors.SpaNeedsChallenge,
            { Challenge.Length: < 43 or > 128 } => StsErrors.ChallengeSize,
            { ChallengeMethod: not (null or "plain" or "S256") } => StsErrors.ChallengeMethod,
            { Scope: null } => StsErrors.Missing("scope"),
            { Nonce: null } when types.Contains("id_token") => StsErrors.Missing("nonce"), // OpenID Connect Core §3.2.2.1
            _ => null,
        };
    }

    private static (Scopes? Scopes, StsError? Error) ScopesOf(AppRegistration app, LabDirectory directory, AuthorizeRequest request)
    {
        if (request.Errand is Errand.OldAdminConsent)
            return app.Permissions.IsEmpty ? (null, StsErrors.NothingListed(app)) : (Scopes.Registered(app), null);
        return Scopes.Parse(request.Scope ?? "", app, directory, request.IsAdminConsent);
    }

    /// <summary>An error about the mode itself cannot be answered in that mode.</summary>
    private static ReturnAddress Safe(ReturnAddress address) =>
        address.Mode is "query" or "fragment" or "form_post" ? address : address with { Mode = "query" };
}
