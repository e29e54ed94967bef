using System.Text.Json.Nodes;
using Passerelle.Lab.Control;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary><c>/applications</c>: the Entra half of the guide, automated (facts §4.1).</summary>
internal sealed class Applications(AppCommands apps, IdentityCommands identity, ApplicationKeys keys)
{
    private const int PageSize = 100;

    public async Task<GraphAnswer> AnswerAsync(GraphCall call, CancellationToken cancel) => (call.Method, call.Path) switch
    {
        ("GET", [_]) => List(call),
        ("POST", [_]) => Make(call, await WritableBodyAsync(call, cancel)),
        (_, [_, var id, .. var rest]) => await OnOneAsync(call, id, rest, cancel),
        _ => throw GraphFault.NoMethod(call.Method),
    };

    private static GraphAnswer List(GraphCall call)
    {
        DemandRead(call);
        var directory = call.Directory;
        return new ODataQuery(call.Request).Page("applications", directory.Registrations.Select(app => ApplicationJson.Of(app, directory)), PageSize);
    }

    private static async Task<JsonObject> WritableBodyAsync(GraphCall call, CancellationToken cancel)
    {
        call.Demand("Application.ReadWrite.All", "Application.ReadWrite.OwnedBy", "Directory.ReadWrite.All");
        return await call.BodyAsync(cancel);
    }

    /// <summary>The registration alone: its service principal is a call of its own, unlike in the portal.</summary>
    private static GraphAnswer Make(GraphCall call, JsonObject body)
    {
        body.Text("displayName").Needed("displayName", "Application");
        var app = ApplicationChange.Apply(new AppRegistration
        {
            ClientId = call.Lab.NewId(),
            ObjectId = call.Lab.NewId(),
            DisplayName = "",
            CreatedAt = call.Lab.Time.GetUtcNow(),
            Owners = [call.Token.ObjectId],
        }, body);
        app = app with { Keys = ApplicationKeys.Replaced(call.Lab, app, body) };
        call.Lab.ChangeDirectory(call.Token.DirectoryId, directory => directory.With(app));
        return GraphAnswer.Made("applications/$entity", ApplicationJson.Of(app, call.Directory));
    }

    private async Task<GraphAnswer> OnOneAsync(GraphCall call, string id, string[] rest, CancellationToken cancel)
    {
        DemandRead(call);
        var app = Find(call.Directory, id) ?? throw GraphFault.NotFound(id);
        if (call.Method == "GET" && rest is []) return new ODataQuery(call.Request).One("applications", ApplicationJson.Of(app, call.Directory));
        if (call.Method == "GET" && rest is ["federatedIdentityCredentials", ..]) return Federations(call, app, rest);

        DemandWrite(call, app);
        var place = new AppPlace(call.Lab, call.Directory, app);
        return (call.Method, rest) switch
        {
            ("PATCH", []) => Patch(call, app, await call.BodyAsync(cancel)),
            ("DELETE", []) => Done(identity.Delete(place)),
            ("POST", ["addPassword"]) => AddPassword(place, await call.BodyAsync(cancel)),
            ("POST", ["removePassword"]) => RemovePassword(place, await call.BodyAsync(cancel)),
            ("POST", ["addKey"]) => keys.Add(place, await call.BodyAsync(cancel)),
            ("POST", ["removeKey"]) => keys.Remove(place, await call.BodyAsync(cancel)),
            ("POST", ["federatedIdentityCredentials"]) => Federate(place, await call.BodyAsync(cancel)),
            ("DELETE", ["federatedIdentityCredentials", var one]) => Done(identity.RemoveFederation(place, Federation(app, one).Id)),
            (_, [var segment, ..]) => throw GraphFault.NoSegment(segment),
            _ => throw GraphFault.NoMethod(call.Method),
        };
    }

    private static GraphAnswer Patch(GraphCall call, AppRegistration app, JsonObject body)
    {
        var next = ApplicationChange.Apply(app, body);
        next = next with { Keys = ApplicationKeys.Replaced(call.Lab, next, body) };
        call.Lab.ChangeDirectory(call.Token.DirectoryId, directory => directory.With(next));
        return GraphAnswer.NoContent;
    }

    /// <summary>Two years when the caller names no end (facts §1.9).</summary>
    private GraphAnswer AddPassword(AppPlace place, JsonObject body)
    {
        var wanted = body.Object("passwordCredential") ?? [];
        var order = new SecretOrder(wanted.Text("displayName") ?? "", wanted.Moment("endDateTime") ?? place.Lab.Time.GetUtcNow().AddMonths(24));
        var change = apps.AddSecret(place, order);
        if (change is not Change.Made { Body: NewSecret made }) throw Fault(change, place);
        var kept = place.Lab.State.Directory(place.Directory.Id)?.Registration(place.App.ClientId)?.Secrets.FirstOrDefault(s => s.KeyId == made.SecretId)
            ?? throw GraphFault.NotFound(place.App.ObjectId.ToString());
        return GraphAnswer.One("microsoft.graph.passwordCredential", ApplicationJson.Password(kept, made.Value));
    }

    private GraphAnswer RemovePassword(AppPlace place, JsonObject body)
    {
        var keyId = body.Id("keyId").Needed("keyId", "removePassword");
        return apps.RemoveSecret(place, keyId) is Change.Missing
            ? throw GraphFault.Bad($"No credentials found to be removed. Key ID '{keyId}'.")
            : GraphAnswer.NoContent;
    }

    private GraphAnswer Federate(AppPlace place, JsonObject body)
    {
        const string entity = "FederatedIdentityCredential";
        var name = body.Text("name").Needed("name", entity);
        if (place.App.Federations.Any(f => f.Name == name)) throw GraphFault.Conflict($"FederatedIdentityCredential with name {name} already exists.");
        var order = new FederationOrder(name, body.Text("issuer").Needed("issuer", entity), body.Text("subject").Needed("subject", entity),
            body.Texts("audiences") is { } audiences ? [.. audiences] : null);
        return identity.AddFederation(place, order) is Change.Made { Body: FederatedCredential made }
            ? GraphAnswer.Made($"applications('{place.App.ObjectId}')/federatedIdentityCredentials/$entity", ApplicationJson.Federation(made))
            : throw GraphFault.NotFound(place.App.ObjectId.ToString());
    }

    private static GraphAnswer Federations(GraphCall call, AppRegistration app, string[] rest)
    {
        var context = $"applications('{app.ObjectId}')/federatedIdentityCredentials";
        return rest is [_, var one]
            ? GraphAnswer.One(context + "/$entity", ApplicationJson.Federation(Federation(app, one)))
            : new ODataQuery(call.Request).Page(context, app.Federations.Select(ApplicationJson.Federation), PageSize);
    }

    /// <summary>By object id, client id or name of the credential.</summary>
    private static FederatedCredential Federation(AppRegistration app, string id) =>
        app.Federations.FirstOrDefault(f => f.Id.ToString() == id || f.Name == id) ?? throw GraphFault.NotFound(id);

    private static AppRegistration? Find(LabDirectory directory, string id) => id.StartsWith("appId=", StringComparison.Ordinal)
        ? Guid.TryParse(id.AsSpan(6), out Guid appId) ? directory.Registration(appId) : null
        : Guid.TryParse(id, out Guid objectId) ? directory.Registrations.FirstOrDefault(app => app.ObjectId == objectId) : null;

    private static void DemandRead(GraphCall call) => call.Demand(
        "Application.Read.All", "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy", "Directory.Read.All", "Directory.ReadWrite.All");

    private static void DemandWrite(GraphCall call, AppRegistration app)
    {
        if (call.Has("Application.ReadWrite.OwnedBy") && app.Owners.Contains(call.Token.ObjectId)) return;
        call.Demand("Application.ReadWrite.All", "Directory.ReadWrite.All");
        if (!app.Owners.Contains(call.Token.ObjectId)) call.DemandAdministrator();
    }

    private static GraphAnswer Done(Change change) => change is Change.Done ? GraphAnswer.NoContent : throw GraphFault.NotFound("");

    private static GraphFault Fault(Change change, AppPlace place) => change is Change.Refused refused
        ? GraphFault.Bad(refused.Reason.English)
        : GraphFault.NotFound(place.App.ObjectId.ToString());
}
