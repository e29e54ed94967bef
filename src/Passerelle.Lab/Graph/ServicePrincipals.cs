using System.Text.Json.Nodes;
using Passerelle.Lab.Control;
using Passerelle.Lab.Identity;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary><c>/servicePrincipals</c>: enterprise applications, and Microsoft's own resources with what they offer.</summary>
internal sealed class ServicePrincipals(AppCommands apps, RoleAssignments assignments, Labs labs)
{
    private const int PageSize = 100;

    public async Task<GraphAnswer> AnswerAsync(GraphCall call, CancellationToken cancel) => (call.Method, call.Path) switch
    {
        ("GET", [_]) => List(call),
        ("POST", [_]) => await MakeAsync(call, cancel),
        (_, [_, var id, .. var rest]) => await OnOneAsync(call, id, rest, cancel),
        _ => throw GraphFault.NoMethod(call.Method),
    };

    private static GraphAnswer List(GraphCall call)
    {
        DemandRead(call);
        return new ODataQuery(call.Request).Page("servicePrincipals", Principal.All(call.Lab.State, call.Directory).Select(p => p.ToJson()), PageSize);
    }

    private async Task<GraphAnswer> MakeAsync(GraphCall call, CancellationToken cancel)
    {
        call.Demand("Application.ReadWrite.All", "Application.ReadWrite.OwnedBy", "Directory.ReadWrite.All");
        var appId = (await call.BodyAsync(cancel)).Id("appId").Needed("appId", "ServicePrincipal");
        if (Principal.Find(call.Lab.State, call.Directory, $"appId={appId}") is not null)
            throw GraphFault.Conflict($"The service principal cannot be created, updated, or restored because the service principal name {appId} is already in use.");
        var app = Clients.FindAnywhere(labs, appId.ToString()) is { } found && (found.Home.Directory.Id == call.Token.DirectoryId || found.App.Admits(personal: false))
            ? found.App
            : throw new GraphFault(StatusCodes.Status400BadRequest, "NoBackingApplicationObject",
                $"The appId '{appId}' of the service principal does not reference a valid application object.");
        var newId = call.Lab.NewId();
        call.Lab.ChangeDirectory(call.Token.DirectoryId, directory => Clients.Ensure(directory, app, newId).Directory);
        return GraphAnswer.Made("servicePrincipals/$entity", One(call, $"appId={appId}").ToJson());
    }

    private async Task<GraphAnswer> OnOneAsync(GraphCall call, string id, string[] rest, CancellationToken cancel)
    {
        if (rest is ["appRoleAssignedTo" or "appRoleAssignments", ..]) return await assignments.AnswerAsync(call, One(call, id), rest, cancel);
        DemandRead(call);
        var principal = One(call, id);
        if (call.Method == "GET" && rest is []) return new ODataQuery(call.Request).One("servicePrincipals", principal.ToJson());
        if (call.Method == "GET" && rest is ["oauth2PermissionGrants"])
            return PermissionGrants.List(call, call.Directory.Grants.Where(g => g.ClientId == principal.AppId));
        if (rest is [var segment, ..]) throw GraphFault.NoSegment(segment);

        call.Demand("Application.ReadWrite.All", "Directory.ReadWrite.All");
        call.DemandAdministrator();
        var enterprise = principal.Enterprise ?? throw GraphFault.Denied(); // Microsoft's own are not the directory's to change
        return call.Method switch
        {
            "PATCH" => Patch(call, enterprise, await call.BodyAsync(cancel)),
            "DELETE" => Delete(call, enterprise),
            _ => throw GraphFault.NoMethod(call.Method),
        };
    }

    private GraphAnswer Patch(GraphCall call, EnterpriseApp enterprise, JsonObject body)
    {
        var app = Clients.FindIn(call.Lab.State, enterprise.ClientId) ?? throw GraphFault.NotFound(enterprise.ObjectId.ToString());
        apps.SetEnterprise(new AppPlace(call.Lab, call.Directory, app), new EnterpriseOrder(
            body.Flag("accountEnabled") ?? enterprise.Enabled, body.Flag("appRoleAssignmentRequired") ?? enterprise.AssignmentRequired));
        return GraphAnswer.NoContent;
    }

    /// <summary>With it goes what was granted to it.</summary>
    private static GraphAnswer Delete(GraphCall call, EnterpriseApp enterprise)
    {
        call.Lab.ChangeDirectory(call.Token.DirectoryId, directory => directory with
        {
            EnterpriseApps = directory.EnterpriseApps.RemoveAll(e => e.ClientId == enterprise.ClientId),
            Grants = directory.Grants.RemoveAll(g => g.ClientId == enterprise.ClientId),
        });
        return GraphAnswer.NoContent;
    }

    private static Principal One(GraphCall call, string id) => Principal.Find(call.Lab.State, call.Directory, id) ?? throw GraphFault.NotFound(id);

    private static void DemandRead(GraphCall call) => call.Demand(
        "Application.Read.All", "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy", "Directory.Read.All", "Directory.ReadWrite.All");
}
