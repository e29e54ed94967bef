using Microsoft.Extensions.Options;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Reading;

/// <summary>Reads receipts as they come, several at a time; when it falls behind while many are at the door, those go first.</summary>
internal sealed class ReadingWorker(
    Reader reader, Signals signals, Rush rush, BackgroundThreads background, IOptions<ReadingOptions> options, TimeProvider time,
    ILogger<ReadingWorker> log) : BackgroundService
{
    private readonly Turns _turns = new();
    private volatile bool _isBehind;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => background.RunAsync(
        () => new Pickup<Receipt, Guid>(signals.Receipts, options.Value.Parallel, time, log)
            .RunAsync(LookAsync, receipt => receipt.Id, WorkAsync, stoppingToken, _turns.Queue)); // a row that was read while we looked gets no turn: nobody would end it

    private async Task<List<Receipt>> LookAsync(int limit, CancellationToken cancel)
    {
        var due = await reader.DueAsync(limit, cancel);
        _isBehind = due.Count == limit;
        return due;
    }

    private async Task WorkAsync(Receipt receipt, CancellationToken cancel)
    {
        try
        {
            if (_isBehind) await rush.PassAsync(receipt.ReceivedAt, cancel);
            await reader.ReadAsync(receipt, _turns.OldersOf(receipt), cancel);
        }
        finally
        {
            _turns.End(receipt);
        }
    }
}
