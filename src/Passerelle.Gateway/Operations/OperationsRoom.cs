using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using Passerelle.Gateway.Operations.Keeping;

namespace Passerelle.Gateway.Operations;

internal static class OperationsRoom
{
    public static WebApplicationBuilder AddOperations(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<OperationsOptions>().BindConfiguration("Operations").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<OperationsOptions>, OperationsOptionsValidator>();
        builder.Services.AddSingleton<Backlog>();
        builder.Services.AddHostedService<BacklogClock>();
        builder.Services.AddKeeping();
        builder.Services.AddHealthChecks().AddCheck<StoreHealth>("store").AddCheck<ScannerHealth>("scanners");
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(Backlog.MeterName)
            .AddAspNetCoreInstrumentation()
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());
        return builder;
    }

    /// <summary>Live: the process answers. Ready: mail could be accepted now; "Degraded", with the same 200, while it waits for a scanner. Metrics: Prometheus text.</summary>
    public static void MapOperations(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready").AllowAnonymous();
        app.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous();
    }
}
