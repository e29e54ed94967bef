using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>Whether a call may open a mailbox, and for what (facts §3.4, §3.7, §3.8).</summary>
internal static class MailboxDoor
{
    private const string Policy = "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.";

    /// <summary>Finds the mailbox, and demands one of the permissions for it.</summary>
    /// <param name="id">Object id or address.</param>
    /// <param name="permissions">For one's own mailbox and for an application; each opens somebody else's as <c>….Shared</c>.</param>
    /// <exception cref="GraphFault">403, or 404 in Exchange's words.</exception>
    public static UserPlace Open(GraphCall call, string id, bool sends, params ReadOnlySpan<string> permissions)
    {
        var directory = call.Directory;
        if (People.Find(directory, id) is not { } user) throw call.Has(permissions) ? GraphFault.NoUser(id) : GraphFault.AccessDenied();
        if (call.Token.AppOnly) DemandOfApp(call, directory, user, permissions);
        else DemandOfPerson(call, user, sends, permissions);
        return user.Mailbox is null ? throw GraphFault.NoMailbox() : new UserPlace(call.Lab, directory, user);
    }

    public static LabExchange Of(this Exchanges exchanges, UserPlace mailbox) => exchanges.Of(mailbox.Lab);

    /// <summary>By a role in the token, unless a policy keeps it from this mailbox; or by a role of RBAC for Applications that
    /// covers it.</summary>
    private static void DemandOfApp(GraphCall call, LabDirectory directory, LabUser user, ReadOnlySpan<string> permissions)
    {
        var covered = false;
        foreach (var permission in permissions)
        {
            covered |= directory.ApplicationRoles.Any(r => r.AppId == call.Token.ClientId && r.Role == $"Application {permission}" && r.Covers(directory, user));
        }

        if (covered && Actor.IsRegistered(call.Token, directory)) return;
        if (!call.Has(permissions)) throw GraphFault.AccessDenied();
        if (!ApplicationAccessPolicy.Allows(directory, call.Token.ClientId, user))
            throw new GraphFault(StatusCodes.Status403Forbidden, "ErrorAccessDenied", Policy);
    }

    private static void DemandOfPerson(GraphCall call, LabUser user, bool sends, ReadOnlySpan<string> permissions)
    {
        if (call.Token.ObjectId == user.Id)
        {
            if (!call.Has(permissions)) throw GraphFault.AccessDenied();
            return;
        }

        var shared = false;
        foreach (var permission in permissions) shared |= call.Has(permission + ".Shared");
        var rights = user.Mailbox is { } mailbox
            && (mailbox.FullAccess.Contains(call.Token.ObjectId) || (sends && mailbox.SendAs.Contains(call.Token.ObjectId)));
        if (!shared || !rights) throw GraphFault.AccessDenied();
    }
}
