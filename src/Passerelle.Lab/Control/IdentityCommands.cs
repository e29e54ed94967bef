using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

/// <summary>Orders about who may prove what, and what stands in the way of a sign-in.</summary>
internal sealed class IdentityCommands(Labs labs)
{
    public Change Edit(AppPlace place, AppChangeOrder order) => place.Set(app => app with
    {
        DisplayName = order.DisplayName ?? app.DisplayName,
        Audience = order.Audience ?? app.Audience,
        Deactivated = order.Deactivated ?? app.Deactivated,
        VerifiedPublisher = order.VerifiedPublisher ?? app.VerifiedPublisher,
        LogoutUrl = order.LogoutUrl is null ? app.LogoutUrl : order.LogoutUrl.Length == 0 ? null : order.LogoutUrl,
    });

    /// <summary>The registration goes, and with it the enterprise application and the grants of its own directory.</summary>
    public Change Delete(AppPlace place) => place.Lab.ChangeDirectory(place.Directory.Id, directory => directory with
    {
        Registrations = directory.Registrations.RemoveAll(r => r.ClientId == place.App.ClientId),
        EnterpriseApps = directory.EnterpriseApps.RemoveAll(e => e.ClientId == place.App.ClientId),
        Grants = directory.Grants.RemoveAll(g => g.ClientId == place.App.ClientId),
    }) ? new Change.Done() : new Change.Missing("The directory is gone.");

    public Change AddCertificate(AppPlace place, CertificateOrder order)
    {
        if (KeyOf(place.Lab, order) is not { } key) return new Change.Refused("That is not a certificate.", "Ce n'est pas un certificat.");
        return place.Set(app => app with { Keys = app.Keys.Add(key) }) is Change.Missing gone ? gone : new Change.Made(key);
    }

    /// <returns>Null when it is not a certificate.</returns>
    public static KeyCredential? KeyOf(Twin lab, CertificateOrder order)
    {
        using X509Certificate2? certificate = Read(order.Certificate);
        return certificate is null ? null : new KeyCredential
        {
            KeyId = lab.NewId(),
            DisplayName = order.DisplayName,
            Key = Convert.ToBase64String(certificate.RawData),
            StartsAt = new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
            EndsAt = new DateTimeOffset(certificate.NotAfter.ToUniversalTime()),
        };
    }

    public Change RemoveCertificate(AppPlace place, Guid id) => place.App.Keys.Any(k => k.KeyId == id)
        ? place.Set(app => app with { Keys = app.Keys.RemoveAll(k => k.KeyId == id) })
        : new Change.Missing("There is no such certificate.");

    public Change AddFederation(AppPlace place, FederationOrder order)
    {
        if (order.Issuer.Length == 0 || order.Subject.Length == 0) return new Change.Refused("Issuer and subject must not be empty.");
        var made = new FederatedCredential { Id = place.Lab.NewId(), Name = order.Name, Issuer = order.Issuer, Subject = order.Subject };
        if (order.Audiences is { } audiences) made = made with { Audiences = audiences };
        return place.Set(app => app with { Federations = app.Federations.Add(made) }) is Change.Missing gone ? gone : new Change.Made(made);
    }

    public Change RemoveFederation(AppPlace place, Guid id) => place.App.Federations.Any(f => f.Id == id)
        ? place.Set(app => app with { Federations = app.Federations.RemoveAll(f => f.Id == id) })
        : new Change.Missing("There is no such credential.");

    public Change Edit(DirectoryPlace place, DirectoryChangeOrder order) => place.Set(directory => directory with
    {
        SecurityDefaults = order.SecurityDefaults ?? directory.SecurityDefaults,
        AdminConsentRequests = order.AdminConsentRequests ?? directory.AdminConsentRequests,
        BlocksOutboundAccess = order.BlocksOutboundAccess ?? directory.BlocksOutboundAccess,
        BlocksInboundAccess = order.BlocksInboundAccess ?? directory.BlocksInboundAccess,
        LowImpactScopes = order.LowImpactScopes ?? directory.LowImpactScopes,
        RefreshTokenMaxDays = order.RefreshTokenMaxDays is { } days ? days == 0 ? null : days : directory.RefreshTokenMaxDays,
        NationalCloud = order.NationalCloud is { } cloud ? cloud.Length == 0 ? null : cloud : directory.NationalCloud,
    });

    /// <summary>Replaces all of them.</summary>
    public Change SetPolicies(DirectoryPlace place, AccessPoliciesOrder order) => place.Set(directory => directory with
    {
        AccessPolicies =
        [
            .. order.Policies.Select(p => new AccessPolicy
            {
                Id = place.Lab.NewId(),
                Name = p.Name,
                Demand = p.Demand,
                Enabled = p.Enabled,
                Hours = p.Hours,
                Apps = p.Apps ?? [],
                Users = p.Users ?? [],
                ExcludedUsers = p.ExcludedUsers ?? [],
            }),
        ],
    });

    public Change SetResource(DirectoryPlace place, Guid resource, ResourceOrder order) => place.Set(directory => directory with
    {
        ResourceStandings = directory.ResourceStandings.Put(
            new ResourceStanding(resource, order.Standing, order.AssignmentRequired), r => r.Resource),
    });

    public Change Edit(UserPlace place, SignInOrder order) => place.Set(user => user with
    {
        PasswordExpired = order.PasswordExpired ?? user.PasswordExpired,
        Passwordless = order.Passwordless ?? user.Passwordless,
        AtRisk = order.AtRisk ?? user.AtRisk,
        MfaRegistered = order.MfaRegistered ?? user.MfaRegistered,
    });

    /// <summary>By the person: what was granted before lives on (facts §1.12).</summary>
    public Change ChangeOwnPassword(UserPlace place, PasswordOrder order) => order.Password.Length == 0
        ? new Change.Refused("The password must not be empty.")
        : place.Set(user => user with { Password = order.Password, PasswordExpired = false });

    public Change Delete(UserPlace place) => new DirectoryPlace(place.Lab, place.Directory).Set(directory => directory with
    {
        Users = directory.Users.RemoveAll(u => u.Id == place.User.Id),
        Grants = directory.Grants.RemoveAll(g => g.UserId == place.User.Id),
    });

    public Change SetIssuer(string lab, IssuerOrder order) => labs.Named(lab) is not { } known
        ? LabCommands.NoLab(lab)
        : order.Jwks.ValueKind is not System.Text.Json.JsonValueKind.Object || !order.Jwks.TryGetProperty("keys", out _)
            ? new Change.Refused("Send a key set: {\"keys\":[…]}.")
            : Done(known.Change(state => state with { Issuers = state.Issuers.Put(new OutsideIssuer(order.Issuer, order.Jwks.GetRawText()), i => i.Issuer) }));

    /// <summary>A personal Microsoft account; its address belongs to no directory of the lab.</summary>
    public Change AddPersonal(string lab, PersonalAccountOrder order)
    {
        if (labs.Named(lab) is not { } known) return LabCommands.NoLab(lab);
        if (!MailAddresses.IsOne(order.Address) || order.Password.Length == 0) return new Change.Refused("A personal account needs an address and a password.");
        if (known.State.DirectoryOfUser(order.Address) is not null || known.State.DirectoryOfDomain(MailAddresses.DomainOf(order.Address)) is not null)
            return new Change.Taken($"{order.Address} is taken.");
        var user = new LabUser { Id = known.NewId(), Address = order.Address, DisplayName = order.DisplayName, Password = order.Password };
        known.ChangeDirectory(Resources.PersonalDirectory, directory => directory.With(user));
        return new Change.Made(user);
    }

    private static X509Certificate2? Read(string text)
    {
        try
        {
            return text.Contains("-----BEGIN", StringComparison.Ordinal)
                ? X509Certificate2.CreateFromPem(text)
                : X509CertificateLoader.LoadCertificate(Convert.FromBase64String(text));
        }
        catch (Exception broken) when (broken is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static Change Done(LabState _) => new Change.Done();
}
