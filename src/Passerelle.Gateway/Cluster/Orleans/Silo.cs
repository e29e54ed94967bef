using System.Net;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using Orleans.Hosting;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Cluster.Orleans;

/// <summary>
/// Orleans, for two things only: it knows which nodes live, and gives each app one of them. Its table of nodes is ours (0021-cluster) in the
/// store's own PostgreSQL. Default settings would find a dead node after a minute (docs/decisions/0015-cluster.md).
/// </summary>
internal static class Silo
{
    private const string Cluster = "passerelle";
    private const int MissedProbes = 2;
    private const int LongestProbe = 2;

    public static void Add(WebApplicationBuilder builder)
    {
        var own = builder.Configuration.GetSection("Cluster").Get<ClusterOptions>()!; // the caller has seen Enabled in it
        var postgres = builder.Configuration[$"Store:{nameof(StoreOptions.Postgres)}"];
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        builder.Services.AddHostedService<NodeName>(); // before the silo: it joins nothing under a name that another bears
        builder.UseOrleans(silo => silo
            .UseAdoNetClustering(options =>
            {
                options.Invariant = "Npgsql";
                options.ConnectionString = postgres;
            })
            .Configure<global::Orleans.Configuration.ClusterOptions>(options => options.ClusterId = options.ServiceId = Cluster)
            .Configure<SiloOptions>(options => options.SiloName = own.Name)
            .ConfigureEndpoints(IPAddress.Parse(own.Address), own.Port, gatewayPort: 0)
            .Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = TimeSpan.FromMilliseconds(own.ProbeMilliseconds);
                options.NumMissedProbesLimit = MissedProbes;
                options.MaxProbeTimeout = options.ProbeTimeout * LongestProbe; // and nobody is judged who was heard within this times the missed probes
                options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
                options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            })
            .Configure<SiloConnectionOptions>(options =>
            {
                options.ConfigureSiloOutboundConnection(Watch);
                options.ConfigureSiloInboundConnection(Watch);
            }));
        builder.Services.AddSingleton<EndedConnections>();
        builder.Services.AddSingleton<OrleansPlacement>();
        builder.Services.AddSingleton<IPlacement>(services => services.GetRequiredService<OrleansPlacement>());
        builder.Services.AddHostedService(services => services.GetRequiredService<OrleansPlacement>());
        builder.Services.AddHostedService<Balance>();
        builder.Services.AddSingleton<NodeClock>();
        builder.Services.AddHostedService(services => services.GetRequiredService<NodeClock>());
    }

    private static void Watch(IConnectionBuilder connections) =>
        connections.Use(next => connection => connections.ApplicationServices.GetRequiredService<EndedConnections>().WatchAsync(connection, next));
}
