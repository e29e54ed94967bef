using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Api;

internal static class ApiRoom
{
    public static WebApplicationBuilder AddApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OperatorDoor>();
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>>(services => services.GetRequiredService<OperatorDoor>());
        builder.Services.AddHostedService(services => services.GetRequiredService<OperatorDoor>());
        builder.Services.AddProblems();
        builder.Services.AddReference();
        builder.Services.AddProgramsDocument();
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase)));
        return builder;
    }

    /// <summary><c>/api/v1</c>: JSON in and out, problem+json when something is wrong, 404 for what is not the caller's.</summary>
    public static void MapApi(this WebApplication app)
    {
        app.MapFirstRun();
        app.MapBackup();
        app.MapReference();
        app.MapProgramsDocument();
        app.MapRelayed();
        var api = app.MapGroup("/api/v1").RequireAuthorization();
        api.AddEndpointFilter<RouteGroupBuilder, SameOrigin>().AddEndpointFilter<RouteGroupBuilder, Audited>();
        api.MapApps();
        api.MapCertificates();
        api.MapWays();
        api.MapJourneys();
        api.MapMessages();
        api.MapThreads();
        api.MapLetters();
        api.MapOrders();
        api.MapReturns();
        api.MapConversations();
        api.MapWebhooks();
        api.MapTemplates();
        api.MapFlows();
        api.MapAppLife();
        api.MapMailbox();
        api.MapDelivery();
        api.MapDiscovery();
        api.MapAudit();
        api.MapKeeping();
    }
}
