namespace Passerelle.Gateway.Apps;

/// <summary>What the passing of time does to apps: retired ones go.</summary>
internal sealed class AppCalendar(Retirements retirements, TimeProvider time, ILogger<AppCalendar> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            do await LookAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            if (await retirements.SweepAsync(cancel) is > 0 and var gone) log.AppsGone(gone);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LookFault(fault);
        }
    }
}
