using System.Globalization;
using Passerelle.Lab.Identity.Catalogue;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>The errors that the lab's state can cause, by their cause; number, error value and words are the catalogue's.</summary>
internal static class StsErrors
{
    // tenant, endpoint, client id
    public static StsError DirectoryNotFound(string segment) => Say(90002, segment);

    public static readonly StsError NotOverCommon = Say(9001023);
    public static readonly StsError NoDirectoryNamed = Say(90019);
    public static readonly StsError NoGrantDirectory = Say(50059);
    public static readonly StsError PersonalOnOldEndpoint = Say(500201);
    public static readonly StsError PersonalOnOldPage = Say(90027);
    public static readonly StsError PageLeftOpen = Say(50089);
    public static readonly StsError MfaRefused = Say(500121);

    public static StsError NotOnShared(AppRegistration app) => Say(90130, Id(app), app.DisplayName);

    public static StsError NotMultiTenant(AppRegistration app) => Say(50194, Id(app), app.DisplayName);

    public static StsError NotForConsumers(AppRegistration app) => Say(9002332, Id(app), app.DisplayName);

    public static StsError ForConsumersOnly(AppRegistration app) => Say(9002331, Id(app), app.DisplayName);

    public static StsError AppNotFound(string clientId, string directory) => Say(700016, clientId, directory);

    public static StsError OtherCloud(LabDirectory directory) => Say(90038, directory.DisplayName, directory.NationalCloud ?? "");

    public static StsError EmptyClientId(string clientId) => Say(700038, clientId);

    public static readonly StsError TwoClientIds = Say(7000110);

    public static StsError AppDeactivated(AppRegistration app) => Say(7000112, Id(app), app.DisplayName);

    public static StsError AppDisabled(EnterpriseApp app, LabDirectory directory) =>
        Say(7000116, app.ClientId.ToString(), app.DisplayName, directory.Id.ToString());

    public static StsError NoEnterpriseApp(AppRegistration app, LabDirectory directory) => Say(7000229, Id(app), directory.Id.ToString());

    public static readonly StsError InstanceUnknown = Say(50049);

    public static StsError InstanceMalformed(string name) => Say(50050, name);

    // redirect URI and authorize request
    public static StsError RedirectUriUnknown(string uri, AppRegistration app) => Say(50011, uri, Id(app));

    public static StsError NoRedirectUri(AppRegistration app) => Say(500113, Id(app));

    public static readonly StsError RedirectUriMissing = Say(900971);

    public static StsError RedirectUriNotAbsolute(string name) => Say(90102, name);

    public static readonly StsError RedirectUriLeftOut = Say(700009);

    public static StsError LogoutUriUnknown(string uri) => Say(700041, uri);

    public static StsError ResponseTypeUnknown(string type) => Say(70005, type);

    public static readonly StsError TokenNotEnabled = Say(700051);
    public static readonly StsError IdTokenNotEnabled = Say(700054);
    public static readonly StsError IdTokenWithoutOpenId = Say(700053);
    public static readonly StsError ResponseModeUnsupported = Say(70007);
    public static readonly StsError ChallengeSize = Say(501491);
    public static readonly StsError ChallengeMethod = Say(50149);
    public static readonly StsError ChallengeMissing = Say(501471);
    public static readonly StsError SpaNeedsChallenge = Say(9002325);
    public static readonly StsError SpaOnly = Say(9002327);

    public static StsError WebOnly(string origin) => Say(9002326, origin);

    public static readonly StsError VerifierMismatch = Say(501481);
    public static readonly StsError VerifierShort = Say(501482);
    public static readonly StsError QueryTooLong = Say(90015);

    public static StsError ParameterInvalid(string name) => Say(90100, name);

    public static readonly StsError ResourceParameter = Say(901002);

    public static StsError WrongVerb(string verb) => Say(900561, "POST", verb);

    public static readonly StsError SilentButNotSignedIn = Say(50058);

    // client authentication
    public static StsError WrongSecret(AppRegistration app) => Say(7000215, Id(app));

    public static StsError ExpiredSecret(AppRegistration app) => Say(7000222, Id(app));

    public static readonly StsError NoCredential = Say(7000218);
    public static readonly StsError NoCredentialForApp = Say(7000216);
    public static StsError NoCredentialFor(string grant) => Say(7000219, grant);

    public static StsError NotOnBehalf(AppRegistration app) => Say(7000114, Id(app));

    public static readonly StsError DeviceFlowConfidential = Say(90136);
    public static readonly StsError PublicWithSecret = Say(700025);
    public static readonly StsError TwoCredentials = Say(9002324);
    public static readonly StsError AssertionMalformed = Say(50027);
    public static readonly StsError AssertionForged = Say(50013);
    public static readonly StsError AssertionOver = Say(500133);
    public static readonly StsError NoKeys = Say(700026);

    public static StsError AssertionUnknown(AppRegistration app, string reason) => Say(700027, reason, Id(app));

    public static readonly StsError AssertionOfOther = Say(700021);
    public static readonly StsError AssertionWithoutSubject = Say(700022);
    public static readonly StsError AssertionAudience = Say(700023);
    public static readonly StsError AssertionSubject = Say(50048);
    public static readonly StsError CertificateExpired = Say(1000502);

    public static StsError AssertionTime(DateTimeOffset now, DateTimeOffset from, DateTimeOffset until) =>
        Say(700024, Date(now), Date(from), Date(until));

    public static StsError FederatedIssuer(string issuer) => Say(700211, issuer);

    public static StsError FederatedAudience(string audience) => Say(700212, audience);

    public static StsError FederatedSubject(string subject) => Say(700213, subject);

    public static StsError FederatedSubjectCase(string subject) => Say(7002138, subject);

    public static StsError NoFederation(AppRegistration app) => Say(7000226, Id(app));

    // grants
    public static StsError Missing(string parameter) => Say(900144, parameter);

    public static readonly StsError GrantTypeUnknown = Say(70003);
    public static readonly StsError Malformed = Say(9002313);
    public static readonly StsError CodeExpired = Say(70008);
    public static readonly StsError CodeRedeemed = Say(54005);
    public static readonly StsError OtherDirectory = Say(700005);

    public static StsError OtherRedirectUri(string actual, string provided) => Say(500112, actual, provided);

    public static readonly StsError OtherClient = Say(700007);
    public static readonly StsError CodeOfOtherClient = Say(7000220);

    public static StsError Idle(DateTimeOffset issued, TimeSpan limit) => Say(700082, Date(issued), Span(limit));

    public static StsError SpaRefreshOver(DateTimeOffset issued, TimeSpan limit) => Say(700084, Span(limit), Date(issued));

    public static StsError LifetimeOver(DateTimeOffset issued, TimeSpan limit) => Say(700081, Date(issued), Span(limit));

    public static StsError SignInTooOld(DateTimeOffset issued, TimeSpan limit) => Say(70043, Date(issued), Span(limit));

    public static StsError Revoked(DateTimeOffset signedIn, DateTimeOffset validFrom) => Say(50173, Date(signedIn), Date(validFrom));

    public static readonly StsError SessionRevoked = Say(50132);
    public static readonly StsError UserCodeMissing = Say(90119);
    public static readonly StsError DevicePending = Say(70016);
    public static readonly StsError DeviceCodeUnknown = Say(70018);
    public static readonly StsError DeviceCodeExpired = Say(70019);
    public static readonly StsError DeviceCodeUsed = Say(90120);

    // scopes, permissions, consent
    public static StsError NotConsented(AppRegistration app) => Say(65001, Id(app), app.DisplayName);

    public static readonly StsError Declined = Say(65004);

    public static readonly StsError ScopeEmpty = Say(28003);

    public static StsError ScopeInvalid(string scope) => Say(70011, scope);

    public static StsError ScopesIncompatible(string list) => Say(70011, "") with
    {
        Text = "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not "
            + $"valid. One or more scopes in '{list}' are not compatible with each other.",
    };

    public static StsError DefaultMixed(string list) => Say(70011, "") with
    {
        Text = "The provided value for the input parameter 'scope' is not valid. .default scope can't be combined with "
            + $"resource-specific scopes. The scope {list} is not valid.",
    };

    public static StsError AppScopeInvalid(string scope) => Say(1002012, scope);

    public static StsError ResourceNotFound(string resource, LabDirectory directory) => Say(500011, resource, directory.DisplayName);

    public static StsError ResourceDisabled(Guid resource) => Say(500014, resource.ToString());

    public static StsError ResourceUnsubscribed(Guid resource, LabDirectory directory) =>
        Say(650052, resource.ToString(), Resources.NameOf(resource), directory.DisplayName);

    public static StsError ResourceNotListed(AppRegistration app, string sent, Guid resource) => Say(650057,
        Id(app), app.DisplayName, sent, resource.ToString(), string.Join(", ", app.Permissions.Select(p => p.Resource).Distinct()));

    public static StsError NoRoleForApp(AppRegistration app, Guid resource) =>
        Say(501051, Id(app), app.DisplayName, resource.ToString(), Resources.NameOf(resource));

    public static StsError ScopeNotOffered(AppRegistration app, string scope, Guid resource) =>
        Say(650053, app.DisplayName, scope, resource.ToString());

    public static StsError NothingListed(AppRegistration app) => Say(650056, app.DisplayName);

    public static StsError SignInNotListed(AppRegistration app) => Say(90008, Id(app), app.DisplayName);

    public static StsError TokenForItself(AppRegistration app) => Say(90009, Id(app), app.DisplayName);

    public static readonly StsError AdminApproval = Say(90094);
    public static readonly StsError AdminApprovalByRequest = Say(90095);
    public static readonly StsError MayNotConsent = Say(90093);

    // people
    public static StsError UserNotFound(string name, LabDirectory directory) => Say(50034, name, directory.DisplayName);

    public static StsError UserOfOther(string email, string provider, LabDirectory directory, AppRegistration app) =>
        Say(50020, email, provider, directory.DisplayName, Id(app), app.DisplayName);

    public static StsError PersonalAccount(string email) => Say(500200, email);

    public static StsError PersonalNotForApp(string email, AppRegistration app) => Say(500202, email, app.DisplayName);

    public static readonly StsError WrongPassword = Say(50126);
    public static readonly StsError Locked = Say(50053);
    public static readonly StsError PasswordExpired = Say(50055);
    public static readonly StsError NoPassword = Say(50056);
    public static readonly StsError UserDisabled = Say(50057);
    public static readonly StsError UserAtRisk = Say(50135);

    public static StsError NotAssigned(EnterpriseApp app, LabUser user) =>
        Say(50105, app.DisplayName, app.ClientId.ToString(), user.Address);

    private static StsError Say(int code, params ReadOnlySpan<string> values) => StsCatalogue.Say(code, values);

    private static string Id(AppRegistration app) => app.ClientId.ToString();

    private static string Span(TimeSpan limit) => limit.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);

    private static string Date(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
