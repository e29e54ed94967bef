using System.Threading.Channels;
using Passerelle.Lab.Faults;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>Empties the relay queues of all labs, each lab with a few connections of its own.</summary>
internal sealed class RelayWorker(Exchanges exchanges, Labs labs, Transport transport, FaultBook faults, ILogger<RelayWorker> log)
    : BackgroundService
{
    private const int ConnectionsPerLab = 4;

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        var opened = Channel.CreateUnbounded<LabExchange>();
        exchanges.Opened += exchange => opened.Writer.TryWrite(exchange);
        foreach (var lab in labs.All) opened.Writer.TryWrite(exchanges.Of(lab)); // told or not: one that opened before we listened
        var running = new List<Task>();
        var seen = new HashSet<LabExchange>();
        try
        {
            await foreach (var exchange in opened.Reader.ReadAllAsync(stop))
            {
                if (seen.Add(exchange)) running.Add(EmptyAsync(exchange, stop));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // stopping, or never quite started: then the host would call the cancellation a failure
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    private async Task EmptyAsync(LabExchange exchange, CancellationToken stop)
    {
        try
        {
            await Parallel.ForEachAsync(exchange.Relay.DueAsync(stop),
                new ParallelOptions { MaxDegreeOfParallelism = ConnectionsPerLab, CancellationToken = stop },
                async (item, _) => await AttemptAsync(exchange, item, stop)); // an attempt that fails must not end the others
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // stopping: what is not settled is on disk and goes on at the next start
        }
    }

    /// <summary>Throws only while stopping: an exception would end the relay of the whole lab.</summary>
    private async Task AttemptAsync(LabExchange exchange, RelayItem item, CancellationToken stop)
    {
        try
        {
            var raw = await exchange.Relay.ReadAsync(item, stop);
            var outcome = await FaultAsync(exchange, item, stop) ?? (exchange.Settings.RouteOf(MailAddress.DomainOf(item.Recipient)) is { } target
                ? await RelayClient.SendAsync(target, item.ReversePath, item.Recipient, raw, stop)
                : new RelayOutcome.Refused(ExchangeReplies.NoSuchDomain));
            await SettleAsync(exchange, item, raw, outcome);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault)
        {
            log.RelayFaulted(fault, item.Id, exchange.Lab.Name);
            exchange.Relay.Again(item);
        }
    }

    /// <returns>Null: the attempt is made, perhaps late.</returns>
    private async Task<RelayOutcome?> FaultAsync(LabExchange exchange, RelayItem item, CancellationToken stop)
    {
        if (FaultBook.Take(exchange.Lab, FaultPlace.Relay, new FaultSubject(Mailbox: item.Recipient)) is not { } fault) return null;
        await faults.WaitAsync(fault, stop);
        return fault.Silent ? new RelayOutcome.Later("The receiver took too long to answer")
            : SmtpFaults.ReplyOf(fault) is not { } reply ? null
            : reply.IsPermanent ? new RelayOutcome.Refused(reply.ToString())
            : new RelayOutcome.Later(reply.ToString());
    }

    /// <summary>Not cancelled: the receiver has answered, and the answer must not be lost.</summary>
    private async Task SettleAsync(LabExchange exchange, RelayItem item, byte[] raw, RelayOutcome outcome)
    {
        var mail = new Transit(exchange.Lab, item.ReversePath, raw, FirstReceipt.Own(MailAddress.DomainOf(item.Recipient)))
        {
            Writer = item.Writer,
            MessageId = MessageIds.Of(raw),
        };
        var answer = outcome switch
        {
            RelayOutcome.Accepted accepted => accepted.Reply,
            RelayOutcome.Later later => later.Reason,
            RelayOutcome.Refused refused => refused.Reply,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        exchange.Log.Add("relay", item.Recipient, answer, mail.MessageId);
        if (outcome is RelayOutcome.Later && await exchange.Relay.RetryAsync(item, CancellationToken.None)) return;
        if (outcome is not RelayOutcome.Accepted)
        {
            var reply = outcome is RelayOutcome.Later ? ExchangeReplies.Expired : answer;
            var remote = $"mx.{MailAddress.DomainOf(item.Recipient)}";
            await transport.ReportAsync(mail, new Failure(item.Recipient, reply, remote), CancellationToken.None);
        }

        exchange.Relay.Done(item);
    }
}
