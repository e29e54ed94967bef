using Passerelle.Gateway.Access;
using Passerelle.Gateway.Api;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Conversations;
using Passerelle.Gateway.Doctor;
using Passerelle.Gateway.Events;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Operations;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Polling;
using Passerelle.Gateway.Portal;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Reading;
using Passerelle.Gateway.Receiving;
using Passerelle.Gateway.Routing;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Templates;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Hosting;

/// <summary>The product, in the order in which mail meets it.</summary>
internal static class GatewayApplication
{
    /// <param name="args">Configuration as <c>--Section:Key=value</c>; the environment (<c>Section__Key</c>) counts too.</param>
    /// <param name="instead">Replaces what the world outside gives: the clock, the DNS. Null: the real world.</param>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? instead = null)
    {
        var builder = WebApplication.CreateBuilder(Options(args));
        var quietUntilStarted = builder.KeepQuiet();
        builder.AddHttp().AddStore().AddCluster().AddOutbound().AddApps().AddAccess().AddMessages().AddQueue().AddTemplates()
               .AddTokens().AddEvents().AddConversations()
               .AddReceiving().AddPolling().AddReading().AddRouting().AddSending()
               .AddDoctor().AddOperations()
               .AddApi().AddPortal();
        instead?.Invoke(builder.Services);
        var app = builder.Build();
        quietUntilStarted(app);
        app.UsePortal();
        app.MapOperations();
        app.MapApi();
        app.MapPortal();
        return app;
    }

    /// <summary>Where settings come from: appsettings.json beside the program, the environment, then <paramref name="args"/>.</summary>
    public static WebApplicationOptions Options(string[] args) => new()
    {
        Args = args,
        ApplicationName = "passerelle", // also when a test starts it: the static assets' manifest bears this name
        ContentRootPath = AppContext.BaseDirectory,
    };
}
