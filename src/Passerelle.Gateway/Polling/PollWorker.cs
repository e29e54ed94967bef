using Microsoft.Extensions.Options;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Polling;

/// <summary>Looks at every mailbox whose time has come; the rows say whose, so a restart goes on where it was.</summary>
internal sealed class PollWorker(
    IStore store, MailboxComparison comparison, Signals signals, IOptions<PollingOptions> options, TimeProvider time, ILogger<PollWorker> log) : BackgroundService
{
    private const int MostAtOnce = 500;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var begun = signals.Polls.Listen();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await LookAsync(stoppingToken);
                await begun.WaitAsync(LookEvery, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping
        }
    }

    /// <summary>One round.</summary>
    internal async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            var due = await store.ReadAsync(tx => MailboxPollRows.Due(tx, time.GetUtcNow(), MostAtOnce), cancel);
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = options.Value.Parallel, CancellationToken = cancel }, PollAsync);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LookFault(fault);
        }
    }

    private async ValueTask PollAsync(MailboxPoll poll, CancellationToken cancel)
    {
        var next = time.GetUtcNow() + TimeSpan.FromSeconds(options.Value.EverySeconds * (0.9 + 0.2 * Random.Shared.NextDouble()));
        if (await store.WriteAsync(Lane.Work, tx => MailboxPollRows.Claim(tx, poll, next), cancel)) await comparison.LookAsync(poll, cancel);
    }
}
