using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Passerelle.Dev.Soak.Tokens;

/// <summary>The webhook of the soak: writes down which mailbox an alarm was about, and when in simulated time.</summary>
internal sealed class AlarmEar : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AlarmEar(WebApplication app) => _app = app;

    /// <summary>Type of the event, mailbox, simulated time.</summary>
    public ConcurrentQueue<(string Type, string Mailbox, DateTimeOffset At)> Heard { get; } = new();

    public Uri Url => new($"{_app.Urls.First()}/alarms");

    public static async Task<AlarmEar> StartAsync(TimeProvider time, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var ear = new AlarmEar(builder.Build());
        ear._app.Run(async http =>
        {
            var told = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body, cancellationToken: http.RequestAborted);
            ear.Heard.Enqueue((told.GetProperty("type").GetString() ?? "", told.GetProperty("data").GetProperty("mailbox").GetString() ?? "", time.GetUtcNow()));
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        });
        await ear._app.StartAsync(cancel);
        return ear;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
