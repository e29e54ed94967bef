using System.Globalization;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>The errors that the lab's state can cause, as facts §2 gives them.</summary>
internal static class StsErrors
{
    // tenant, endpoint, client id
    public static StsError DirectoryNotFound(string segment) => new(90002, "invalid_request",
        $"Tenant '{segment}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. "
        + "Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.");

    public static readonly StsError NotOverCommon = new(9001023, "invalid_request",
        "The grant type isn't supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.");

    public static StsError NotMultiTenant(AppRegistration app) => new(50194, "invalid_request",
        $"Application '{app.ClientId}'({app.DisplayName}) is not configured as a multi-tenant application. Usage of the /common endpoint "
        + "is not supported for such applications created after '10/15/2018'. Use a tenant-specific endpoint or configure the "
        + "application to be multi-tenant.");

    public static StsError NotForConsumers(AppRegistration app) => new(9002332, "invalid_request",
        $"Application '{app.ClientId}'({app.DisplayName}) is configured for use by Azure Active Directory users only. "
        + "Please do not use the /consumers endpoint to serve this request.");

    public static StsError AppNotFound(string clientId, string directory) => new(700016, "unauthorized_client",
        $"Application with identifier '{clientId}' was not found in the directory '{directory}'. This can happen if the application "
        + "has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent "
        + "your authentication request to the wrong tenant.");

    public static StsError EmptyClientId(string clientId) =>
        new(700038, "invalid_request", $"{clientId} is not a valid application identifier.");

    public static StsError AppDisabled(EnterpriseApp app, LabDirectory directory) => new(7000116, "unauthorized_client",
        $"Client application '{app.ClientId}'({app.DisplayName}) is disabled in tenant {directory.Id}.");

    public static StsError NoEnterpriseApp(AppRegistration app, LabDirectory directory) => new(7000229, "invalid_client",
        $"The client application {app.ClientId} is missing service principal in the tenant {directory.Id}. "
        + "See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119");

    // redirect URI and authorize request
    public static StsError RedirectUriUnknown(string uri, AppRegistration app) => new(50011, "invalid_request",
        $"The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the application "
        + $"'{app.ClientId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. "
        + "Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to fix this.");

    public static StsError NoRedirectUri(AppRegistration app) => new(500113, "invalid_request",
        $"No reply address is registered for the application '{app.ClientId}'.");

    public static readonly StsError RedirectUriMissing = new(900971, "invalid_request", "No reply address provided.");

    public static StsError ResponseTypeUnknown(string type) => new(70005, "unsupported_response_type",
        $"The provided value for the input parameter 'response_type' is not allowed for this client. Value: '{type}'.");

    public static readonly StsError TokenNotEnabled = new(700051, "unsupported_response_type",
        "response_type 'token' is not enabled for the application.");

    public static readonly StsError IdTokenNotEnabled = new(700054, "unsupported_response_type",
        "response_type 'id_token' is not enabled for the application.");

    public static readonly StsError IdTokenWithoutOpenId = new(700053, "unsupported_response_type",
        "response_type 'id_token' requires the 'openid' scope.");

    public static readonly StsError ResponseModeUnsupported = new(70007, "invalid_request",
        "The provided value for the input parameter 'response_mode' is not supported for this 'response_type'.");

    public static readonly StsError ChallengeSize = new(501491, "invalid_request", "Invalid size of Code_Challenge parameter.");
    public static readonly StsError ChallengeMethod = new(50149, "invalid_request", "Invalid Code_Challenge_method parameter.");
    public static readonly StsError ChallengeMissing = new(501471, "invalid_request", "Missing code_challenge parameter.");

    public static readonly StsError SpaNeedsChallenge = new(9002325, "invalid_request",
        "Proof Key for Code Exchange is required for cross-origin authorization code redemption.");

    public static readonly StsError SpaOnly = new(9002327, "invalid_request",
        "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.");

    public static StsError WebOnly(string origin) => new(9002326, "invalid_request",
        $"Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '{origin}'.");

    public static readonly StsError VerifierMismatch = new(501481, "invalid_grant",
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.");

    public static StsError WrongVerb(string verb) => new(900561, "invalid_request",
        $"The endpoint only accepts POST requests. Received a {verb} request.");

    public static readonly StsError SilentButNotSignedIn = new(50058, "login_required",
        "A silent sign-in request was sent but no user is signed in.");

    // client authentication
    public static StsError WrongSecret(AppRegistration app) => new(7000215, "invalid_client",
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client "
        + $"secret ID, for a secret added to app '{app.ClientId}'.", 401);

    public static StsError ExpiredSecret(AppRegistration app) => new(7000222, "invalid_client",
        $"The provided client secret keys for app '{app.ClientId}' are expired. Visit the Azure portal to create new keys for your app: "
        + "https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.", 401);

    public static readonly StsError NoCredential = new(7000218, "invalid_client",
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.", 401);

    public static readonly StsError NoCredentialForApp = new(7000216, "invalid_client",
        "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.", 401);

    public static readonly StsError PublicWithSecret = new(700025, "invalid_client",
        "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.", 401);

    public static readonly StsError TwoCredentials = new(9002324, "invalid_request",
        "Request should not contain more than one client credential parameters, this includes 'client_secret', 'client_assertion' and 'request' parameters.");

    public static StsError AssertionUnknown(AppRegistration app) => new(700027, "invalid_client",
        "Client assertion contains an invalid signature. [Reason - The key was not found. Please visit the Azure Portal, Graph Explorer "
        + $"or directly use MS Graph to see configured keys for app Id '{app.ClientId}'.]", 401);

    // grants
    public static StsError Missing(string parameter) =>
        new(900144, "invalid_request", $"The request body must contain the following parameter: '{parameter}'.");

    public static readonly StsError GrantTypeUnknown = new(70003, "unsupported_grant_type", "The app returned an unsupported grant type.");
    public static readonly StsError Malformed = new(9002313, "invalid_grant", "Invalid request. Request is malformed or invalid.");

    public static readonly StsError CodeExpired = new(70008, "invalid_grant",
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.");

    public static readonly StsError CodeRedeemed = new(54005, "invalid_grant",
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.");

    public static readonly StsError OtherDirectory = new(700005, "invalid_grant",
        "Provided Authorization Code is intended to use against other tenant, thus rejected.");

    public static StsError OtherRedirectUri(string actual, string provided) => new(500112, "invalid_grant",
        $"The reply address '{actual}' does not match the reply address '{provided}' provided when requesting Authorization code.");

    public static readonly StsError OtherClient = new(700007, "invalid_grant", "The grant was issued for a different client id.");

    public static StsError Idle(DateTimeOffset issued, TimeSpan limit) => new(700082, "invalid_grant",
        $"The refresh token has expired due to inactivity. The token was issued on {Date(issued)} and was inactive for {limit:d\\.hh\\:mm\\:ss}.");

    public static StsError SpaRefreshOver(DateTimeOffset issued, TimeSpan limit) => new(700084, "invalid_grant",
        $"The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of {limit:d\\.hh\\:mm\\:ss}, "
        + "which cannot be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page. "
        + $"The token was issued on {Date(issued)}.");

    public static StsError Revoked(DateTimeOffset signedIn, DateTimeOffset validFrom) => new(50173, "invalid_grant",
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their "
        + $"password. The grant was issued on '{Date(signedIn)}' and the TokensValidFrom date (before which tokens are not valid) for this "
        + $"user is '{Date(validFrom)}'.", Suberror: "bad_token");

    // scopes, permissions, consent
    public static StsError NotConsented(AppRegistration app) => new(65001, "invalid_grant",
        $"The user or administrator has not consented to use the application with ID '{app.ClientId}' named '{app.DisplayName}'. "
        + "Send an interactive authorization request for this user and resource.", Suberror: "consent_required");

    public static readonly StsError Declined = new(65004, "access_denied", "The resource owner or authorization server denied the request.");

    public static StsError ScopeInvalid(string scope) => new(70011, "invalid_scope",
        $"The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.");

    public static StsError ScopesIncompatible(string list) => new(70011, "invalid_scope",
        $"The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. One or more scopes in '{list}' are not compatible with each other.");

    public static StsError DefaultMixed(string list) => new(70011, "invalid_scope",
        $"The provided value for the input parameter 'scope' is not valid. .default scope can't be combined with resource-specific scopes. The scope {list} is not valid.");

    public static StsError AppScopeInvalid(string scope) => new(1002012, "invalid_scope",
        $"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).");

    public static StsError ResourceNotFound(string resource, LabDirectory directory) => new(500011, "invalid_resource",
        $"The resource principal named {resource} was not found in the tenant named {directory.DisplayName}. This can happen if the "
        + "application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might "
        + "have sent your authentication request to the wrong tenant.");

    public static StsError ScopeNotOffered(AppRegistration app, string scope, Guid resource) => new(650053, "invalid_client",
        $"The application '{app.DisplayName}' asked for scope '{scope}' that doesn't exist on the resource '{resource}'. Contact the app vendor.");

    public static readonly StsError AdminApproval = new(90094, "access_denied",
        "Admin consent is required for the permissions requested by this application.");

    // people
    public static StsError UserNotFound(string name, LabDirectory directory) => new(50034, "invalid_grant",
        $"The user account {name} does not exist in the {directory.DisplayName} directory. To sign into this application, the account must be added to the directory.");

    public static readonly StsError WrongPassword = new(50126, "invalid_grant",
        "Error validating credentials due to invalid username or password.");

    public static readonly StsError UserDisabled = new(50057, "invalid_grant", "The user account is disabled.");

    public static StsError NotAssigned(EnterpriseApp app, LabUser user) => new(50105, "invalid_grant",
        $"Your administrator has configured the application {app.DisplayName} ('{app.ClientId}') to block users unless they are specifically "
        + $"granted ('assigned') access to the application. The signed in user '{user.Address}' is blocked because they are not a direct "
        + "member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to "
        + "assign access to this application.");

    private static string Date(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
