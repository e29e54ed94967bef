using System.Text.Json.Nodes;
using Passerelle.Lab.Control;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary><c>/users</c>, <c>/me</c> without mail, and <c>/organization</c>.</summary>
internal sealed class People(UserCommands users, IdentityCommands identity)
{
    private const int PageSize = 100;

    /// <summary>Without <c>$select</c> only these come.</summary>
    private static readonly string[] Usual =
    [
        "businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation", "preferredLanguage", "surname",
        "userPrincipalName", "id",
    ];

    /// <param name="path"><c>users</c> and what follows; <c>/me</c> comes as the id of who signed in.</param>
    public async Task<GraphAnswer> AnswerAsync(GraphCall call, string[] path, CancellationToken cancel) => (call.Method, path) switch
    {
        ("GET", [_]) => List(call),
        ("POST", [_]) => Make(call, await AdministratorBodyAsync(call, cancel)),
        ("GET", [_, var id]) => One(call, id),
        ("PATCH", [_, var id]) => Patch(call, id, await AdministratorBodyAsync(call, cancel)),
        ("DELETE", [_, var id]) => Delete(call, id),
        ("POST", [_, var id, "revokeSignInSessions"]) => Revoke(call, id),
        (_, [_, _, var segment, ..]) => throw GraphFault.NoSegment(segment),
        _ => throw GraphFault.NoMethod(call.Method),
    };

    public static GraphAnswer Organization(GraphCall call)
    {
        call.Demand("Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All", "User.Read");
        var directory = call.Directory;
        var initial = InitialDomain.Of(directory);
        var body = new JsonObject
        {
            ["id"] = directory.Id.ToString(),
            ["displayName"] = directory.DisplayName,
            ["tenantType"] = "AAD",
            ["verifiedDomains"] = GraphJson.List(directory.Domains.Append(initial).Distinct().Select((name, index) => new JsonObject
            {
                ["capabilities"] = "Email, OfficeCommunicationsOnline",
                ["isDefault"] = index == 0,
                ["isInitial"] = name == initial,
                ["name"] = name,
                ["type"] = "Managed",
            })),
        };
        return call.Path is [_, var id]
            ? id == directory.Id.ToString() ? new ODataQuery(call.Request).One("organization", body) : throw GraphFault.NotFound(id)
            : new ODataQuery(call.Request).Page("organization", [body], PageSize);
    }

    private static GraphAnswer List(GraphCall call)
    {
        call.Demand("User.Read.All", "User.ReadBasic.All", "Directory.Read.All", "Directory.ReadWrite.All");
        return new ODataQuery(call.Request).Page("users", call.Directory.Users.Select(Json), PageSize, usual: Usual);
    }

    private static GraphAnswer One(GraphCall call, string id)
    {
        if (call.Person is { } self && (id == self.Id.ToString() || self.Answers(id)))
            call.Demand("User.Read", "User.ReadBasic.All", "User.Read.All", "Directory.Read.All", "Directory.ReadWrite.All");
        else call.Demand("User.Read.All", "User.ReadBasic.All", "Directory.Read.All", "Directory.ReadWrite.All");
        return new ODataQuery(call.Request).One("users", Json(Find(call.Directory, id) ?? throw GraphFault.NotFound(id)), usual: Usual);
    }

    private GraphAnswer Make(GraphCall call, JsonObject body)
    {
        const string entity = "User";
        var order = new UserOrder(
            body.Text("userPrincipalName").Needed("userPrincipalName", entity), body.Text("displayName").Needed("displayName", entity),
            (body.Object("passwordProfile") ?? []).Text("password").Needed("passwordProfile", entity), Mailbox: false,
            Enabled: body.Flag("accountEnabled").Needed("accountEnabled", entity));
        return users.Add(call.Place, order) switch
        {
            Change.Made { Body: LabUser made } => GraphAnswer.Made("users/$entity", Json(made)),
            Change.Taken => throw GraphFault.Bad("Another object with the same value for property userPrincipalName already exists."),
            Change.Refused refused => throw GraphFault.Bad(refused.Reason.English),
            _ => throw GraphFault.NotFound(order.Address),
        };
    }

    private GraphAnswer Patch(GraphCall call, string id, JsonObject body)
    {
        var place = new UserPlace(call.Lab, call.Directory, Find(call.Directory, id) ?? throw GraphFault.NotFound(id));
        users.Edit(place, new UserChangeOrder(body.Text("displayName"), body.Flag("accountEnabled")));
        if (body.Object("passwordProfile")?.Text("password") is { Length: > 0 } password) users.ResetPassword(place, new PasswordOrder(password));
        return GraphAnswer.NoContent;
    }

    private GraphAnswer Delete(GraphCall call, string id)
    {
        call.Demand("Directory.ReadWrite.All", "User.ReadWrite.All");
        call.DemandAdministrator();
        identity.Delete(new UserPlace(call.Lab, call.Directory, Find(call.Directory, id) ?? throw GraphFault.NotFound(id)));
        return GraphAnswer.NoContent;
    }

    private GraphAnswer Revoke(GraphCall call, string id)
    {
        call.Demand("User.RevokeSessions.All", "User.ReadWrite.All", "Directory.ReadWrite.All");
        var user = Find(call.Directory, id) ?? throw GraphFault.NotFound(id);
        if (call.Person?.Id != user.Id) call.DemandAdministrator();
        users.RevokeSessions(new UserPlace(call.Lab, call.Directory, user));
        return GraphAnswer.One("Edm.Boolean", new JsonObject { ["value"] = true });
    }

    private static async Task<JsonObject> AdministratorBodyAsync(GraphCall call, CancellationToken cancel)
    {
        call.Demand("Directory.ReadWrite.All", "User.ReadWrite.All");
        call.DemandAdministrator();
        return await call.BodyAsync(cancel);
    }

    /// <summary>By object id or by user principal name.</summary>
    public static LabUser? Find(LabDirectory directory, string id) =>
        Guid.TryParse(id, out Guid objectId) ? directory.User(objectId) : directory.UserByAddress(id);

    private static JsonObject Json(LabUser user)
    {
        var names = user.DisplayName.Split(' ', 2);
        return new JsonObject
        {
            ["id"] = user.Id.ToString(),
            ["accountEnabled"] = user.Enabled,
            ["businessPhones"] = new JsonArray(),
            ["displayName"] = user.DisplayName,
            ["givenName"] = names[0],
            ["jobTitle"] = null,
            ["mail"] = user.Mailbox is null ? null : user.Address,
            ["mailNickname"] = user.Address.Split('@')[0],
            ["mobilePhone"] = null,
            ["officeLocation"] = null,
            ["preferredLanguage"] = null,
            ["proxyAddresses"] = user.Mailbox is { } mailbox
                ? GraphJson.List(mailbox.ProxyAddresses.Select(proxy => "smtp:" + proxy).Prepend("SMTP:" + user.Address))
                : new JsonArray(),
            ["signInSessionsValidFromDateTime"] = user.TokensValidFrom == default ? null : GraphJson.Moment(user.TokensValidFrom),
            ["surname"] = names.Length > 1 ? names[1] : null,
            ["userPrincipalName"] = user.Address,
            ["userType"] = "Member",
        };
    }
}
