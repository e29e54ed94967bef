using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>Application permissions that were granted, seen from the resource (<c>appRoleAssignedTo</c>) and from the one who has
/// them (<c>appRoleAssignments</c>). An assignment takes effect with the next token.</summary>
internal sealed class RoleAssignments
{
    private const int PageSize = 100;

    public async Task<GraphAnswer> AnswerAsync(GraphCall call, Principal principal, string[] rest, CancellationToken cancel)
    {
        if (call.Method == "GET" && rest is [var set])
        {
            call.Demand("AppRoleAssignment.ReadWrite.All", "Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All");
            return new ODataQuery(call.Request).Page("appRoleAssignments",
                All(call).Where(a => (set == "appRoleAssignedTo" ? a.Resource : a.Client).ObjectId == principal.ObjectId).Select(a => a.ToJson()), PageSize);
        }

        call.Demand("AppRoleAssignment.ReadWrite.All");
        call.DemandAdministrator();
        return (call.Method, rest) switch
        {
            ("POST", [_]) => Assign(call, await call.BodyAsync(cancel)),
            ("DELETE", [_, var id]) => Remove(call, id),
            _ => throw GraphFault.NoMethod(call.Method),
        };
    }

    private static GraphAnswer Assign(GraphCall call, JsonObject body)
    {
        const string entity = "AppRoleAssignment";
        var client = Find(call, body.Id("principalId").Needed("principalId", entity));
        var resource = Find(call, body.Id("resourceId").Needed("resourceId", entity));
        var role = resource.Role(body.Id("appRoleId").Needed("appRoleId", entity))
            ?? throw GraphFault.Bad("Permission being assigned was not found on application.");
        var grant = new RoleGrant(resource.AppId, role.Name);
        var enterprise = client.Enterprise ?? throw GraphFault.NotFound(client.ObjectId.ToString());
        var assigned = call.Lab.Change(state =>
            state.Directory(call.Token.DirectoryId) is { } directory && directory.EnterpriseApp(enterprise.ClientId) is { } now && !now.Roles.Contains(grant)
                ? (state.With(directory.With(now with { Roles = now.Roles.Add(grant) })), true)
                : (state, false));
        if (!assigned) throw GraphFault.Bad("Permission being assigned already exists on the object");
        return GraphAnswer.Made("appRoleAssignments/$entity", new Assignment(client, resource, role).ToJson());
    }

    private static GraphAnswer Remove(GraphCall call, string id)
    {
        var gone = All(call).FirstOrDefault(a => a.Id == id) ?? throw GraphFault.NotFound(id);
        call.Lab.ChangeDirectory(call.Token.DirectoryId, directory => directory.EnterpriseApp(gone.Client.AppId) is { } client
            ? directory.With(client with { Roles = client.Roles.Remove(new RoleGrant(gone.Resource.AppId, gone.Role.Name)) })
            : directory);
        return GraphAnswer.NoContent;
    }

    private static Principal Find(GraphCall call, Guid objectId) =>
        Principal.Find(call.Lab.State, call.Directory, objectId.ToString()) ?? throw GraphFault.NotFound(objectId.ToString());

    private static IEnumerable<Assignment> All(GraphCall call)
    {
        var principals = Principal.All(call.Lab.State, call.Directory).ToDictionary(p => p.AppId);
        return from client in principals.Values
               from grant in client.Enterprise?.Roles ?? []
               let resource = principals.GetValueOrDefault(grant.Resource)
               where resource is not null
               let role = FirstParty.Offers(grant.Resource, PermissionKind.Application).FirstOrDefault(p => p.Name == grant.Role)
               where role is not null
               select new Assignment(client, resource, role);
    }

    private sealed record Assignment(Principal Client, Principal Resource, Permission Role)
    {
        /// <summary>Base64-like, and the same each time it is asked for.</summary>
        public string Id => WebEncoders.Base64UrlEncode(SHA256.HashData(
            [.. Client.ObjectId.ToByteArray(), .. Resource.ObjectId.ToByteArray(), .. Role.Id.ToByteArray()]));

        public JsonObject ToJson() => new()
        {
            ["id"] = Id,
            ["deletedDateTime"] = null,
            ["appRoleId"] = Role.Id.ToString(),
            ["createdDateTime"] = null,
            ["principalDisplayName"] = Client.Name,
            ["principalId"] = Client.ObjectId.ToString(),
            ["principalType"] = "ServicePrincipal",
            ["resourceDisplayName"] = Resource.Name,
            ["resourceId"] = Resource.ObjectId.ToString(),
        };
    }
}
