using System.Net;
using Passerelle.Gateway.Access;

namespace Passerelle.Gateway.Tests.Access;

/// <summary>Who has the address reads the calendar; once it is taken back nobody does.</summary>
public sealed class CalendarFeedTests
{
    [Fact]
    public async Task An_address_answers_without_a_session_until_it_is_taken_back_and_its_token_is_stored_nowhere()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var organisation = (await gateway.Get<People>().OrganisationsAsync(LiveGateway.Cancel)).Single();
        var caller = new Caller(organisation, null, Caller.Admin, "", "", []);
        var feeds = gateway.Get<CalendarFeeds>();
        var token = await feeds.MakeAsync(caller, "fr", LiveGateway.Cancel);
        using var stranger = gateway.Browser();

        using var answer = await stranger.GetAsync($"/calendar/{token}.ics", LiveGateway.Cancel);
        Assert.Equal((HttpStatusCode.OK, "text/calendar"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains("Passerelle\u00A0: identifiants", await answer.Content.ReadAsStringAsync(LiveGateway.Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"/calendar/{token[..^1]}.ics"));
        foreach (var file in Directory.EnumerateFiles(gateway.Data, "passerelle.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(token, await reader.ReadToEndAsync(LiveGateway.Cancel), StringComparison.Ordinal);
        }

        Assert.Equal(1, await feeds.RevokeAsync(organisation, LiveGateway.Cancel));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"/calendar/{token}.ics"));

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var response = await stranger.GetAsync(path, LiveGateway.Cancel);
            return response.StatusCode;
        }
    }
}
