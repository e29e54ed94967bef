using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Passerelle.Gateway.Tests.Events;

/// <summary>Somebody's webhook, on a free port of loopback.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    public ConcurrentQueue<Call> Calls { get; } = new();

    /// <summary>What the next calls are answered with.</summary>
    public int Status { get; set; } = 204;

    public string Url => $"{_app.Urls.First()}/alarms";
    public string HostAndPort => new Uri(Url).Authority;

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync(TempStore.Cancel);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        Calls.Enqueue(new Call(
            http.Request.Path, http.Request.ContentType ?? "", http.Request.Headers["webhook-id"].ToString(), http.Request.Headers["webhook-timestamp"].ToString(),
            http.Request.Headers["webhook-signature"].ToString(), await reader.ReadToEndAsync()));
        http.Response.StatusCode = Status;
        if (Status is 302) http.Response.Headers.Location = "/elsewhere";
    }

    internal sealed record Call(string Path, string ContentType, string Id, string Timestamp, string Signature, string Body)
    {
        public JsonElement Event => JsonSerializer.Deserialize<JsonElement>(Body);

        public string Type => Event.GetProperty("type").GetString() ?? "";
    }
}
