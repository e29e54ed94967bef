using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Access.Keys;
using Passerelle.Gateway.Limits;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Api;

namespace Passerelle.Gateway.Tests.Access;

/// <summary>A program is obeyed for what its key says, in its organisation, and for nothing else.</summary>
public sealed class ApiKeyTests
{
    [Fact]
    public async Task A_key_reads_what_its_scopes_name_and_nothing_else()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, _) = await gateway.OrganisationAsync("fabrikam");
        using var program = await ProgramAsync(gateway, organisation, ApiScopes.AppsRead);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program, "/api/v1/apps"));

        using var other = await program.GetAsync("/api/v1/messages", LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        Assert.Contains("messages:read", await DetailAsync(other), StringComparison.Ordinal);
        using var forPeople = await program.PostAsync("/api/v1/apps", null, LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, forPeople.StatusCode);
        Assert.Contains("No key may do this", await DetailAsync(forPeople), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(program, "/settings/keys")); // a key is no session
    }

    [Fact]
    public async Task Another_organisation_does_not_exist_for_a_key()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var theirs = await Belongings.OfAsync(gateway, (await gateway.Get<People>().OrganisationsAsync(LiveGateway.Cancel)).Single());
        var (organisation, _) = await gateway.OrganisationAsync("fabrikam");
        using var program = await ProgramAsync(gateway, organisation, [.. ApiScopes.All]);
        foreach (var path in new[] { $"apps/{theirs.App}", $"messages/{theirs.Message}", $"letters/{theirs.Letter}", $"conversations/{theirs.Conversation}", $"webhooks/{theirs.Webhook}", $"webhook-deliveries/{theirs.Delivery}", $"templates/{theirs.Template}" })
        {
            Assert.Equal((path, HttpStatusCode.NotFound), (path, await StatusAsync(program, $"/api/v1/{path}")));
        }
        foreach (var list in new[] { "messages", "letters", "conversations" })
        {
            Assert.Contains("\"lines\":[]", await program.GetStringAsync($"/api/v1/{list}", LiveGateway.Cancel), StringComparison.Ordinal);
        }
        using var cancelled = await program.PostAsJsonAsync($"/api/v1/letters/{theirs.Letter}/cancel", new { reason = "test" }, LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.NotFound, cancelled.StatusCode);
    }

    [Fact]
    public async Task A_key_that_was_revoked_has_expired_or_was_never_made_is_401_and_says_what_to_do()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 0, 0, 0, TimeSpan.Zero));
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var keys = new ApiKeys(temp.Store, time);
        var made = Assert.IsType<KeyOutcome.Made>(await keys.MakeAsync(organisation, null, "Ledger", [ApiScopes.AppsRead], time.GetUtcNow().AddDays(1), TempStore.Cancel));
        Assert.Equal(made.Key.Id, (await keys.RecogniseAsync(made.Text, "127.0.0.1", TempStore.Cancel)).Key?.Id);
        Assert.Equal((null, KeyRefusal.Unknown), await keys.RecogniseAsync(made.Text[..^1] + (made.Text[^1] == 'A' ? 'E' : 'A'), "127.0.0.1", TempStore.Cancel));
        Assert.Equal((null, KeyRefusal.Unknown), await keys.RecogniseAsync("psk_short", "127.0.0.1", TempStore.Cancel));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal((null, KeyRefusal.Expired), await keys.RecogniseAsync(made.Text, "127.0.0.1", TempStore.Cancel));
        Assert.True(await keys.RevokeAsync(organisation, made.Key.Id, TempStore.Cancel));
        Assert.Equal((null, KeyRefusal.Revoked), await keys.RecogniseAsync(made.Text, "127.0.0.1", TempStore.Cancel));
        Assert.False(await keys.RevokeAsync(await temp.OrganisationAsync("Fabrikam"), made.Key.Id, TempStore.Cancel));

        await using var gateway = await LiveGateway.StartAsync();
        using var stranger = gateway.Browser();
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Text);
        using var refused = await stranger.GetAsync("/api/v1/apps", LiveGateway.Cancel);
        Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
        Assert.Contains("Settings › API keys", await DetailAsync(refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_hash_of_a_key_is_stored_and_its_last_use_is_known()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, _) = await gateway.OrganisationAsync("fabrikam");
        var made = Assert.IsType<KeyOutcome.Made>(await gateway.Get<ApiKeys>().MakeAsync(organisation, null, "Ledger", [ApiScopes.AppsRead], null, LiveGateway.Cancel));
        using var program = Program(gateway, made.Text);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program, "/api/v1/apps"));
        var key = Assert.Single(await gateway.Get<ApiKeys>().ListAsync(organisation, LiveGateway.Cancel));
        Assert.NotNull(key.UsedAt);
        Assert.True(IPAddress.TryParse(key.UsedFrom, out _));
        var rows = await gateway.Get<IStore>().ReadAsync(
            tx => JsonSerializer.Serialize(tx.For(organisation).List<ApiKey>("SELECT * FROM api_key WHERE organisation_id = @organisation")), LiveGateway.Cancel);
        Assert.DoesNotContain(made.Text[^43..], rows, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_program_orders_stands_in_the_audit_with_its_name_and_address()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, _) = await gateway.OrganisationAsync("fabrikam");
        var own = await Belongings.OfAsync(gateway, organisation);
        using var program = await ProgramAsync(gateway, organisation, ApiScopes.LettersCancel);
        using var cancelled = await program.PostAsJsonAsync($"/api/v1/letters/{own.Letter}/cancel", new { reason = "not wanted" }, LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        var entry = Assert.Single(await gateway.Get<AuditEntries>().ListAsync(organisation, new AuditFilter("letter"), 10, LiveGateway.Cancel), entry => entry.Action == "letter-cancelled");
        Assert.StartsWith("key Test program (", entry.Origin, StringComparison.Ordinal);
        Assert.Null(entry.PersonId);
    }

    [Fact]
    public void A_key_gives_so_many_orders_a_minute_and_an_address_shows_so_many_wrong_ones()
    {
        var time = new FakeTimeProvider();
        var brake = new KeyBrake(Options.Create(new AccessOptions { OrdersPerKeyMinute = 60, WrongKeysPerMinute = 2 }), time);
        var (busy, calm) = (Guid.CreateVersion7(time.GetUtcNow()), Guid.CreateVersion7(time.GetUtcNow()));
        for (var order = 0; order < 60; order++) Assert.Null(brake.TakeFor(busy));
        Assert.InRange(brake.TakeFor(busy)!.Value.TotalSeconds, 0.5, 1); // the test above it took the last
        Assert.Null(brake.TakeFor(calm));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(brake.TakeFor(busy));
        Assert.NotNull(brake.TakeFor(busy));

        Assert.Null(AfterAWrongKey("192.0.2.1"));
        Assert.NotNull(AfterAWrongKey("192.0.2.1"));
        Assert.Null(AfterAWrongKey("192.0.2.2"));
        Assert.Null(AfterAWrongKey("2001:db8:0:1::1"));
        Assert.NotNull(AfterAWrongKey("2001:db8:0:1:ffff::2")); // the same customer
        Assert.Null(AfterAWrongKey("2001:db8:0:2::1"));

        TimeSpan? AfterAWrongKey(string address)
        {
            var client = Client.Of(IPAddress.Parse(address));
            brake.CountWrong(client);
            return brake.WaitFor(client);
        }
    }

    [Fact]
    public async Task Past_its_limit_a_key_is_told_how_long_to_wait()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, _) = await gateway.OrganisationAsync("fabrikam");
        var made = Assert.IsType<KeyOutcome.Made>(await gateway.Get<ApiKeys>().MakeAsync(organisation, null, "Ledger", [ApiScopes.AppsRead], null, LiveGateway.Cancel));
        using var program = Program(gateway, made.Text);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(LiveGateway.Cancel);
        // the same key elsewhere takes each order as soon as it may be given
        var busy = Task.Run(
            () =>
            {
                while (!enough.IsCancellationRequested) gateway.Get<KeyBrake>().TakeFor(made.Key.Id);
            },
            LiveGateway.Cancel);
        while (true)
        {
            using var answer = await program.GetAsync("/api/v1/apps", LiveGateway.Cancel);
            if (answer.StatusCode is HttpStatusCode.OK) continue; // it was faster once
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.InRange(answer.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0, 1, 60);
            break;
        }
        await enough.CancelAsync();
        await busy;
    }

    private static async Task<HttpClient> ProgramAsync(LiveGateway gateway, Guid organisation, params string[] scopes) =>
        Program(gateway, Assert.IsType<KeyOutcome.Made>(await gateway.Get<ApiKeys>().MakeAsync(organisation, null, "Test program", scopes, null, LiveGateway.Cancel)).Text);

    private static HttpClient Program(LiveGateway gateway, string key)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = gateway.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, LiveGateway.Cancel);
        return response.StatusCode;
    }

    private static async Task<string> DetailAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(LiveGateway.Cancel)).GetProperty("detail").GetString() ?? "";
}
