using System.Collections.Immutable;
using System.Threading.Channels;
using Passerelle.Lab.Faults;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>Empties the relay queues of all labs, each lab with a few connections of its own.</summary>
internal sealed class RelayWorker(Exchanges exchanges, Labs labs, Transport transport, FaultBook faults, ILogger<RelayWorker> log)
    : BackgroundService
{
    private const int ConnectionsPerLab = 4;
    private const int MostAttemptsKept = 20;
    private const string DnsFailed = "451 4.4.312 DNS query failed";
    private const string ConnectionRefused = "450 4.4.316 Connection refused [Message=Socket error code 10061]";

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

    private async Task EmptyAsync(LabExchange exchange, CancellationToken host)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(host, exchange.Gone.Token);
        CancellationToken stop = either.Token;
        try
        {
            await Parallel.ForEachAsync(exchange.Relay.DueAsync(stop),
                new ParallelOptions { MaxDegreeOfParallelism = ConnectionsPerLab, CancellationToken = stop },
                async (items, _) => await AttemptAsync(exchange, items, stop)); // an attempt that fails must not end the others
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // stopping: what is not settled is on disk and goes on at the next start
        }
    }

    /// <summary>Throws only while stopping: an exception would end the relay of the whole lab.</summary>
    private async Task AttemptAsync(LabExchange exchange, IReadOnlyList<RelayItem> items, CancellationToken stop)
    {
        try
        {
            var raw = await exchange.Relay.ReadAsync(items[0], stop);
            var outcomes = await OutcomesAsync(exchange, items, raw, stop);
            foreach (var item in items) await TrySettleAsync(exchange, item, raw, outcomes[item.Id]);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault)
        {
            log.RelayFaulted(fault, items[0].Id, exchange.Lab.Name);
            exchange.Relay.Again(items);
        }
    }

    /// <summary>The receiver has answered for each: trouble with one of them does not repeat the others.</summary>
    private async Task TrySettleAsync(LabExchange exchange, RelayItem item, byte[] raw, RelayOutcome outcome)
    {
        try
        {
            await SettleAsync(exchange, item, raw, outcome);
        }
        catch (Exception fault)
        {
            log.RelayFaulted(fault, item.Id, exchange.Lab.Name);
            exchange.Relay.Again([item]);
        }
    }

    /// <summary>By item: a fault that was set for one, else what the receiver says; all the others are one transaction.</summary>
    private async Task<Dictionary<Guid, RelayOutcome>> OutcomesAsync(
        LabExchange exchange, IReadOnlyList<RelayItem> items, byte[] raw, CancellationToken stop)
    {
        var outcomes = new Dictionary<Guid, RelayOutcome>();
        foreach (var item in items)
        {
            if (await FaultAsync(exchange, item, stop) is { } fault) outcomes[item.Id] = fault;
        }

        RelayItem[] others = [.. items.Where(item => !outcomes.ContainsKey(item.Id))];
        if (others.Length == 0) return outcomes;
        foreach (var (item, outcome) in others.Zip(await HandOverAsync(exchange, others, raw, stop))) outcomes[item.Id] = outcome;
        return outcomes;
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

    /// <param name="items">Recipients of one domain.</param>
    private static async Task<IReadOnlyList<RelayOutcome>> HandOverAsync(
        LabExchange exchange, IReadOnlyList<RelayItem> items, byte[] raw, CancellationToken stop)
    {
        var domain = MailAddress.DomainOf(items[0].Recipient);
        if (exchange.Settings.RouteOf(domain) is not { } target) return All(new RelayOutcome.Refused(ExchangeReplies.NoSuchDomain));
        var route = new RelayRoute(target, domain, exchange.Settings.TlsOf(domain), exchange.Settings.UsesBdat(domain));
        return exchange.Lab.State.DnsFailureOf(domain) switch
        {
            State.DnsFailure.NxDomain => All(new RelayOutcome.Refused(ExchangeReplies.NoSuchDomain)),
            not null => All(new RelayOutcome.Later(DnsFailed)),
            null => await RelayClient.SendAsync(route, items, raw, exchange.Lab.Time.GetUtcNow(), stop),
        };

        IReadOnlyList<RelayOutcome> All(RelayOutcome outcome) => [.. items.Select(_ => outcome)];
    }

    /// <summary>Not cancelled: the receiver has answered, and the answer must not be lost.</summary>
    private async Task SettleAsync(LabExchange exchange, RelayItem item, byte[] raw, RelayOutcome outcome)
    {
        var mail = new Transit(exchange.Lab, item.ReversePath, raw, FirstReceipt.Own(MailAddress.DomainOf(item.Recipient)))
        {
            Writer = item.Writer,
            MessageId = MessageIds.Of(raw),
            Wishes = ImmutableDictionary<string, DsnWish>.Empty.Add(item.Recipient, item.Wish),
        };
        var remote = $"mx.{MailAddress.DomainOf(item.Recipient)}";
        switch (outcome)
        {
            case RelayOutcome.Accepted accepted:
                exchange.Log.Add(new JournalEntry(default, "relay", item.Recipient, accepted.Reply, mail.MessageId, null) { Command = accepted.Command });
                if (!accepted.KnowsDsn && item.Wish.Wants(ReportKind.Relayed)) // it cannot tell the writer itself (RFC 3461 §5.2.2)
                    await transport.ReportAsync(mail, new Failure(item.Recipient, accepted.Reply, remote) { Kind = ReportKind.Relayed }, CancellationToken.None);
                break;
            case RelayOutcome.Refused refused:
                exchange.Log.Add("relay", item.Recipient, refused.Reply, mail.MessageId);
                await transport.ReportAsync(mail, new Failure(item.Recipient, refused.Reply, remote), CancellationToken.None);
                break;
            case RelayOutcome.Later later:
                exchange.Log.Add("relay", item.Recipient, later.Reason, mail.MessageId);
                if (await WaitAsync(exchange, mail, item, later, remote)) return;
                break;
        }

        exchange.Relay.Done(item);
    }

    /// <returns>False when it is too old: its writer has been told.</returns>
    private async Task<bool> WaitAsync(LabExchange exchange, Transit mail, RelayItem item, RelayOutcome.Later later, string remote)
    {
        var now = exchange.Lab.Time.GetUtcNow();
        var tried = item with { Failed = [.. item.Failed.TakeLast(MostAttemptsKept), new RelayAttempt(now, remote, later.Reason)] };
        var late = !tried.DelayReported && now - tried.QueuedAt >= RelayQueue.TellDelay && now - tried.QueuedAt < RelayQueue.GiveUp;
        if (await exchange.Relay.RetryAsync(tried with { DelayReported = tried.DelayReported || late }, CancellationToken.None))
        {
            if (late) await transport.ReportAsync(mail, Delayed(tried, later, remote), CancellationToken.None);
            return true;
        }

        var failure = new Failure(item.Recipient, Expired(later.Reason), remote) { Attempts = tried.Failed };
        await transport.ReportAsync(mail, failure, CancellationToken.None);
        return false;
    }

    private static Failure Delayed(RelayItem item, RelayOutcome.Later later, string remote) =>
        new(item.Recipient, IsReply(later.Reason) ? later.Reason : ConnectionRefused, remote)
        {
            Kind = ReportKind.Delayed,
            Attempts = item.Failed,
            TriedUntil = item.QueuedAt + RelayQueue.GiveUp,
        };

    /// <summary>What the writer hears in the end (facts/microsoft365.md §5.5): the last reason decides.</summary>
    private static string Expired(string reason) => reason switch
    {
        DnsFailed => ExchangeReplies.ExpiredAfterDns,
        _ when RelayTls.FinalOf(reason) is { } final => final,
        _ when IsReply(reason) => ExchangeReplies.ExpiredAfter(reason),
        _ => ExchangeReplies.Expired,
    };

    private static bool IsReply(string reason) => reason is ['4', >= '0' and <= '9', >= '0' and <= '9', ' ', ..];
}
