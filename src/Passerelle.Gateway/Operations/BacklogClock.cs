using Microsoft.Extensions.Options;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations;

/// <summary>Counts the backlog every few seconds.</summary>
internal sealed class BacklogClock(
    Backlog backlog, IOptions<OperationsOptions> options, TimeProvider time, ILogger<BacklogClock> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.BacklogSeconds), time);
        do
        {
            try
            {
                await backlog.RefreshAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is StoreUnavailable or TimeoutException)
            {
                log.BacklogUnknown(failure.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
