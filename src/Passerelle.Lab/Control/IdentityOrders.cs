using System.Collections.Immutable;
using System.Text.Json;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

// What the identity platform can be told beyond the guide: proofs of clients, policies, states of accounts and resources.

/// <param name="Certificate">PEM, or base64 of the DER; the public half.</param>
internal sealed record CertificateOrder(string DisplayName, string Certificate);

internal sealed record FederationOrder(string Name, string Issuer, string Subject, ImmutableArray<string>? Audiences = null);

/// <param name="Jwks">A key set: <c>{"keys":[…]}</c>.</param>
internal sealed record IssuerOrder(string Issuer, JsonElement Jwks);

/// <summary>Null leaves a value; an empty LogoutUrl takes it away.</summary>
internal sealed record AppChangeOrder(
    string? DisplayName = null, SignInAudience? Audience = null, bool? Deactivated = null, bool? VerifiedPublisher = null, string? LogoutUrl = null);

internal sealed record AccessPolicyOrder(
    string Name, AccessDemand Demand, bool Enabled = true, int Hours = 0, ImmutableArray<Guid>? Apps = null, ImmutableArray<Guid>? Users = null,
    ImmutableArray<Guid>? ExcludedUsers = null);

internal sealed record AccessPoliciesOrder(ImmutableArray<AccessPolicyOrder> Policies);

/// <summary>Null leaves a value; an empty NationalCloud and a RefreshTokenMaxDays of 0 take theirs away.</summary>
internal sealed record DirectoryChangeOrder(
    bool? SecurityDefaults = null, bool? AdminConsentRequests = null, bool? BlocksOutboundAccess = null, bool? BlocksInboundAccess = null,
    int? RefreshTokenMaxDays = null, string? NationalCloud = null, ImmutableArray<string>? LowImpactScopes = null);

internal sealed record ResourceOrder(Standing Standing, bool AssignmentRequired = false);

/// <summary>Null leaves a value.</summary>
internal sealed record SignInOrder(bool? PasswordExpired = null, bool? Passwordless = null, bool? AtRisk = null, bool? MfaRegistered = null);

internal sealed record PersonalAccountOrder(string Address, string DisplayName, string Password);

internal static class IdentityOrders
{
    public static void MapIdentityOrders(this RouteGroupBuilder control)
    {
        const string app = "/directories/{directory}/apps/{app}";
        control.Order<AppChangeOrder>("PATCH", app, (call, order) => call.OnApp(place => call.Commands<IdentityCommands>().Edit(place, order)));
        control.MapDelete(app, (HttpContext call) => call.OnApp(place => call.Commands<IdentityCommands>().Delete(place)).ToResult());
        control.Order<CertificateOrder>("POST", app + "/certificates",
            (call, order) => call.OnApp(place => call.Commands<IdentityCommands>().AddCertificate(place, order)));
        control.MapDelete(app + "/certificates/{id:guid}",
            (HttpContext call, Guid id) => call.OnApp(place => call.Commands<IdentityCommands>().RemoveCertificate(place, id)).ToResult());
        control.Order<FederationOrder>("POST", app + "/federations",
            (call, order) => call.OnApp(place => call.Commands<IdentityCommands>().AddFederation(place, order)));
        control.MapDelete(app + "/federations/{id:guid}",
            (HttpContext call, Guid id) => call.OnApp(place => call.Commands<IdentityCommands>().RemoveFederation(place, id)).ToResult());

        const string directory = "/directories/{directory}";
        control.Order<DirectoryChangeOrder>("PATCH", directory,
            (call, order) => call.InDirectory(place => call.Commands<IdentityCommands>().Edit(place, order)));
        control.Order<AccessPoliciesOrder>("PUT", directory + "/access-policies",
            (call, order) => call.InDirectory(place => call.Commands<IdentityCommands>().SetPolicies(place, order)));
        control.Order<ResourceOrder>("PUT", directory + "/resources/{resource:guid}",
            (call, order) => call.InDirectory(place => call.Commands<IdentityCommands>().SetResource(place, new Guid(call.Route("resource")), order)));

        const string user = directory + "/users/{user}";
        control.Order<SignInOrder>("PATCH", user + "/sign-in", (call, order) => call.OnUser(place => call.Commands<IdentityCommands>().Edit(place, order)));
        control.Order<PasswordOrder>("PUT", user + "/own-password",
            (call, order) => call.OnUser(place => call.Commands<IdentityCommands>().ChangeOwnPassword(place, order)));
        control.MapDelete(user, (HttpContext call) => call.OnUser(place => call.Commands<IdentityCommands>().Delete(place)).ToResult());

        control.Order<IssuerOrder>("PUT", "/labs/{lab}/issuers", (call, order) => call.Commands<IdentityCommands>().SetIssuer(call.Route("lab"), order));
        control.Order<PersonalAccountOrder>("POST", "/labs/{lab}/personal-accounts",
            (call, order) => call.Commands<IdentityCommands>().AddPersonal(call.Route("lab"), order));
    }
}
