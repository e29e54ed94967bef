using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Passerelle.Gateway.Tests.Routing;

/// <summary>A server that flows call, on a free port of loopback.</summary>
internal sealed class OutsideServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OutsideServer(WebApplication app) => _app = app;

    /// <summary>Idempotency-Key of each request, in order.</summary>
    public ConcurrentQueue<string> Keys { get; } = new();

    public Func<HttpContext, Task> Answer { get; set; } = context => context.Response.WriteAsync("""{"state":"shipped"}""");

    public string Url => _app.Urls.First();
    public string HostAndPort => new Uri(Url).Authority;

    public static async Task<OutsideServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new OutsideServer(builder.Build());
        server._app.Run(context =>
        {
            server.Keys.Enqueue(context.Request.Headers["Idempotency-Key"].ToString());
            return server.Answer(context);
        });
        await server._app.StartAsync(TempStore.Cancel);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
