using Microsoft.Extensions.Options;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Reading;

/// <summary>Reads receipts as they come, several at a time.</summary>
internal sealed class ReadingWorker(
    Reader reader, Signals signals, IOptions<ReadingOptions> options, TimeProvider time, ILogger<ReadingWorker> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Pickup<Receipt, Guid>(signals.Receipts, options.Value.Parallel, time, log)
            .RunAsync(reader.DueAsync, receipt => receipt.Id, reader.ReadAsync, stoppingToken);
}
