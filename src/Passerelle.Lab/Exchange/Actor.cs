using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>Whose token opened a mailbox: its owner, a delegate, or an application (facts/microsoft365.md §3.5 to §3.7).</summary>
/// <param name="ObjectId">Of the person or of the enterprise application.</param>
/// <param name="AppOnly">By the classic way: AUTH asks for the service principal, the submission for the mailbox permission.</param>
internal sealed record Actor(Guid ObjectId, bool AppOnly = false)
{
    /// <returns>Null when the token does not open this mailbox.</returns>
    public static Actor? Of(AccessToken token, UserPlace place) => token.AppOnly ? OfApp(token, place) : OfPerson(token, place);

    /// <summary>Looked up when a mail comes: AUTH succeeds without it, and the refusal stands behind DATA (430 4.2.0).</summary>
    public bool MayOpen(Mailbox mailbox) =>
        !AppOnly || mailbox.FullAccess.Contains(ObjectId) || mailbox.SendAs.Contains(ObjectId);

    /// <summary>By Send As, or on behalf of by <c>GrantSendOnBehalfTo</c> (facts/microsoft365.md §5.7).</summary>
    public bool MaySendAs(Submitter submitter, string address) =>
        submitter.Organisation is { } organisation && organisation.UserByAddress(address)?.Mailbox is { } other
        && (other.SendAs.Contains(ObjectId)
            || (organisation.User(ObjectId) is { } person && other.GrantSendOnBehalfTo.Contains(person.Address, StringComparer.OrdinalIgnoreCase)));

    /// <summary>Exchange has a service principal for the application of that token (facts/microsoft365.md §3.6).</summary>
    public static bool IsRegistered(AccessToken token, LabDirectory directory) =>
        directory.EnterpriseApp(token.ClientId) is { Enabled: true } app && app.ObjectId == token.ObjectId
        && directory.ExchangePrincipals.Any(p => p.AppId == app.ClientId && p.ObjectId == app.ObjectId);

    /// <summary>With the role in the token Exchange looks for its own service principal; without it, for a role of RBAC for
    /// Applications that covers the mailbox.</summary>
    private static Actor? OfApp(AccessToken token, UserPlace place)
    {
        if (!IsRegistered(token, place.Directory)) return null;
        if (token.Roles.Contains("SMTP.SendAsApp")) return new Actor(token.ObjectId, AppOnly: true);
        return place.Directory.ApplicationRoles.Any(r =>
            r.Role == ApplicationRole.SmtpSendAsApp && r.AppId == token.ClientId && r.Covers(place.Directory, place.User))
            ? new Actor(token.ObjectId)
            : null;
    }

    /// <summary>A shared mailbox's own account cannot sign in: a delegate's token opens it.</summary>
    private static Actor? OfPerson(AccessToken token, UserPlace place)
    {
        if (!token.Scopes.Contains("SMTP.Send")) return null;
        if (place.Directory.User(token.ObjectId) is not { Enabled: true } person || place.User.Mailbox is not { } mailbox) return null;
        return person.Id == place.User.Id || mailbox.FullAccess.Contains(person.Id) || mailbox.SendAs.Contains(person.Id)
            ? new Actor(person.Id)
            : null;
    }
}
