using Microsoft.Extensions.Options;
using Passerelle.Gateway.Routing.Calls;
using Passerelle.Gateway.Routing.Flows;

namespace Passerelle.Gateway.Routing;

internal static class RoutingRoom
{
    public static WebApplicationBuilder AddRouting(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RoutingOptions>().BindConfiguration("Routing").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<RoutingOptions>, RoutingOptionsValidator>();
        builder.Services.AddSingleton<FlowLibrary>();
        builder.Services.AddSingleton<PublishedFlows>();
        builder.Services.AddSingleton<RunSubjects>();
        builder.Services.AddSingleton<RunPlanner>();
        builder.Services.AddSingleton<DryRuns>();
        builder.Services.AddSingleton<Router>();
        builder.Services.AddSingleton<HttpCaller>();
        builder.Services.AddSingleton<HttpCalls>();
        builder.Services.AddHostedService<RoutingWorker>();
        builder.Services.AddHostedService<HttpCallWorker>();
        return builder;
    }
}
