using Passerelle.Gateway.Cluster;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>Keeping and forgetting, a part of Operations.</summary>
internal static class KeepingRoom
{
    public static void AddKeeping(this IServiceCollection services)
    {
        services.AddSingleton<ExportFiles>().AddSingleton<KeepingTurns>().AddSingleton<LegalHolds>().AddSingleton<KeepingJobs>();
        services.AddSingleton<IKeepingTask, Pruning>().AddSingleton<IKeepingTask, Erasing>().AddSingleton<IKeepingTask, Exporting>();
        services.AddSingleton<KeepingRunner>();
        services.AddOnOneNode<KeepingWorker>();
        services.AddOnOneNode<KeepingClock>();
    }
}
