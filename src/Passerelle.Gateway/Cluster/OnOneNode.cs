namespace Passerelle.Gateway.Cluster;

/// <summary>
/// Runs a worker on the one node that keeps house, and moves with it: what looks over all apps, and would do twice what two do. When two
/// nodes believe it for a moment, the rows decide, as between two workers of one machine.
/// </summary>
internal sealed class OnOneNode<TWorker>(TWorker worker, IPlacement placement) : BackgroundService
    where TWorker : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var moved = await placement.HouseAsync(stoppingToken);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(moved, stoppingToken);
                await worker.StartAsync(either.Token);
                await worker.ExecuteTask!.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // StartAsync has set it
                if (!either.IsCancellationRequested)
                {
                    await worker.ExecuteTask; // it is done, or failed and the host shall know
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping
        }
    }
}

internal static class OnOneNode
{
    /// <summary>A hosted worker of which the cluster needs one.</summary>
    public static IServiceCollection AddOnOneNode<TWorker>(this IServiceCollection services) where TWorker : BackgroundService =>
        services.AddSingleton<TWorker>().AddHostedService<OnOneNode<TWorker>>();
}
