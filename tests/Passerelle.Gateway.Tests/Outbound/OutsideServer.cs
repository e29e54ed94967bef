using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Passerelle.Gateway.Tests.Outbound;

/// <summary>Somebody's server that the gateway calls, for a flow, as a provider or as a webhook, on a free port of loopback.</summary>
internal sealed class OutsideServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OutsideServer(WebApplication app) => _app = app;

    /// <summary>What was asked, in order.</summary>
    public ConcurrentQueue<OutsideCall> Calls { get; } = new();

    public IEnumerable<string> Keys => Calls.Select(call => call.Header("Idempotency-Key"));

    /// <summary>What the next calls are answered with.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context => context.Response.WriteAsync("""{"state":"shipped"}""");

    public string Url => _app.Urls.First();
    public string HostAndPort => new Uri(Url).Authority;

    public static async Task<OutsideServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new OutsideServer(builder.Build());
        server._app.Run(server.TakeAsync);
        await server._app.StartAsync(TempStore.Cancel);
        return server;
    }

    /// <summary>Answers with a status and nothing else; 302 leads elsewhere on the same server.</summary>
    public void AnswerWith(int status) => Answer = http =>
    {
        http.Response.StatusCode = status;
        if (status is 302) http.Response.Headers.Location = "/elsewhere";
        return Task.CompletedTask;
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        http.Request.EnableBuffering();
        using var reader = new StreamReader(http.Request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        http.Request.Body.Position = 0; // an answer may read it too
        Calls.Enqueue(new OutsideCall(http.Request.Path, http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body));
        await Answer(http);
    }
}

/// <summary>One request as it came.</summary>
internal sealed record OutsideCall(string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string ContentType => Header("Content-Type");
    public string Id => Header("webhook-id");
    public string Timestamp => Header("webhook-timestamp");
    public string Signature => Header("webhook-signature");
    public JsonElement Event => JsonSerializer.Deserialize<JsonElement>(Body);
    public string Type => Event.GetProperty("type").GetString() ?? "";

    /// <returns>Empty when the request had none.</returns>
    public string Header(string name) => Headers.GetValueOrDefault(name, "");
}
