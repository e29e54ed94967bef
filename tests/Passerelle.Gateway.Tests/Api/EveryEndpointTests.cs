using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Passerelle.Gateway.Access;

namespace Passerelle.Gateway.Tests.Api;

/// <summary>Every endpoint there is, found by asking the router: a new one is in these tests by existing.</summary>
public sealed partial class EveryEndpointTests
{
    /// <summary>What somebody who is not signed in may reach, and why.</summary>
    private static readonly Dictionary<string, string> Open = new()
    {
        ["/health/live"] = "a load balancer asks it",
        ["/health/ready"] = "a load balancer asks it",
        ["/metrics"] = "a scraper has no session; it holds counts only",
        ["/sign-in"] = "that is where one signs in",
        ["/first-run"] = "guarded by the one-time token; leads home once done",
        ["/callback"] = "bound to cookie and session by itself; a detour by the sign-in page would carry the code along",
        ["/authorisation-ended"] = "where the call back leads when the session has ended",
        ["/owner/{Secret}"] = "the owner of a mailbox has no account here; the address holds the secret",
        ["/owner/{secret}/begin"] = "the same, on the way to the provider",
        ["/owner-result"] = "where the call back leads who has no account here; shows what the key in its address was given for",
        ["/calendar/{token}"] = "the address itself is the key; one that was never made is 404",
        ["/preferences"] = "language and colours of the sign-in page",
        ["/not-found"] = "says that there is nothing",
        ["/error"] = "says that something failed",
        ["/api/openapi.json"] = "describes the API and nothing of this installation: generators fetch it",
        ["/sign-out"] = "asks for the form's token and ends a session if there is one",
        ["POST /api/v1/first-run"] = "404 for everybody but the operator's socket",
        ["POST /api/v1/backup"] = "404 for everybody but the operator's socket",
    };

    [Fact]
    public async Task What_belongs_to_another_organisation_does_not_exist()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var owner = (await gateway.Get<People>().OrganisationsAsync(LiveGateway.Cancel)).Single();
        var theirs = await Belongings.OfAsync(gateway, owner);
        var (_, secret) = await gateway.OrganisationAsync("fabrikam");
        using var stranger = gateway.Browser(secret);
        var seen = new List<string>();
        foreach (var (verb, route) in WithIds(gateway))
        {
            var status = await CallAsync(stranger, verb, Fill(route, theirs));
            if (status != HttpStatusCode.NotFound) seen.Add($"{verb} {route}: {(int)status}");
        }
        Assert.Empty(seen);
    }

    /// <summary>Without this the test above would also pass on routes that answer nobody.</summary>
    [Fact]
    public async Task What_belongs_to_ones_own_organisation_exists()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, secret) = await gateway.OrganisationAsync("fabrikam");
        var own = await Belongings.OfAsync(gateway, organisation);
        using var member = gateway.Browser(secret);
        var missing = new List<string>();
        foreach (var (verb, route) in WithIds(gateway).Where(endpoint => endpoint.Verb == HttpMethod.Get))
        {
            var status = await CallAsync(member, verb, Fill(route, own));
            if ((int)status >= 400) missing.Add($"{verb} {route}: {(int)status}");
        }
        Assert.Empty(missing);
    }

    /// <summary>An order that no owner gets past 404 would prove nothing when a stranger gets 404. Each finds belongings of its own:
    /// an order changes them.</summary>
    [Fact]
    public async Task What_is_ordered_about_ones_own_organisation_is_found()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, secret) = await gateway.OrganisationAsync("fabrikam");
        using var member = gateway.Browser(secret);
        var missing = new List<string>();
        foreach (var (verb, route) in WithIds(gateway).Where(endpoint => endpoint.Verb != HttpMethod.Get))
        {
            var own = await Belongings.OfAsync(gateway, organisation);
            var status = await CallAsync(member, verb, Fill(route, own));
            if (status is HttpStatusCode.NotFound || (int)status >= 500) missing.Add($"{verb} {route}: {(int)status}");
        }
        Assert.Empty(missing);
    }

    [Fact]
    public async Task Foreign_ids_in_an_order_are_not_there_either()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var owner = (await gateway.Get<People>().OrganisationsAsync(LiveGateway.Cancel)).Single();
        var theirs = await Belongings.OfAsync(gateway, owner);
        var (organisation, secret) = await gateway.OrganisationAsync("fabrikam");
        var own = await Belongings.OfAsync(gateway, organisation);
        using var stranger = gateway.Browser(secret);

        using var flow = await stranger.PutAsJsonAsync($"/api/v1/apps/{own.App}/flow", new { flowId = theirs.Flow }, LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.NotFound, flow.StatusCode);
        using var dryRun = await stranger.PostAsJsonAsync("/api/v1/flows/dry-run", new { draft = "{}", messageId = theirs.Message }, LiveGateway.Cancel);
        Assert.NotEqual(HttpStatusCode.OK, dryRun.StatusCode);
        Assert.Contains("\"lines\":[]", await stranger.GetStringAsync($"/api/v1/messages?app={theirs.App}", LiveGateway.Cancel), StringComparison.Ordinal);
        Assert.Equal("[]", await stranger.GetStringAsync($"/api/v1/journeys?app={theirs.App}", LiveGateway.Cancel));
    }

    [Fact]
    public async Task Nothing_answers_a_stranger_but_what_this_list_explains()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var owner = (await gateway.Get<People>().OrganisationsAsync(LiveGateway.Cancel)).Single();
        var theirs = await Belongings.OfAsync(gateway, owner);
        using var stranger = gateway.Browser();
        var answered = new List<string>();
        var explained = new HashSet<string>();
        foreach (var (verb, route, _) in All(gateway))
        {
            if (Explained(verb, route) is { } entry)
            {
                explained.Add(entry);
                continue;
            }
            var status = await CallAsync(stranger, verb, Fill(route, theirs));
            if (status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Redirect)) answered.Add($"{verb} {route}: {(int)status}");
        }
        Assert.Empty(answered);
        Assert.Empty(Open.Keys.Except(explained)); // nothing on the list that is not there any more
    }

    private static string? Explained(HttpMethod verb, string route) => new[] { route, $"{verb} {route}" }.FirstOrDefault(Open.ContainsKey);

    /// <summary>A page's POST is left out: without the form's own token it is 400 for everybody, owner or not.</summary>
    private static IEnumerable<(HttpMethod Verb, string Route)> WithIds(LiveGateway gateway) =>
        from endpoint in All(gateway)
        where endpoint.Route.Contains(":guid}", StringComparison.Ordinal) && (!endpoint.IsPage || endpoint.Verb == HttpMethod.Get)
        select (endpoint.Verb, endpoint.Route);

    /// <summary>Pages, endpoints of the API, links; not the component framework's own channel and files.</summary>
    private static IEnumerable<(HttpMethod Verb, string Route, bool IsPage)> All(LiveGateway gateway) =>
        from endpoint in gateway.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let route = "/" + (endpoint.RoutePattern.RawText ?? "").Trim('/')
        where !Assets().IsMatch(route)
        from verb in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        where verb is not "HEAD"
        select (new HttpMethod(verb), route, endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null);

    private static string Fill(string route, Belongings belongings) => Parameter().Replace(route, parameter => parameter.Value switch
    {
        "{number:int}" => "0",
        "{secret}" or "{Secret}" => "nobody-made-such-a-link",
        "{token}" => "never-made",
        "{documentName}" or "{documentName?}" => "v1",
        var id when id.EndsWith(":guid}", StringComparison.Ordinal) => belongings.IdFor(route).ToString(),
        var other => throw new InvalidOperationException($"Say here what to put for {other} in {route}"),
    });

    /// <summary>One body with every field that any order asks for: what is missing would be refused before the id is looked up.</summary>
    private static async Task<HttpStatusCode> CallAsync(HttpClient client, HttpMethod verb, string path)
    {
        using var request = new HttpRequestMessage(verb, path);
        if (verb != HttpMethod.Get && verb != HttpMethod.Delete)
        {
            request.Content = JsonContent.Create(new
            {
                version = 0,
                form = new { },
                reason = "test",
                name = "test",
                draft = "{}",
                text = "test",
                key = Guid.Empty,
                replyAll = false,
                paused = true,
                left = true,
                evidence = "test",
                folder = "",
                messageId = Guid.Empty,
            });
        }
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, LiveGateway.Cancel);
        return response.StatusCode;
    }

    [GeneratedRegex(@"^/(_blazor|_framework|_content|assets)(/|$)|^/passerelle\.|\.(css|js|svg)$|^/\*\*|\{\*")]
    private static partial Regex Assets();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
