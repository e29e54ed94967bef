using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Routing.Calls;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Outbound;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Routing;

public sealed class HttpCallTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task A_flow_asks_a_server_and_answers_with_what_it_said()
    {
        await using var server = await OutsideServer.StartAsync();
        await using var bench = await OpenAsync(server);
        var message = await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        Assert.Equal("waiting", (await bench.RunAsync(message.Id))?.State);
        Assert.Empty(await bench.LettersAsync());

        var call = Assert.Single(await bench.Calls.DueAsync(10, Cancel));
        Assert.DoesNotContain("orders", call.Request, StringComparison.Ordinal); // sealed: headers may carry keys
        await bench.Calls.CallAsync(call, Cancel);

        Assert.Equal("done", (await bench.RunAsync(message.Id))?.State);
        Assert.Contains("It is shipped.", await bench.TextOfAsync(Assert.Single(await bench.LettersAsync())), StringComparison.Ordinal);
        Assert.Equal(call.Id.ToString(), Assert.Single(server.Keys));
        Assert.Empty(await bench.Calls.DueAsync(10, Cancel));
    }

    [Fact]
    public async Task The_whole_path_is_the_same_on_PostgreSQL()
    {
        await using var server = await OutsideServer.StartAsync();
        await using var bench = await RoutingBench.OnPostgresAsync(await Store.PostgresServer.NewDatabaseAsync(), Flow(server), server.HostAndPort);
        var message = await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        var copy = await bench.Inbound.ReceiveAsync(ArcForwarder.Seal(Written.Mail()));
        await bench.Inbound.ReadDueAsync();
        await bench.CallDueAsync();

        Assert.Equal("duplicate", (await bench.Inbound.ReceiptAsync(copy.Id)).State);
        Assert.Equal("done", (await bench.RunAsync(message.Id))?.State);
        Assert.Contains("It is shipped.", await bench.TextOfAsync(Assert.Single(await bench.LettersAsync())), StringComparison.Ordinal);
        Assert.Equal(message.Id, Assert.Single((await bench.Inbound.Messages.ListAsync(bench.Inbound.Organisation, null, null, 10, Cancel)).Lines).Id);

        await bench.Inbound.SetStateAsync(bench.Inbound.Organisation, bench.Inbound.App, "paused");
        var held = await bench.Inbound.ArriveAsync(Written.Mail(id: "two@fabrikam.example"));
        Assert.Equal(MessageState.Held, held.State);
        Assert.Equal(1, await bench.Inbound.Held.KeepAsync(bench.Inbound.Organisation, bench.Inbound.App, Cancel));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_asked_a_few_times_and_then_the_flow_goes_its_other_way()
    {
        await using var server = await OutsideServer.StartAsync();
        server.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using var bench = await OpenAsync(server);
        var message = await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        for (var attempt = 0; attempt < 4; attempt++)
        {
            await bench.CallDueAsync();
            bench.Inbound.Temp.Time.Advance(TimeSpan.FromHours(2));
        }
        Assert.Equal(4, server.Calls.Count);
        Assert.Single(server.Keys.Distinct());
        Assert.Equal("done", (await bench.RunAsync(message.Id))?.State);
        Assert.Contains("We look into it.", await bench.TextOfAsync(Assert.Single(await bench.LettersAsync())), StringComparison.Ordinal);
        Assert.Equal(1, await bench.Inbound.CountAsync("http_call WHERE state = 'dead'"));
    }

    [Fact]
    public async Task A_server_in_trouble_is_asked_again_and_its_later_answer_counts()
    {
        await using var server = await OutsideServer.StartAsync();
        var works = server.Answer;
        server.Answer = context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await using var bench = await OpenAsync(server);
        await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        await bench.CallDueAsync();
        Assert.Empty(await bench.Calls.DueAsync(10, Cancel));
        server.Answer = works;
        bench.Inbound.Temp.Time.Advance(TimeSpan.FromMinutes(10));
        await bench.CallDueAsync();
        Assert.Contains("It is shipped.", await bench.TextOfAsync(Assert.Single(await bench.LettersAsync())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_host_that_the_operator_did_not_list_is_not_called()
    {
        await using var server = await OutsideServer.StartAsync();
        await using var bench = await RoutingBench.OpenAsync(Flow(server));
        await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        await bench.CallDueAsync();
        Assert.Empty(server.Keys);
        Assert.Contains("We look into it.", await bench.TextOfAsync(Assert.Single(await bench.LettersAsync())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_whose_worker_died_before_settling_is_made_again_with_the_same_key_and_answers_once()
    {
        await using var server = await OutsideServer.StartAsync();
        await using var bench = await OpenAsync(server);
        await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        var call = Assert.Single(await bench.Calls.DueAsync(10, Cancel));
        await DieInTheMiddleAsync(bench, call);
        Assert.Empty(await bench.Calls.DueAsync(10, Cancel));

        bench.Inbound.Temp.Time.Advance(TimeSpan.FromMinutes(5));
        var successor = bench.NewCalls(new Ownerships(bench.Inbound.Store, new Alone()));
        await successor.CallAsync(Assert.Single(await successor.DueAsync(10, Cancel)), Cancel);
        Assert.Single(await bench.LettersAsync());
        Assert.Equal(call.Id.ToString(), Assert.Single(server.Keys.Distinct()));
    }

    [Fact]
    public async Task A_worker_that_lost_its_app_during_the_call_settles_nothing()
    {
        await using var server = await OutsideServer.StartAsync();
        await using var bench = await OpenAsync(server);
        var works = server.Answer;
        server.Answer = async context =>
        {
            await new Ownerships(bench.Inbound.Store, new Alone()).OfAsync(bench.Inbound.Organisation, bench.Inbound.App, Cancel); // another process
            await works(context);
        };
        var message = await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        await bench.CallDueAsync();
        Assert.Equal("waiting", (await bench.RunAsync(message.Id))?.State);
        Assert.Empty(await bench.LettersAsync());

        server.Answer = works;
        bench.Inbound.Temp.Time.Advance(TimeSpan.FromMinutes(5));
        await bench.CallDueAsync();
        Assert.Single(await bench.LettersAsync());
    }

    [Fact]
    public async Task A_run_that_cannot_go_on_fails_in_the_end_instead_of_calling_for_ever()
    {
        await using var server = await OutsideServer.StartAsync();
        await using var bench = await OpenAsync(server);
        var message = await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        await bench.Inbound.Store.WriteAsync(
            Lane.Work, tx => tx.For(bench.Inbound.Organisation).Execute("DELETE FROM flow_version WHERE organisation_id = @organisation"), Cancel);
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var due = Assert.Single(await bench.Calls.DueAsync(10, Cancel));
            if (attempt < 3) await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Calls.CallAsync(due, Cancel));
            else await bench.Calls.CallAsync(due, Cancel);
            bench.Inbound.Temp.Time.Advance(TimeSpan.FromHours(2));
        }
        Assert.Equal("failed", (await bench.RunAsync(message.Id))?.State);
        Assert.Empty(await bench.Calls.DueAsync(10, Cancel));
    }

    [Fact]
    public async Task The_next_message_of_the_conversation_waits_while_a_run_waits()
    {
        await using var server = await OutsideServer.StartAsync();
        await using var bench = await OpenAsync(server);
        await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        var second = await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail(id: "two@fabrikam.example", headers: "In-Reply-To: <one@fabrikam.example>")));
        Assert.Equal(MessageState.Ready, second.State);
        await bench.CallDueAsync();
        await bench.RouteDueAsync();
        Assert.Equal(MessageState.Routed, (await bench.Inbound.MessageAsync(second.Id)).State);
    }

    private static Task<RoutingBench> OpenAsync(OutsideServer server) => RoutingBench.OpenAsync(Flow(server), "connected", server.HostAndPort);

    private static string Flow(OutsideServer server) => $$$"""
        { "version": 1, "name": "Ask", "steps": [
          { "id": "ask", "kind": "call-http", "method": "POST", "url": "{{{server.Url}}}/orders", "headers": { "X-Key": "k" },
            "body": "{}", "saveAs": "answer",
            "onError": [ { "id": "sorry", "kind": "reply", "text": "We look into it." }, { "id": "stop", "kind": "end" } ] },
          { "id": "tell", "kind": "reply", "text": "It is {{ answer.body.state }}." } ] }
        """;

    /// <summary>Claims the call as a worker does, and never comes back.</summary>
    private static async Task DieInTheMiddleAsync(RoutingBench bench, HttpCallRow call)
    {
        var owner = await bench.Inbound.Ownerships.OfAsync(call.OrganisationId, call.AppId, Cancel);
        var now = bench.Inbound.Temp.Time.GetUtcNow();
        Assert.NotNull(await bench.Inbound.Store.WriteAsync(
            Lane.Work, tx => HttpCallRows.Claim(tx, call, owner, now, now.AddMinutes(1)), Cancel));
    }
}
