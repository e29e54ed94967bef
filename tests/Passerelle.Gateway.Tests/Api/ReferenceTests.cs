using System.Net;
using System.Text.Json;

namespace Passerelle.Gateway.Tests.Api;

public sealed class ReferenceTests
{
    [Fact]
    public async Task The_document_names_every_order_of_the_API_and_no_page()
    {
        await using var gateway = await LiveGateway.StartAsync();
        using var member = gateway.Browser((await gateway.OrganisationAsync("fabrikam")).Secret);
        using var document = JsonDocument.Parse(await member.GetStringAsync("/api/v1/openapi.json", LiveGateway.Cancel));
        var paths = document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.All(paths, path => Assert.StartsWith("/api/v1/", path, StringComparison.Ordinal));
        Assert.Contains("/api/v1/apps/{id}/examination", paths);
        Assert.Contains("/api/v1/messages", paths.Select(path => path.TrimEnd('/')));
        Assert.Contains("/api/v1/letters/{id}/requeue", paths);
        Assert.DoesNotContain("/api/v1/backup", paths);
    }

    [Fact]
    public async Task A_stranger_who_opens_the_reference_is_led_to_sign_in()
    {
        await using var gateway = await LiveGateway.StartAsync();
        using var stranger = gateway.Browser();
        using var page = await stranger.GetAsync("/api/docs", LiveGateway.Cancel);
        Assert.Equal((HttpStatusCode.Redirect, "/sign-in?back=%2Fapi%2Fdocs"), (page.StatusCode, page.Headers.Location?.OriginalString));
        using var document = await stranger.GetAsync("/api/v1/openapi.json", LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, document.StatusCode);
    }

    [Fact]
    public async Task What_is_not_there_is_a_problem_document_for_programs()
    {
        await using var gateway = await LiveGateway.StartAsync();
        using var member = gateway.Browser((await gateway.OrganisationAsync("fabrikam")).Secret);
        using var response = await member.GetAsync($"/api/v1/apps/{Guid.Empty}", LiveGateway.Cancel);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }
}
