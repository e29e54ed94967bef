namespace Passerelle.Gateway.Hosting;

/// <summary>
/// Until the start has succeeded, the host and Kestrel do not log why it failed: they would print a stack where the
/// command line prints one sentence. Afterwards everything is heard.
/// </summary>
internal static class StartSilence
{
    private static readonly string[] Categories = ["Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <returns>Call it with the built application.</returns>
    public static Action<WebApplication> KeepQuiet(this WebApplicationBuilder builder)
    {
        var started = false;
        foreach (var category in Categories)
        {
            builder.Logging.AddFilter(category, level => Volatile.Read(ref started) && level >= LogLevel.Warning);
        }
        return app => app.Lifetime.ApplicationStarted.Register(() => Volatile.Write(ref started, true));
    }
}
