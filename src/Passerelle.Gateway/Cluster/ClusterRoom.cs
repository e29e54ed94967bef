using Microsoft.Extensions.Options;
using Passerelle.Gateway.Cluster.Orleans;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Cluster;

internal static class ClusterRoom
{
    private const string NeedsPostgres =
        "Enabled needs PostgreSQL: a SQLite store belongs to one machine. Set Store:Postgres, or leave Cluster:Enabled out.";

    private const string NeedsFolder =
        "Enabled needs a folder that all nodes share, for mail too big for a row. Set Store:SharedFolder to it, or Store:Blobs to an Azure storage account.";

    /// <summary>Nothing of Orleans but what marks our assembly is loaded unless the cluster is enabled.</summary>
    public static WebApplicationBuilder AddCluster(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ClusterOptions>().BindConfiguration("Cluster").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ClusterOptions>, ClusterOptionsValidator>();
        builder.Services.AddSingleton<Ownerships>();
        builder.Services.AddSingleton<NodeList>();
        if (!builder.Configuration.GetValue<bool>("Cluster:Enabled"))
        {
            builder.Services.AddSingleton<IPlacement, Alone>();
            return builder;
        }
        Demand(builder, nameof(StoreOptions.Postgres), NeedsPostgres);
        if (string.IsNullOrEmpty(builder.Configuration[$"Store:{nameof(StoreOptions.Blobs)}"])) Demand(builder, nameof(StoreOptions.SharedFolder), NeedsFolder);
        Silo.Add(builder);
        return builder;
    }

    /// <summary>At once: what is said later would be that the store cannot be opened.</summary>
    private static void Demand(WebApplicationBuilder builder, string setting, string otherwise)
    {
        if (string.IsNullOrEmpty(builder.Configuration[$"Store:{setting}"]))
            throw new OptionsValidationException("Cluster", typeof(ClusterOptions), [otherwise]);
    }
}
