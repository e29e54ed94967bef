using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Passerelle.Gateway.Tests.Api;

public sealed partial class ReferenceTests
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
    public async Task The_reference_page_runs_its_own_script_only_and_asks_no_other_host()
    {
        await using var gateway = await LiveGateway.StartAsync();
        using var member = gateway.Browser((await gateway.OrganisationAsync("fabrikam")).Secret);
        using var response = await member.GetAsync("/api/", LiveGateway.Cancel);
        var html = await response.Content.ReadAsStringAsync(LiveGateway.Cancel);
        var policy = string.Join(' ', response.Headers.GetValues("Content-Security-Policy"));
        var nonce = Nonce().Match(policy).Groups["nonce"].Value;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotEmpty(nonce);
        Assert.All(Script().Matches(html), script => Assert.Contains($"nonce=\"{WebUtility.HtmlEncode(nonce)}\"", WebUtility.HtmlDecode(script.Value).Replace(nonce, WebUtility.HtmlEncode(nonce), StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.DoesNotContain("unsafe-inline", policy.Split(';').Single(part => part.Contains("script-src", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", html);
    }

    [Fact]
    public async Task A_stranger_who_opens_the_reference_is_led_to_sign_in()
    {
        await using var gateway = await LiveGateway.StartAsync();
        using var stranger = gateway.Browser();
        using var page = await stranger.GetAsync("/api/", LiveGateway.Cancel);
        Assert.Equal((HttpStatusCode.Redirect, "/sign-in?back=%2Fapi%2F"), (page.StatusCode, page.Headers.Location?.OriginalString));
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

    [GeneratedRegex("'nonce-(?<nonce>[^']+)'")]
    private static partial Regex Nonce();

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Script();
}
