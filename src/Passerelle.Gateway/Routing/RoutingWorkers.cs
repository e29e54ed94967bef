using Microsoft.Extensions.Options;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Routing.Calls;

namespace Passerelle.Gateway.Routing;

/// <summary>Routes messages as they become ready: conversations in parallel, the messages of one in order.</summary>
internal sealed class RoutingWorker(
    Router router, Signals signals, IOptions<RoutingOptions> options, TimeProvider time, ILogger<RoutingWorker> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Pickup<ReadyMessage, Guid>(signals.Messages, options.Value.Parallel, time, log)
            .RunAsync(router.DueAsync, message => message.ConversationId, router.RouteAsync, stoppingToken);
}

/// <summary>Makes the HTTP calls of flows.</summary>
internal sealed class HttpCallWorker(
    HttpCalls calls, Signals signals, IOptions<RoutingOptions> options, TimeProvider time, ILogger<HttpCallWorker> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Pickup<HttpCallRow, Guid>(signals.HttpCalls, options.Value.ParallelCalls, time, log)
            .RunAsync(calls.DueAsync, call => call.Id, calls.CallAsync, stoppingToken);
}
