using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary><c>/oauth2PermissionGrants</c>: delegated consent, of one person or of everybody (facts §3.9).</summary>
internal sealed class PermissionGrants
{
    private const int PageSize = 100;

    public static async Task<GraphAnswer> AnswerAsync(GraphCall call, CancellationToken cancel)
    {
        if (call.Method == "GET") call.Demand("DelegatedPermissionGrant.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All");
        else call.Demand("DelegatedPermissionGrant.ReadWrite.All");
        call.DemandAdministrator();
        return (call.Method, call.Path) switch
        {
            ("GET", [_]) => List(call, call.Directory.Grants),
            ("GET", [_, var id]) => GraphAnswer.One("oauth2PermissionGrants/$entity", Json(call, Find(call, id))),
            ("POST", [_]) => Make(call, await call.BodyAsync(cancel)),
            ("PATCH", [_, var id]) => Patch(call, Find(call, id), await call.BodyAsync(cancel)),
            ("DELETE", [_, var id]) => Replace(call, Find(call, id), scopes: null),
            _ => throw GraphFault.NoMethod(call.Method),
        };
    }

    public static GraphAnswer List(GraphCall call, IEnumerable<DelegatedGrant> grants) =>
        new ODataQuery(call.Request).Page("oauth2PermissionGrants", grants.Select(grant => Json(call, grant)), PageSize);

    private static GraphAnswer Make(GraphCall call, JsonObject body)
    {
        const string entity = "OAuth2PermissionGrant";
        var client = Principal(call, body.Id("clientId").Needed("clientId", entity));
        var resource = Principal(call, body.Id("resourceId").Needed("resourceId", entity));
        Guid? person = body.Text("consentType") switch
        {
            "AllPrincipals" => null,
            "Principal" => Person(call, body.Id("principalId").Needed("principalId", entity)),
            _ => throw GraphFault.Bad("Invalid value specified for property 'consentType' of resource 'OAuth2PermissionGrant'."),
        };
        var grant = new DelegatedGrant(client.AppId, person, resource.AppId, Scopes(body));
        var made = call.Lab.Change(state => state.Directory(call.Token.DirectoryId) is { } directory && !directory.Grants.Any(g => Same(g, grant))
            ? (state.With(directory.With(grant)), true)
            : (state, false));
        return made
            ? GraphAnswer.Made("oauth2PermissionGrants/$entity", Json(call, grant))
            : throw GraphFault.Conflict("Permission entry already exists.");
    }

    private static GraphAnswer Patch(GraphCall call, DelegatedGrant grant, JsonObject body) =>
        Replace(call, grant, body.ContainsKey("scope") ? Scopes(body) : grant.Scopes);

    /// <param name="scopes">Null takes the grant away.</param>
    private static GraphAnswer Replace(GraphCall call, DelegatedGrant grant, ImmutableArray<string>? scopes)
    {
        call.Lab.ChangeDirectory(call.Token.DirectoryId, directory => scopes is { } next
            ? directory.With(grant with { Scopes = next })
            : directory with { Grants = directory.Grants.RemoveAll(g => Same(g, grant)) });
        return GraphAnswer.NoContent;
    }

    private static ImmutableArray<string> Scopes(JsonObject body) =>
        [.. (body.Text("scope") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct()];

    private static bool Same(DelegatedGrant left, DelegatedGrant right) =>
        left.ClientId == right.ClientId && left.UserId == right.UserId && left.Resource == right.Resource;

    private static Principal Principal(GraphCall call, Guid id) =>
        Graph.Principal.Find(call.Lab.State, call.Directory, id.ToString()) ?? throw GraphFault.NotFound(id.ToString());

    private static Guid Person(GraphCall call, Guid id) => call.Directory.User(id)?.Id ?? throw GraphFault.NotFound(id.ToString());

    private static DelegatedGrant Find(GraphCall call, string id) =>
        call.Directory.Grants.FirstOrDefault(grant => IdOf(grant) == id) ?? throw GraphFault.NotFound(id);

    private static string IdOf(DelegatedGrant grant) => WebEncoders.Base64UrlEncode(SHA256.HashData(
        [.. grant.ClientId.ToByteArray(), .. (grant.UserId ?? Guid.Empty).ToByteArray(), .. grant.Resource.ToByteArray()]));

    private static JsonObject Json(GraphCall call, DelegatedGrant grant) => new()
    {
        ["id"] = IdOf(grant),
        ["clientId"] = ObjectId(call, grant.ClientId),
        ["consentType"] = grant.UserId is null ? "AllPrincipals" : "Principal",
        ["principalId"] = grant.UserId?.ToString(),
        ["resourceId"] = ObjectId(call, grant.Resource),
        ["scope"] = string.Join(' ', grant.Scopes),
    };

    private static string? ObjectId(GraphCall call, Guid appId) =>
        Graph.Principal.Find(call.Lab.State, call.Directory, $"appId={appId}")?.ObjectId.ToString();
}
