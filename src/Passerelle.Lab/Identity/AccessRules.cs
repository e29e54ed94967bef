using System.Text.Json;
using Passerelle.Lab.Identity.Catalogue;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>How somebody came in, which is what policies ask about.</summary>
/// <param name="MfaAt">When they last proved a second factor; null when never.</param>
internal sealed record SignInFacts(DateTimeOffset SignedInAt, DateTimeOffset? MfaAt, Door Door);

/// <summary>What the person or program stands before.</summary>
internal enum Door
{
    Page,
    Refresh,
    Device,
    Password,
}

/// <summary>The person's state and the directory's conditional access, judged last (facts §12).</summary>
internal static class AccessRules
{
    public static StsError? Fault(LabDirectory directory, Client client, LabUser user, SignInFacts facts, DateTimeOffset now) =>
        PersonFault(client, user, facts.SignedInAt) ?? PolicyFault(directory, client.App.ClientId, user, facts, now);

    private static StsError? PersonFault(Client client, LabUser user, DateTimeOffset signedInAt) => client.Principal switch
    {
        _ when !user.Enabled => StsErrors.UserDisabled,
        _ when signedInAt < user.TokensValidFrom => StsErrors.Revoked(signedInAt, user.TokensValidFrom),
        { AssignmentRequired: true } app when !app.AssignedUsers.Contains(user.Id) => StsErrors.NotAssigned(app, user),
        _ => null,
    };

    private static StsError? PolicyFault(LabDirectory directory, Guid app, LabUser user, SignInFacts facts, DateTimeOffset now)
    {
        if (directory.SecurityDefaults && facts.Door is Door.Password) return StsCatalogue.Say(530035);
        foreach (AccessPolicy policy in directory.AccessPolicies.Where(p => p.Covers(app, user.Id)))
        {
            if (Broken(policy, user, facts, now) is { } code) return Say(code, app, policy, facts);
        }

        return directory.SecurityDefaults && !user.MfaRegistered ? StsCatalogue.Say(50072, app.ToString()) : null;
    }

    /// <returns>The code of what the policy misses; null when it is content.</returns>
    private static int? Broken(AccessPolicy policy, LabUser user, SignInFacts facts, DateTimeOffset now)
    {
        var limit = TimeSpan.FromHours(policy.Hours);
        return policy.Demand switch
        {
            AccessDemand.Block => 53003,
            AccessDemand.NoDeviceFlow => facts.Door is Door.Device ? 530033 : null,
            AccessDemand.CompliantDevice => 53000,
            AccessDemand.DomainJoinedDevice => 53001,
            AccessDemand.ApprovedApp => 53002,
            AccessDemand.ManagedDevice => 530003,
            AccessDemand.OtherProvider => 50158,
            AccessDemand.SignInFrequency => now - facts.SignedInAt <= limit ? null : facts.Door is Door.Page ? 70044 : 70043,
            AccessDemand.Mfa when !user.MfaRegistered => 50079,
            AccessDemand.Mfa when facts.MfaAt is null => facts.Door is Door.Page ? 50074 : 50076,
            AccessDemand.Mfa when policy.Hours > 0 && now - facts.MfaAt > limit => 50078,
            _ => null,
        };
    }

    /// <summary>A refused program gets the challenge that a person can answer.</summary>
    private static StsError Say(int code, Guid app, AccessPolicy policy, SignInFacts facts) => code switch
    {
        70043 => StsErrors.SignInTooOld(facts.SignedInAt, TimeSpan.FromHours(policy.Hours)),
        _ => StsCatalogue.Say(code, app.ToString()),
    } with
    {
        Claims = JsonSerializer.Serialize(new { access_token = new { capolids = new { essential = true, values = new[] { policy.Id } } } }),
    };
}
