using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Passerelle.Gateway.Access.Keys;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Api;

/// <summary>What a program does with a key: lists page by page, sends once, is told when nothing has changed.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task The_same_order_under_one_key_is_one_letter_and_another_order_is_refused()
    {
        await using var program = await ProgramBench.OpenAsync();
        var (first, body) = await program.SendAsync("order-4711", "It left on Monday.");
        Assert.Equal(HttpStatusCode.Accepted, first);
        var (second, again) = await program.SendAsync("order-4711", "It left on Monday.");
        Assert.Equal((HttpStatusCode.Accepted, body.GetProperty("letterId").GetGuid()), (second, again.GetProperty("letterId").GetGuid()));
        var (third, refused) = await program.SendAsync("order-4711", "It left on Tuesday.");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, third);
        Assert.Contains("choose a new key", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var (_, other) = await program.SendAsync("order-4712", "It left on Monday.");
        Assert.NotEqual(body.GetProperty("letterId").GetGuid(), other.GetProperty("letterId").GetGuid());
        Assert.Equal(2, (await program.GetAsync("/api/v1/letters")).GetProperty("lines").EnumerateArray().Count(line => line.GetProperty("origin").GetString() == "order"));
    }

    [Fact]
    public async Task The_same_order_asked_many_times_at_once_is_one_letter()
    {
        await using var program = await ProgramBench.OpenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => program.SendAsync("order-4711", "It left on Monday.")));
        Assert.Single(answers.Select(answer => answer.Body.GetProperty("letterId").GetGuid()).Distinct());
        Assert.Single((await program.GetAsync("/api/v1/letters")).GetProperty("lines").EnumerateArray(), line => line.GetProperty("origin").GetString() == "order");
    }

    [Theory]
    [InlineData("letters")]
    [InlineData("conversations")]
    [InlineData("messages")]
    public async Task A_list_is_read_page_by_page_without_a_line_twice_or_missing(string list)
    {
        await using var program = await ProgramBench.OpenAsync();
        for (var (number, newest) = (0, program.Newest); number < 5; number++)
        {
            await program.SendAsync($"order-{number}", "Hello", subject: $"Subject {number}");
            if (list == "messages") newest = await Belongings.MessageAsync(program.Gateway, program.Organisation, program.ForwardingAddress, newest);
        }
        var whole = Ids((await program.GetAsync($"/api/v1/{list}?limit=200")).GetProperty("lines"));
        var paged = new List<Guid>();
        for (Guid? before = null; ;)
        {
            var page = await program.GetAsync($"/api/v1/{list}?limit=2{(before is { } id ? $"&before={id}" : "")}");
            paged.AddRange(Ids(page.GetProperty("lines")));
            Assert.InRange(page.GetProperty("lines").GetArrayLength(), 1, 2);
            if (page.GetProperty("next").ValueKind is JsonValueKind.Null) break;
            before = page.GetProperty("next").GetGuid();
        }
        Assert.True(whole.Count >= 2);
        Assert.Equal(whole, paged);
    }

    [Fact]
    public async Task Apps_are_paged_by_the_link_to_the_next_ones()
    {
        await using var program = await ProgramBench.OpenAsync();
        using var first = await program.Client.GetAsync("/api/v1/apps?limit=1", LiveGateway.Cancel);
        Assert.False(first.Headers.Contains("Link")); // there is one
        using var admin = program.Gateway.Browser(program.Session);
        (await admin.PostAsync("/api/v1/apps", null, LiveGateway.Cancel)).Dispose();
        using var second = await program.Client.GetAsync("/api/v1/apps?limit=1", LiveGateway.Cancel);
        var next = Assert.Single(second.Headers.GetValues("Link")).Split('>')[0].TrimStart('<');
        using var third = await program.Client.GetAsync(next, LiveGateway.Cancel);
        Assert.False(third.Headers.Contains("Link"));
        Assert.NotEqual(await second.Content.ReadAsStringAsync(LiveGateway.Cancel), await third.Content.ReadAsStringAsync(LiveGateway.Cancel));
    }

    [Fact]
    public async Task Who_has_read_it_already_is_told_that_nothing_has_changed_until_something_has()
    {
        await using var program = await ProgramBench.OpenAsync();
        var later = program.Gateway.Get<TimeProvider>().GetUtcNow().AddHours(1); // until then nobody but us changes it
        var letter = (await program.SendAsync("order-4711", "Hello", sendAt: later)).Body.GetProperty("letterId").GetGuid();
        using var first = await program.Client.GetAsync($"/api/v1/letters/{letter}", LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.NotModified, await AskAsync(program, letter, first.Headers.ETag));
        using var cancelled = await program.Client.PostAsJsonAsync($"/api/v1/letters/{letter}/cancel", new { reason = "not wanted" }, LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(program, letter, first.Headers.ETag));
    }

    [Fact]
    public async Task A_conversation_tells_what_was_said_both_ways()
    {
        await using var program = await ProgramBench.OpenAsync();
        var (_, sent) = await program.SendAsync("answer-1", "It is on its way.", inAnswerTo: program.Newest);
        var message = await program.Gateway.Get<StoredMessages>().FindAsync(program.Organisation, program.Newest, LiveGateway.Cancel);
        var conversation = await program.GetAsync($"/api/v1/conversations/{message!.ConversationId}"); // it was read
        Assert.Equal("ann@fabrikam.example", conversation.GetProperty("correspondent").GetString());
        Assert.Equal(program.Newest, Assert.Single(conversation.GetProperty("messages").EnumerateArray()).GetProperty("id").GetGuid());
        Assert.Contains(sent.GetProperty("letterId").GetGuid(), Ids(conversation.GetProperty("letters")));
        var found = await program.GetAsync("/api/v1/conversations?correspondent=Ann@Fabrikam.example");
        Assert.Contains(message.ConversationId, Ids(found.GetProperty("lines")));
        Assert.Empty((await program.GetAsync("/api/v1/conversations?correspondent=nobody@fabrikam.example")).GetProperty("lines").EnumerateArray());
    }

    [Theory]
    [InlineData("{", "compare its fields")]
    [InlineData("""{ "to": "ann" }""", "compare its fields")]
    [InlineData("""{ "subject": "Hello" }""", "Say which app writes: appId")]
    public async Task A_wrong_order_is_told_what_to_do(string body, string advice)
    {
        await using var program = await ProgramBench.OpenAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await program.Client.PostAsync("/api/v1/letters", content, LiveGateway.Cancel);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains(advice, (await answer.Content.ReadFromJsonAsync<JsonElement>(LiveGateway.Cancel)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> AskAsync(ProgramBench program, Guid letter, EntityTagHeaderValue? known)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/letters/{letter}");
        request.Headers.IfNoneMatch.Add(known!); // a letter has one
        using var response = await program.Client.SendAsync(request, LiveGateway.Cancel);
        return response.StatusCode;
    }

    private static List<Guid> Ids(JsonElement lines) => [.. lines.EnumerateArray().Select(line => line.GetProperty("id").GetGuid())];
}

/// <summary>A gateway with one organisation that has an app and a message, and a program that may do everything a program may.</summary>
internal sealed class ProgramBench : IAsyncDisposable
{
    private ProgramBench(LiveGateway gateway, Guid organisation, string session, Belongings own, string forwardingAddress, string key)
    {
        (Gateway, Organisation, Session, Own, ForwardingAddress, Key) = (gateway, organisation, session, own, forwardingAddress, key);
        Client = new HttpClient { BaseAddress = gateway.Url };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public LiveGateway Gateway { get; }
    public Guid Organisation { get; }
    public string Session { get; }
    public Belongings Own { get; }
    public string ForwardingAddress { get; }
    public string Key { get; }
    public HttpClient Client { get; }
    public Guid Newest => Own.Message;

    public static async Task<ProgramBench> OpenAsync()
    {
        var gateway = await LiveGateway.StartAsync();
        var (organisation, session) = await gateway.OrganisationAsync("fabrikam");
        var own = await Belongings.OfAsync(gateway, organisation);
        await gateway.Get<IStore>().WriteAsync(Lane.Work, tx => tx.For(organisation).Execute("UPDATE app SET state = 'unauthorised' WHERE organisation_id = @organisation"), LiveGateway.Cancel);
        var app = await gateway.Get<Gateway.Apps.EmailApps>().FindAsync(organisation, own.App, LiveGateway.Cancel);
        var made = Assert.IsType<KeyOutcome.Made>(await gateway.Get<ApiKeys>().MakeAsync(organisation, null, "Test program", [.. ApiScopes.All], null, LiveGateway.Cancel));
        return new(gateway, organisation, session, own, app!.ForwardingAddress, made.Text); // made above
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string key, string text, string subject = "Your order", Guid? inAnswerTo = null, DateTimeOffset? sendAt = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/letters") { Content = JsonContent.Create(OrderOf(text, subject, inAnswerTo, sendAt)) };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await Client.SendAsync(request, LiveGateway.Cancel);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(LiveGateway.Cancel));
    }

    public Task<JsonElement> GetAsync(string path) => Client.GetFromJsonAsync<JsonElement>(path, LiveGateway.Cancel);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Gateway.DisposeAsync();
    }

    private object OrderOf(string text, string subject, Guid? inAnswerTo, DateTimeOffset? sendAt) => inAnswerTo is { } message
        ? new { inAnswerTo = message, text }
        : new { appId = Own.App, to = new[] { new { address = "ann@fabrikam.example" } }, subject, text, sendAt };
}
