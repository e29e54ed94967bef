using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Passerelle.Gateway.Access.Keys;

namespace Passerelle.Gateway.Tests.Api;

/// <summary>The document of what programs may do is the router's own list, no more and no less.</summary>
public sealed class ProgramsDocumentTests
{
    [Fact]
    public async Task The_document_has_every_order_that_a_key_may_give_and_no_other()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var document = await DocumentAsync(gateway);
        var told = from path in document.GetProperty("paths").EnumerateObject()
                   from operation in path.Value.EnumerateObject()
                   select $"{operation.Name.ToUpperInvariant()} {path.Name.TrimEnd('/')}";
        Assert.Equal(Routes(gateway).Select(route => $"{route.Verb} {route.Path}").Order(), told.Order());
    }

    [Fact]
    public async Task Every_order_has_a_name_a_summary_its_scope_and_what_a_refusal_means()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var document = await DocumentAsync(gateway);
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal("bearer", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("key").GetProperty("scheme").GetString());
        var scopes = Routes(gateway).ToDictionary(route => $"{route.Verb} {route.Path}", route => route.Scope);
        var names = new HashSet<string>();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var called = $"{operation.Name.ToUpperInvariant()} {path.Name.TrimEnd('/')}";
                Assert.True(operation.Value.TryGetProperty("operationId", out var name) && names.Add(name.GetString()!), called); // a string
                Assert.True(operation.Value.TryGetProperty("summary", out _), called);
                Assert.Equal((called, scopes[called]), (called, operation.Value.GetProperty("x-scope").GetString()));
                Assert.Contains(scopes[called], ApiScopes.All);
                Assert.True(operation.Value.GetProperty("security")[0].TryGetProperty("key", out _), called);
                foreach (var status in new[] { "401", "403", "429" }) Assert.True(operation.Value.GetProperty("responses").TryGetProperty(status, out _), $"{called} {status}");
            }
        }
    }

    [Fact]
    public async Task Every_scope_opens_something()
    {
        await using var gateway = await LiveGateway.StartAsync();
        Assert.Equal(ApiScopes.All.Order(), Routes(gateway).Select(route => route.Scope).Distinct().Order());
    }

    [Fact]
    public async Task Who_knows_the_document_is_told_that_nothing_has_changed()
    {
        await using var gateway = await LiveGateway.StartAsync();
        using var stranger = gateway.Browser();
        using var first = await stranger.GetAsync("/api/openapi.json", LiveGateway.Cancel);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!); // asserted by what follows
        using var second = await stranger.SendAsync(again, LiveGateway.Cancel);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task The_page_shows_every_order_and_every_shape_of_the_document()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var document = await DocumentAsync(gateway);
        using var member = gateway.Browser((await gateway.OrganisationAsync("fabrikam")).Secret);
        var page = WebUtility.HtmlDecode(await member.GetStringAsync("/api/docs", LiveGateway.Cancel));
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                Assert.Contains($"id=\"{operation.Value.GetProperty("operationId").GetString()}\"", page, StringComparison.Ordinal);
                Assert.Contains(operation.Value.GetProperty("summary").GetString()!, page, StringComparison.Ordinal); // asserted above
            }
        }
        foreach (var shape in document.GetProperty("components").GetProperty("schemas").EnumerateObject()) Assert.Contains($"id=\"schema-{shape.Name}\"", page, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> DocumentAsync(LiveGateway gateway)
    {
        using var stranger = gateway.Browser();
        return JsonSerializer.Deserialize<JsonElement>(await stranger.GetStringAsync("/api/openapi.json", LiveGateway.Cancel));
    }

    /// <summary>Of the native API; <c>/v2</c> is described by the product whose clients use it.</summary>
    private static IEnumerable<(string Verb, string Path, string Scope)> Routes(LiveGateway gateway) =>
        from endpoint in gateway.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let route = "/" + (endpoint.RoutePattern.RawText ?? "").Trim('/')
        where route.StartsWith("/api/v1", StringComparison.Ordinal)
        let scope = endpoint.Metadata.GetMetadata<NeedsScope>()?.Scope
        where scope is not null
        from verb in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        select (verb, route.Replace(":guid}", "}", StringComparison.Ordinal), scope);
}
