namespace Passerelle.Lab.Testing;

/// <summary>Who may submit in one directory, as whom, and how much, through the control API.</summary>
public sealed class LabSubmission(LabControl control, Guid directory)
{
    private readonly string _base = $"directories/{directory}/";

    /// <summary>What New-ServicePrincipal wrote down; replaces what was there.</summary>
    public Task SetPrincipalsAsync(IEnumerable<(Guid AppId, Guid ObjectId)> principals, CancellationToken cancel) =>
        control.SendAsync(HttpMethod.Put, _base + "exchange-principals",
            new { principals = principals.Select(p => new { appId = p.AppId, objectId = p.ObjectId }) }, cancel);

    /// <summary>Roles of RBAC for Applications, such as <c>Application SMTP.SendAsApp</c>; no mailboxes covers all of them.</summary>
    public Task SetApplicationRolesAsync(IEnumerable<(string Name, string Role, Guid AppId, string[] Mailboxes)> roles, CancellationToken cancel) =>
        control.SendAsync(HttpMethod.Put, _base + "application-roles",
            new { roles = roles.Select(r => new { name = r.Name, role = r.Role, appId = r.AppId, mailboxes = r.Mailboxes }) }, cancel);

    /// <param name="limits">camelCase; what is left out gets Exchange's default.</param>
    public Task SetLimitsAsync(object limits, CancellationToken cancel) =>
        control.SendAsync(HttpMethod.Put, _base + "submission-limits", limits, cancel);

    /// <summary>Basic authentication is gone for the whole directory (550 5.7.30).</summary>
    public Task RetireBasicAuthAsync(bool enabled, CancellationToken cancel) =>
        control.SendAsync(HttpMethod.Put, _base + "basic-auth-retired", new { enabled }, cancel);

    /// <summary>Object ids of people or applications; replaces what was there.</summary>
    public Task SetMailboxRightsAsync(string user, Guid[] fullAccess, Guid[] sendAs, CancellationToken cancel) =>
        control.SendAsync(HttpMethod.Put, Mailbox(user) + "rights", new { fullAccess, sendAs }, cancel);

    /// <summary>Listed under Restricted entities.</summary>
    public Task RestrictAsync(string user, bool enabled, CancellationToken cancel) =>
        control.SendAsync(HttpMethod.Put, Mailbox(user) + "restricted", new { enabled }, cancel);

    private string Mailbox(string user) => $"{_base}users/{Uri.EscapeDataString(user)}/mailbox/";
}
