using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Routing;
using Passerelle.Gateway.Routing.Calls;
using Passerelle.Gateway.Routing.Flows;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Routing;

/// <summary>Everything from a receipt to letters and calls, on a real store.</summary>
internal sealed class RoutingBench : IAsyncDisposable
{
    private readonly OutboundHttp _http;

    private RoutingBench(InboundBench inbound, string[] allow)
    {
        Inbound = inbound;
        var outbound = Options.Create(new OutboundOptions { Allow = allow, RequestSeconds = 1 });
        _http = new OutboundHttp(
            new OutboundPolicy(outbound, System.Net.Dns.GetHostAddressesAsync, TimeProvider.System), new OutboundTrust(outbound), outbound);
        Library = new FlowLibrary(inbound.Store, inbound.Temp.Time);
        Subjects = new RunSubjects(inbound.Store, new MailSources(inbound.Store, inbound.Raws));
        Router = NewRouter(inbound.Ownerships);
        Calls = NewCalls(inbound.Ownerships);
    }

    public InboundBench Inbound { get; }
    public FlowLibrary Library { get; }
    public RunSubjects Subjects { get; }
    public Router Router { get; }
    public HttpCalls Calls { get; }
    private RunPlanner Planner => new(Inbound.Temp.Sealer, Inbound.Temp.Time);
    private static AnswerCaps Caps => new(Options.Create(new QueueOptions()));
    private static CancellationToken Cancel => TempStore.Cancel;

    /// <summary>An app whose flow acknowledges.</summary>
    public static Task<RoutingBench> AcknowledgingAsync(string state = "connected") =>
        OpenAsync(AcknowledgementForm.ToFlow("Acknowledgement", "Dear {{ message.from.name }}, we got it.").Json, state);

    /// <param name="flow">Published and chosen; null: the app has none.</param>
    /// <param name="allow">host:port that flows may call.</param>
    public static async Task<RoutingBench> OpenAsync(string? flow, string state = "connected", params string[] allow)
    {
        var bench = new RoutingBench(await InboundBench.OpenAsync(state), allow);
        if (flow is not null) await bench.UseAsync(flow);
        return bench;
    }

    public static async Task<RoutingBench> OnPostgresAsync(string postgres, string flow, string allow)
    {
        var bench = new RoutingBench(await InboundBench.OpenAsync("connected", postgres), [allow]);
        await bench.UseAsync(flow);
        return bench;
    }

    public async Task<FlowRow> UseAsync(string flow)
    {
        var row = await Library.CreateAsync(Inbound.Organisation, "Flow", flow, Cancel);
        Assert.IsType<FlowChange.Published>(await Library.PublishAsync(Inbound.Organisation, row.Id, row.Version, null, Cancel));
        Assert.True(await Inbound.Temp.Apps.ChooseFlowAsync(Inbound.Organisation, Inbound.App, row.Id, Cancel));
        return row;
    }

    public Router NewRouter(Ownerships ownerships, Func<RunPlanner>? planner = null) => new(
        Inbound.Store, ownerships, Subjects, Library, new PublishedFlows(Inbound.Store), (planner ?? (() => Planner))(), Caps,
        Inbound.Signals, Options.Create(new RoutingOptions()), Inbound.Temp.Time, NullLogger<Router>.Instance);

    public HttpCalls NewCalls(Ownerships ownerships) => new(
        Inbound.Store, ownerships, new HttpCaller(_http, Inbound.Temp.Sealer), Subjects, new PublishedFlows(Inbound.Store), Planner, Caps,
        Inbound.Signals, Options.Create(new RoutingOptions()), Inbound.Temp.Time, NullLogger<HttpCalls>.Instance);

    /// <summary>Receives, reads and routes; the message afterwards.</summary>
    public async Task<Message> ArriveAsync(string mail, string envelopeFrom = "bounces+SRS=x=AA@contoso.example")
    {
        var message = await Inbound.ArriveAsync(mail, envelopeFrom);
        await RouteDueAsync();
        return await Inbound.MessageAsync(message.Id);
    }

    public async Task RouteDueAsync()
    {
        while (await Router.DueAsync(100, Cancel) is { Count: > 0 } due)
        {
            foreach (var message in due) await Router.RouteAsync(message, Cancel);
        }
    }

    public async Task CallDueAsync()
    {
        foreach (var call in await Calls.DueAsync(100, Cancel)) await Calls.CallAsync(call, Cancel);
    }

    public Task<List<Letter>> LettersAsync() => Inbound.Store.ReadAsync(
        tx => tx.For(Inbound.Organisation).List<Letter>(
            """
            SELECT id, conversation_id, sequence, origin, correspondent, subject, in_answer_to, run_id FROM letter
            WHERE organisation_id = @organisation ORDER BY conversation_id, sequence
            """),
        Cancel);

    public Task<RunRow?> RunAsync(Guid message) =>
        Inbound.Store.ReadAsync(tx => RunRows.OfMessage(tx, Inbound.Organisation, message), Cancel);

    public async Task<List<RunStep>> StepsAsync(Guid message) =>
        await RunAsync(message) is { } run
            ? await Inbound.Store.ReadAsync(tx => RunRows.Steps(tx, Inbound.Organisation, run.Id), Cancel)
            : [];

    /// <summary>The letter as it would leave.</summary>
    public async Task<string> TextOfAsync(Letter letter)
    {
        await using var raw = await Inbound.Raws.OpenAsync(Inbound.Organisation, letter.Id, Cancel);
        using var reader = new StreamReader(raw);
        return await reader.ReadToEndAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Inbound.DisposeAsync();
    }
}

internal sealed record Letter
{
    public required Guid Id { get; init; }
    public required Guid ConversationId { get; init; }
    public required long Sequence { get; init; }
    public required string Origin { get; init; }
    public required string Correspondent { get; init; }
    public required string Subject { get; init; }
    public Guid? InAnswerTo { get; init; }
    public Guid? RunId { get; init; }
}
