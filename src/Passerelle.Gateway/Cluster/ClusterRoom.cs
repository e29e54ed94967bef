using Microsoft.Extensions.Options;
using Passerelle.Gateway.Cluster.Orleans;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Cluster;

internal static class ClusterRoom
{
    private const string NeedsPostgres =
        "Enabled needs PostgreSQL: a SQLite store belongs to one machine. Set Store:Postgres, or leave Cluster:Enabled out.";

    private const string NeedsFolder =
        "Enabled needs a folder that all nodes share, for mail too big for a row. Set Store:SharedFolder to it.";

    /// <summary>Nothing of Orleans is loaded unless the cluster is enabled.</summary>
    public static WebApplicationBuilder AddCluster(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ClusterOptions>().BindConfiguration("Cluster")
            .Validate<IOptions<StoreOptions>>((cluster, store) => !cluster.Enabled || store.Value.Postgres is not null, NeedsPostgres)
            .Validate<IOptions<StoreOptions>>((cluster, store) => !cluster.Enabled || store.Value.Postgres is null || store.Value.SharedFolder is not null, NeedsFolder)
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ClusterOptions>, ClusterOptionsValidator>();
        builder.Services.AddSingleton<Ownerships>();
        builder.Services.AddSingleton<NodeList>();
        if (builder.Configuration.GetValue<bool>("Cluster:Enabled")) Silo.Add(builder);
        else builder.Services.AddSingleton<IPlacement, Alone>();
        return builder;
    }
}
