using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Api;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Routing.Flows;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Api;

/// <summary>Every order that changes something leaves its entry: who, what, from where. The router says which orders there are.</summary>
public sealed partial class AuditTests
{
    private const string AppId = "/api/v1/apps/{id:guid}";

    /// <summary>Each order with what must be true before it, and a body that is obeyed.</summary>
    private static readonly Dictionary<string, Order> Orders = new()
    {
        ["POST /api/v1/apps"] = new(),
        [$"PUT {AppId}"] = new(Body: own => new { version = own.Version, form = own.Form }),
        [$"POST {AppId}/pause"] = new("unauthorised", own => new { reason = "test" }),
        [$"POST {AppId}/resume"] = new("paused"),
        [$"PUT {AppId}/flow"] = new(Body: own => new { flowId = own.Belongings.Flow }),
        [$"POST {AppId}/held/release"] = new("connected"),
        [$"POST {AppId}/held/keep"] = new(),
        [$"POST {AppId}/copy"] = new(),
        [$"POST {AppId}/retire"] = new(Body: _ => new { reason = "test" }),
        [$"POST {AppId}/unretire"] = new("retired"),
        [$"POST {AppId}/forwarding-addresses"] = new(Body: _ => new { overlapDays = 3 }),
        [$"POST {AppId}/forwarding-addresses/close"] = new(Body: own => new { address = own.Former }),
        [$"DELETE {AppId}/mailbox"] = new(),
        [$"PUT {AppId}/delivery"] = new(Body: _ => new { mode = "mark", providers = new[] { "exchange-online" } }),
        [$"POST {AppId}/verification"] = new(),
        [$"POST {AppId}/send-test"] = new(),
        [$"POST {AppId}/certificates"] = new(),
        [$"POST {AppId}/certificates/upload"] = new(Body: _ => new { file = Tests.Apps.Certificates.SomeCertificate.Pfx("pass"), password = "pass" }),
        [$"POST {AppId}/connection"] = new("unauthorised"),
        [$"POST {AppId}/owner-links"] = new("unauthorised"),
        [$"POST {AppId}/owner-links/withdraw"] = new(Body: own => new { linkId = own.Link }),
        [$"PUT {AppId}/retention"] = new(Body: _ => new { rawDays = 30 }),
        ["POST /api/v1/holds"] = new(Body: own => new { scope = "app", subject = own.Belongings.App, reason = "test" }),
        ["POST /api/v1/holds/{id:guid}/lift"] = new(Body: _ => new { reason = "test" }),
        ["POST /api/v1/jobs/prune"] = new(),
        ["POST /api/v1/jobs/erase"] = new(Body: _ => new { address = "nobody@fabrikam.example" }),
        ["POST /api/v1/jobs/export"] = new(Body: _ => new { correspondent = "nobody@fabrikam.example" }),
        ["POST /api/v1/flows"] = new(Body: _ => new { name = "New", draft = "{}" }),
        ["POST /api/v1/flows/acknowledgement"] = new(Body: _ => new { name = "New", text = "Hello" }),
        ["PUT /api/v1/flows/{id:guid}"] = new(Body: own => new { version = own.FlowVersion, name = "Renamed", draft = "{}" }),
        ["POST /api/v1/flows/{id:guid}/publish"] = new(Body: own => new { version = own.FlowVersion }),
        ["PUT /api/v1/flows/{id:guid}/paused"] = new(Body: _ => new { paused = true }),
        ["POST /api/v1/letters"] = new("unauthorised", own => new { appId = own.Belongings.App, to = new[] { new { address = "ann@fabrikam.example" } }, subject = "Hello", text = "Hello" }),
        ["POST /api/v1/webhooks"] = new(Body: _ => new { name = "Ledger", url = "https://ledger.fabrikam.example/hook", types = new[] { "letter.bounced" }, on = false }),
        ["PUT /api/v1/webhooks/{id:guid}"] = new(Body: _ => new { name = "Books", url = "https://ledger.fabrikam.example/hook", types = new[] { "letter.dead" }, on = false }),
        ["DELETE /api/v1/webhooks/{id:guid}"] = new(),
        ["POST /api/v1/webhooks/{id:guid}/secret"] = new(),
        ["POST /api/v1/webhooks/{id:guid}/test"] = new(),
        ["POST /api/v1/webhooks/{id:guid}/replay"] = new(),
        ["POST /api/v1/webhook-deliveries/{id:guid}/replay"] = new(),
        ["POST /api/v1/templates"] = new(Body: own => new { name = $"new-{own.Key:N}", text = "Hello" }),
        ["PUT /api/v1/templates/{id:guid}"] = new(Body: own => new { version = 1, name = $"other-{own.Key:N}", text = "Hello" }),
        ["DELETE /api/v1/templates/{id:guid}"] = new(),
        ["POST /api/v1/letters/{id:guid}/requeue"] = new("dead"),
        ["POST /api/v1/letters/{id:guid}/release"] = new("blocked"),
        ["POST /api/v1/letters/{id:guid}/cancel"] = new("waiting", _ => new { reason = "test" }),
        ["POST /api/v1/letters/{id:guid}/resolve"] = new("unclear", _ => new { left = true, evidence = "seen" }),
        ["POST /api/v1/suppressions"] = new(Body: _ => new { address = "gone@fabrikam.example", reason = "test" }),
        ["POST /api/v1/suppressions/release"] = new(Body: _ => new { address = "gone@fabrikam.example" }),
        ["POST /api/v1/messages/{id:guid}/reply"] = new("unauthorised", own => new { key = own.Key, replyAll = false, text = "Hello" }),
    };

    /// <summary>Orders whose success needs another server or several messages; where they are tried instead.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["POST /api/v1/messages/{id:guid}/merge"] = nameof(Conversations_are_merged_split_and_put_back_and_the_audit_says_so),
        ["POST /api/v1/messages/{id:guid}/split"] = nameof(Conversations_are_merged_split_and_put_back_and_the_audit_says_so),
        ["POST /api/v1/messages/{id:guid}/undo-move"] = nameof(Conversations_are_merged_split_and_put_back_and_the_audit_says_so),
        ["POST /api/v1/messages/{id:guid}/release"] = nameof(What_a_person_releases_from_quarantine_is_entered),
        ["POST /api/v1/jobs/{id:guid}/cancel"] = "KeepingJobTests: a job must still be running",
        [$"POST {AppId}/device-sign-in"] = "FaultsTests: a provider hands out the code",
        [$"POST {AppId}/device-sign-in/stop"] = "WaysTests: a code must be waited for",
        [$"POST {AppId}/admin-consent"] = "WaysTests: the app must have saved a directory",
        ["POST /api/v1/messages/{id:guid}/confirm-forwarding"] = "ForwardingConfirmationsTests: it follows a link of the provider",
    };

    [Fact]
    public async Task Every_order_says_what_the_audit_calls_it_or_why_it_needs_none()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var silent = All(gateway).Where(order => order.Audited is null && order.Not is null).Select(order => order.Route);
        Assert.Empty(silent);
        Assert.Equal(Orders.Keys.Concat(Elsewhere.Keys).Order(), All(gateway).Where(order => order.Audited is not null).Select(order => order.Route).Order());
    }

    [Fact]
    public async Task Every_order_that_was_carried_out_has_an_entry_with_who_and_from_where()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, secret) = await gateway.OrganisationAsync("fabrikam");
        using var admin = gateway.Browser(secret);
        var missing = new List<string>();
        foreach (var (route, audited, _) in All(gateway).Where(order => order.Audited is not null && Orders.ContainsKey(order.Route)))
        {
            var own = await Own.OfAsync(gateway, organisation);
            var order = Orders[route];
            if (order.State is { } state) await own.PutAsync(state, route);
            var before = await EntriesAsync(gateway, organisation);
            using var response = await SendAsync(admin, route, own, order);
            var written = (await EntriesAsync(gateway, organisation)).Except(before).ToList();
            var right = written.Exists(entry => entry.Action == audited!.Action && entry.PersonId is not null && entry.PersonName == "fabrikam" && IPAddress.TryParse(entry.Origin, out _));
            if ((int)response.StatusCode >= 300 || !right) missing.Add($"{route}: {(int)response.StatusCode}, {string.Join(", ", written.Select(entry => entry.Action))}");
        }
        Assert.Empty(missing);
    }

    [Fact]
    public async Task Conversations_are_merged_split_and_put_back_and_the_audit_says_so()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, secret) = await gateway.OrganisationAsync("fabrikam");
        using var admin = gateway.Browser(secret);
        var own = await Belongings.OfAsync(gateway, organisation);
        var app = (await gateway.Get<EmailApps>().FindAsync(organisation, own.App, LiveGateway.Cancel))!; // made above
        var second = await Belongings.MessageAsync(gateway, organisation, app.ForwardingAddress, known: own.Message);
        foreach (var (order, body) in new (string, object)[] { ("merge", new { into = own.Message }), ("split", new { }), ("undo-move", new { }) })
        {
            using var response = await admin.PostAsJsonAsync($"/api/v1/messages/{second}/{order}", body, LiveGateway.Cancel);
            Assert.True(response.IsSuccessStatusCode, $"{order}: {await response.Content.ReadAsStringAsync(LiveGateway.Cancel)}");
        }
        var thread = await admin.GetFromJsonAsync<Passerelle.Gateway.Messages.MessageThread>($"/api/v1/messages/{second}/thread", LiveGateway.Cancel);
        Assert.Equal((await gateway.Get<Passerelle.Gateway.Messages.StoredMessages>().FindAsync(organisation, own.Message, LiveGateway.Cancel))!.ConversationId, thread!.ConversationId); // both are there
        var actions = (await EntriesAsync(gateway, organisation)).Select(entry => entry.Action).ToHashSet();
        Assert.Superset(new HashSet<string> { "message-merged", "message-split", "message-move-undone" }, actions);
    }

    [Fact]
    public async Task What_a_person_releases_from_quarantine_is_entered()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, secret) = await gateway.OrganisationAsync("fabrikam");
        using var admin = gateway.Browser(secret);
        var own = await Own.OfAsync(gateway, organisation);
        var message = $"/api/v1/messages/{own.Belongings.Message}";
        await own.PutAsync("quarantined", message);
        using var source = await admin.GetAsync($"{message}/source", LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.Conflict, source.StatusCode);
        using var release = await admin.PostAsync($"{message}/release", null, LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.NoContent, release.StatusCode);
        using var again = await admin.PostAsync($"{message}/release", null, LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using var open = await admin.GetAsync($"{message}/source", LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        Assert.Single(await EntriesAsync(gateway, organisation), entry => entry.Action == "message-released" && entry.Subject == own.Belongings.Message.ToString() && entry.PersonName == "fabrikam");
    }

    [Fact]
    public async Task An_order_that_was_refused_leaves_no_entry()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, secret) = await gateway.OrganisationAsync("fabrikam");
        using var admin = gateway.Browser(secret);
        var own = await Own.OfAsync(gateway, organisation);
        var before = await EntriesAsync(gateway, organisation);
        using var response = await admin.PostAsJsonAsync($"/api/v1/apps/{own.Belongings.App}/resume", new { }, LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal(before, await EntriesAsync(gateway, organisation));
    }

    [Fact]
    public async Task An_entry_says_what_changed_and_of_a_secret_only_that_it_did()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, secret) = await gateway.OrganisationAsync("fabrikam");
        using var admin = gateway.Browser(secret);
        var own = await Own.OfAsync(gateway, organisation);
        const string Planted = "planted~client~secret~value~0123456789";
        using var response = await admin.PutAsJsonAsync(
            $"/api/v1/apps/{own.Belongings.App}", new { version = own.Version, form = own.Form with { ClientSecret = Planted, Signature = "The team" } }, LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        var json = await admin.GetStringAsync($"/api/v1/audit?subject={own.Belongings.App}", LiveGateway.Cancel);
        Assert.DoesNotContain(Planted, json, StringComparison.Ordinal);
        var entries = await gateway.Get<AuditEntries>().ListAsync(organisation, new AuditFilter(Subject: own.Belongings.App.ToString()), 10, LiveGateway.Cancel);
        Assert.Contains(entries, entry => entry.Action == "app-saved" && entry.Changes.Contains(new FieldChange("Signature", "", "The team")));
        var changed = Assert.Single(entries, entry => entry.Kind == AuditKinds.Credential);
        Assert.Equal([new FieldChange("ClientSecret", "", AppChanges.Hidden)], changed.Changes);
    }

    [Fact]
    public async Task The_audit_is_filtered_paged_and_its_own_organisations()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, secret) = await gateway.OrganisationAsync("fabrikam");
        using var admin = gateway.Browser(secret);
        for (var i = 0; i < 5; i++) (await admin.PostAsync("/api/v1/apps", null, LiveGateway.Cancel)).Dispose();
        using var flow = await admin.PostAsJsonAsync("/api/v1/flows", new { name = "New", draft = "{}" }, LiveGateway.Cancel);
        var entries = gateway.Get<AuditEntries>();
        var first = await entries.ListAsync(organisation, new AuditFilter(), 4, LiveGateway.Cancel);
        var rest = await entries.ListAsync(organisation, new AuditFilter(Before: first[^1].Id), 4, LiveGateway.Cancel);
        Assert.Equal((4, 2, 6), (first.Count, rest.Count, first.Concat(rest).Select(entry => entry.Id).Distinct().Count()));
        Assert.Equal("flow-created", Assert.Single(await entries.ListAsync(organisation, new AuditFilter(AuditKinds.Flow), 10, LiveGateway.Cancel)).Action);
        Assert.Empty(await entries.ListAsync(organisation, new AuditFilter(PersonId: Guid.Empty), 10, LiveGateway.Cancel));
        var other = (await gateway.Get<People>().OrganisationsAsync(LiveGateway.Cancel)).Single(id => id != organisation);
        Assert.DoesNotContain(await entries.ListAsync(other, new AuditFilter(), 100, LiveGateway.Cancel), entry => entry.Action == "app-drafted");

        var page = await admin.GetStringAsync("/settings/audit?kind=flow", LiveGateway.Cancel);
        Assert.Contains("Flow created", page, StringComparison.Ordinal);
        Assert.DoesNotContain("App opened as a draft", page, StringComparison.Ordinal);
    }

    private static Task<List<AuditEntry>> EntriesAsync(LiveGateway gateway, Guid organisation) =>
        gateway.Get<AuditEntries>().ListAsync(organisation, new AuditFilter(), 1000, LiveGateway.Cancel);

    private static async Task<HttpResponseMessage> SendAsync(HttpClient admin, string route, Own own, Order order)
    {
        var (verb, path) = (new HttpMethod(route.Split(' ')[0]), route.Split(' ')[1]);
        using var request = new HttpRequestMessage(verb, path.Contains("{id", StringComparison.Ordinal) ? Id().Replace(path, own.Belongings.IdFor(path).ToString()) : path)
        {
            Content = JsonContent.Create(order.Body?.Invoke(own) ?? new { }),
        };
        return await admin.SendAsync(request, LiveGateway.Cancel);
    }

    /// <summary>Orders of the API; pages give theirs through circuits, which <see cref="Portal.AuditedPagesTests"/> reads.</summary>
    private static IEnumerable<(string Route, AuditedAs? Audited, NotAudited? Not)> All(LiveGateway gateway) =>
        from endpoint in gateway.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let route = "/" + (endpoint.RoutePattern.RawText ?? "").Trim('/')
        where route.StartsWith("/api/v1/", StringComparison.Ordinal)
        from verb in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        where verb is not ("GET" or "HEAD")
        select ($"{verb} {route}", endpoint.Metadata.GetMetadata<AuditedAs>(), endpoint.Metadata.GetMetadata<NotAudited>());

    [GeneratedRegex(@"\{id:guid\}")]
    private static partial Regex Id();

    /// <param name="State">Of the app, the letter or the message, beforehand; null: as it is made.</param>
    private sealed record Order(string? State = null, Func<Own, object>? Body = null);

    /// <summary>Fresh belongings, for an order changes them.</summary>
    private sealed record Own(LiveGateway Gateway, Guid Organisation, Belongings Belongings, long Version, AppForm Form, string Former, Guid Key, long FlowVersion, Guid Link)
    {
        public static async Task<Own> OfAsync(LiveGateway gateway, Guid organisation)
        {
            var belongings = await Belongings.OfAsync(gateway, organisation);
            var apps = gateway.Get<EmailApps>();
            var before = await apps.FindAsync(organisation, belongings.App, LiveGateway.Cancel);
            await gateway.Get<ForwardingAddresses>().RotateAsync(organisation, belongings.App, 1, LiveGateway.Cancel);
            var app = (await apps.FindAsync(organisation, belongings.App, LiveGateway.Cancel))!; // made above
            await gateway.Get<OwnerLinks>().MakeAsync(organisation, belongings.App, Guid.Empty, LiveGateway.Cancel);
            var link = (await gateway.Get<OwnerLinks>().ListAsync(organisation, belongings.App, LiveGateway.Cancel))[0].Id;
            var flow = (await gateway.Get<FlowLibrary>().FindAsync(organisation, belongings.Flow, LiveGateway.Cancel))!; // made above
            return new(
                gateway, organisation, belongings, app.Version, Tests.Apps.Readied.Form(app) with { WarningsRead = true },
                before!.ForwardingAddress, Guid.CreateVersion7(gateway.Get<TimeProvider>().GetUtcNow()), flow.Version, link); // made above
        }

        public Task PutAsync(string state, string route) => Gateway.Get<IStore>().WriteAsync(
            Lane.Work,
            tx => state == "quarantined"
                ? tx.For(Organisation).Execute("UPDATE message SET state = @state, malware = 'infected' WHERE organisation_id = @organisation AND id = @Message", new { state, Belongings.Message })
                : route.Contains("/letters/", StringComparison.Ordinal)
                ? tx.For(Organisation).Execute("UPDATE letter SET state = @state WHERE organisation_id = @organisation AND id = @Letter", new { state, Belongings.Letter })
                : tx.For(Organisation).Execute("UPDATE app SET state = @state WHERE organisation_id = @organisation", new { state }), // a message may be of an older one
            LiveGateway.Cancel);
    }
}
