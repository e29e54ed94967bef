using System.Collections.Immutable;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

/// <summary>Orders about who may submit, as whom, and how much.</summary>
internal static class SubmissionRoutes
{
    public static void MapSubmission(this RouteGroupBuilder control)
    {
        const string directory = "/directories/{directory}";
        const string mailbox = directory + "/users/{user}/mailbox";
        control.Order<PrincipalsOrder>("PUT", directory + "/exchange-principals",
            (call, order) => call.InDirectory(place => place.Set(d => d with { ExchangePrincipals = order.Principals })));
        control.Order<ApplicationRolesOrder>("PUT", directory + "/application-roles",
            (call, order) => call.InDirectory(place => place.Set(d => d with { ApplicationRoles = order.Roles })));
        control.Order<ApplicationAccessPoliciesOrder>("PUT", directory + "/application-access-policies",
            (call, order) => call.InDirectory(place => place.Set(d => d with { ApplicationAccessPolicies = order.Policies })));
        control.Order<GraphLimits>("PUT", directory + "/graph-limits", (call, limits) => call.InDirectory(place => SetLimits(place, limits)));
        control.Order<SubmissionLimits>("PUT", directory + "/submission-limits", (call, limits) => call.InDirectory(place => SetLimits(place, limits)));
        control.Order<SubmissionSettings>("PUT", directory + "/submission-settings",
            (call, settings) => call.InDirectory(place => settings.SmtpAuthDelayMinutes is < 0 or > 24 * 60
                ? new Change.Refused("SMTP AUTH switches take effect after 0 minutes to 1440.")
                : place.Set(d => d with { Submission = settings })));
        control.Order<SwitchOrder>("PUT", directory + "/basic-auth-retired",
            (call, order) => call.InDirectory(place => place.Set(d => d with { BasicAuthRetired = order.Enabled })));
        control.Order<MailboxRightsOrder>("PUT", mailbox + "/rights",
            (call, order) => call.OnUser(place => place.SetMailbox(m => m with { FullAccess = order.FullAccess ?? [], SendAs = order.SendAs ?? [] })));
        control.Order<SwitchOrder>("PUT", mailbox + "/restricted", (call, order) => call.OnUser(place => place.SetMailbox(m => m with { Restricted = order.Enabled })));
    }

    private static Change SetLimits(DirectoryPlace place, GraphLimits limits) => limits is { Concurrent: > 0, Requests: > 0, UploadBytes: > 0 }
        ? place.Set(d => d with { GraphLimits = limits })
        : new Change.Refused("Every limit is above 0.");

    private static Change SetLimits(DirectoryPlace place, SubmissionLimits limits) =>
        limits is { Connections: > 0, MessagesPerMinute: > 0, RecipientsPerMessage: >= 1 and <= 1000, MessageBytes: > 0 and <= 150 * 1024 * 1024 }
            ? place.Set(d => d with { SubmissionLimits = limits })
            : new Change.Refused("Connections and messages a minute are above 0; recipients of a message are 1 to 1000, its octets at most 150 MB.");
}

internal sealed record PrincipalsOrder(ImmutableArray<ExchangePrincipal> Principals);

internal sealed record ApplicationRolesOrder(ImmutableArray<ApplicationRole> Roles);

internal sealed record ApplicationAccessPoliciesOrder(ImmutableArray<ApplicationAccessPolicy> Policies);

/// <summary>Object ids; what is left out is taken away.</summary>
internal sealed record MailboxRightsOrder(ImmutableArray<Guid>? FullAccess = null, ImmutableArray<Guid>? SendAs = null);
