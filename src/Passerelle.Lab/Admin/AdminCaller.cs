using Passerelle.Lab.State;

namespace Passerelle.Lab.Admin;

/// <summary>Who may administrate an organisation by this API (facts §7.2, §7.3): an administrator with a delegated token, or
/// an application with the role in its token <i>and</i> an Entra role on its enterprise application.</summary>
internal sealed class AdminCaller(Labs labs, TokenReader tokens)
{
    private const string ExchangeAdministrator = "Exchange Administrator";
    private const string RecipientAdministrator = "Exchange Recipient Administrator";
    private const string GlobalAdministrator = "Global Administrator";
    private const string GlobalReader = "Global Reader";

    /// <param name="tenant">Directory id or verified domain of the path.</param>
    /// <param name="preview">The Admin API (v2.0) has permissions of its own.</param>
    public async Task<Admission> JudgeAsync(HttpContext http, string tenant, bool preview)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return new Admission.Refused("The request has no bearer token.");
        if (await tokens.ReadForExchangeAsync(header["Bearer ".Length..].Trim()) is not TokenReading.Read { Token: var token })
            return new Admission.Refused("The token is invalid.");
        if (labs.Directory(tenant) is not { } place || place.Directory.Id != token.DirectoryId)
            return new Admission.Refused("The token is for another organization.");
        var highest = token.AppOnly ? OfApp(token, place.Directory, preview) : OfPerson(token, place.Directory, preview);
        return highest is { } need
            ? new Admission.Granted(place, need)
            : new Admission.Refused("The caller has no role that permits it to manage this organization.");
    }

    private static CmdletNeed? OfPerson(AccessToken token, LabDirectory directory, bool preview) =>
        directory.User(token.ObjectId) is { Enabled: true, Administrator: true }
            && token.Scopes.Any(scope => scope == "Exchange.ManageV2" || (!preview && scope == "Exchange.Manage"))
            ? CmdletNeed.Organisation
            : null;

    private static CmdletNeed? OfApp(AccessToken token, LabDirectory directory, bool preview)
    {
        if (!token.Roles.Any(role => role == "Exchange.ManageAsAppV2" || (!preview && role == "Exchange.ManageAsApp"))) return null;
        if (directory.EnterpriseApp(token.ClientId) is not { Enabled: true } app) return null;
        return app.DirectoryRoles.Intersect([ExchangeAdministrator, GlobalAdministrator], StringComparer.OrdinalIgnoreCase).Any() ? CmdletNeed.Organisation
            : app.DirectoryRoles.Contains(RecipientAdministrator, StringComparer.OrdinalIgnoreCase) ? CmdletNeed.Recipients
            : app.DirectoryRoles.Contains(GlobalReader, StringComparer.OrdinalIgnoreCase) ? CmdletNeed.Read
            : null;
    }
}

internal abstract record Admission
{
    private Admission() { }

    /// <param name="Highest">What he may do, and everything below it.</param>
    public sealed record Granted(DirectoryPlace Place, CmdletNeed Highest) : Admission;

    public sealed record Refused(string Why) : Admission;
}
