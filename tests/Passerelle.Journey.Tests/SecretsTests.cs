using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;
using Passerelle.Lab.Testing;

namespace Passerelle.Journey.Tests;

/// <summary>Secrets that are planted in a working installation are looked for wherever it writes or shows something.</summary>
public sealed class SecretsTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_log_page_answer_or_file_holds_a_secret_in_good_days_and_in_bad_ones()
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        await scene.AnswerToAsync(await scene.AnnWritesAsync("A question"));
        var secrets = await SecretsOfAsync(scene);
        var good = await EverythingShownAsync(scene);

        await scene.Lab.RevokeSessionsAsync(scene.Contoso.DirectoryId, scene.Contoso.Support, Cancel);
        await scene.Lab.AdvanceAsync(scene.Contoso.Lab, TimeSpan.FromMinutes(1), Cancel);
        await scene.ExamineAsync();
        const string mistyped = "abc8Q~a-secret-that-somebody-mistyped-000";
        await scene.SaveAsync(form => new(form) { ["clientSecret"] = mistyped });
        await scene.ExamineAsync();
        secrets.Add("mistyped client secret", mistyped);
        await scene.SaveWithPasswordAsync("Not-The-Password-4711");
        await scene.RepairsAsync();
        await scene.ExamineAsync();
        secrets.Add("mistyped password", "Not-The-Password-4711");
        var bad = await EverythingShownAsync(scene);

        await scene.Gateway.StopAsync();
        var places = new Dictionary<string, string>
        {
            ["good days"] = good,
            ["bad days"] = bad,
            ["log"] = string.Join('\n', scene.Gateway.Log.Lines),
            ["data folder"] = FilesOf(scene.Gateway.Data),
        };
        Assert.All(places, place => Assert.Contains(place.Key == "log" ? scene.App.ToString() : scene.Contoso.Support, place.Value, StringComparison.Ordinal)); // the search finds what is there
        Assert.Empty(
            from place in places
            from secret in secrets
            where Spellings(secret.Value).Any(spelling => place.Value.Contains(spelling, StringComparison.Ordinal))
            select $"{secret.Key} in {place.Key}");
    }

    private static async Task<Dictionary<string, string>> SecretsOfAsync(Scene scene)
    {
        var grant = Assert.Single(await scene.RowsAsync<Grant>("SELECT * FROM oauth_grant WHERE organisation_id = @organisation"));
        var sealer = scene.Gateway.Services.GetRequiredService<Sealer>();
        string Opened(string column, string? text) => sealer.Open("oauth_grant", column, grant.OrganisationId, grant.AppId, text!); // connected: both are there
        return new()
        {
            ["client secret"] = scene.Contoso.ClientSecret,
            ["access token"] = Opened("access_token", grant.AccessToken),
            ["refresh token"] = Opened("refresh_token", grant.RefreshToken),
            ["admin's password"] = RunningGateway.AdminPassword,
            ["mailbox's password"] = Contoso.Password,
        };
    }

    /// <summary>As it is, and as SASL and Basic carry it. The first characters of a base64 text depend on what stood before.</summary>
    private static IEnumerable<string> Spellings(string secret)
    {
        yield return secret;
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', before) + secret));
            yield return text[4..^4];
        }
    }

    /// <summary>Every address that answers a GET, as the admin sees it.</summary>
    private static async Task<string> EverythingShownAsync(Scene scene)
    {
        using var admin = await scene.Gateway.SignInAsync();
        var ids = await IdsAsync(scene);
        var shown = new StringBuilder();
        foreach (var route in scene.Gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") != false)
            .Select(endpoint => "/" + (endpoint.RoutePattern.RawText ?? "").Trim('/'))
            .Where(route => !route.StartsWith("/_", StringComparison.Ordinal) && !route.StartsWith("/callback", StringComparison.Ordinal))
            .Distinct())
        {
            foreach (var id in route.Contains("{id:guid}", StringComparison.Ordinal) ? ids : [Guid.Empty])
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, route
                    .Replace("{id:guid}", id.ToString(), StringComparison.Ordinal).Replace("{number:int}", "0", StringComparison.Ordinal));
                using var answer = await admin.AskAsync(request, Cancel);
                shown.Append(answer.Headers).AppendLine(await answer.Content.ReadAsStringAsync(Cancel));
            }
        }
        return shown.ToString();
    }

    private static async Task<IReadOnlyList<Guid>> IdsAsync(Scene scene)
    {
        var journey = (await scene.JourneysAsync()).EnumerateArray().First();
        return [scene.App, journey.GetProperty("messageId").GetGuid()];
    }

    private static string FilesOf(string folder) => string.Join('\n', Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => !file.EndsWith("first-run-token", StringComparison.Ordinal))
        .Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));
}
