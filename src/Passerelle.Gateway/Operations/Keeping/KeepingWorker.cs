using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>Carries jobs on in the background: one of an organisation at a time, two in all.</summary>
internal sealed class KeepingWorker(KeepingRunner runner, Signals signals, BackgroundThreads background, TimeProvider time, ILogger<KeepingWorker> log)
    : BackgroundService
{
    private const int Workers = 2;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => background.RunAsync(
        () => new Pickup<KeepingJob, Guid>(signals.Keeping, Workers, time, log)
            .RunAsync(runner.DueAsync, job => job.OrganisationId, runner.RunAsync, stoppingToken));
}
