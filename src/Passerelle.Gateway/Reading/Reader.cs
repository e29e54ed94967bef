using System.Net;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Reading.Scanning;
using Passerelle.Gateway.Store;
using Passerelle.Mail;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Gateway.Reading;

/// <summary>How one receipt becomes one message. Reading computes outside any transaction; settling is one write.</summary>
internal sealed class Reader(
    IStore store, RawMails raws, Ownerships ownerships, Authenticity authenticity, Recognition recognition, Scanners scanners, RecordChange record, ServerName name, Signals signals,
    IOptions<ReadingOptions> options, TimeProvider time, ILogger<Reader> log)
{
    /// <summary>No mail waits longer for a scanner that is back.</summary>
    private static readonly TimeSpan LongestScanWait = TimeSpan.FromMinutes(5);

    public Task<List<Receipt>> DueAsync(int limit, CancellationToken cancel) =>
        store.ReadAsync(tx => ReadingRows.Due(tx, time.GetUtcNow(), ownerships.Others, limit), cancel);

    public Task ReadAsync(Receipt receipt, CancellationToken cancel) => ReadAsync(receipt, Task.CompletedTask, cancel);

    /// <summary>The receipt is settled afterwards, or due again later, or left to a newer owner.</summary>
    /// <param name="olders">What a reply waits for before it is placed among the conversations.</param>
    public async Task ReadAsync(Receipt receipt, Task olders, CancellationToken cancel)
    {
        Ownership? owner = null;
        if (receipt.AppId != Receipt.NoApp)
        {
            owner = await ownerships.IfHereAsync(receipt.OrganisationId, receipt.AppId, cancel);
            if (owner is null) return;
        }
        try
        {
            if (await UnderstandAsync(receipt, cancel) is not { } draft) return;
            if (draft.Thread.Ancestors.Count > 0) await olders.WaitAsync(cancel);
            await SettleAsync(receipt, draft, owner, cancel);
        }
        catch (OwnershipLost)
        {
            ownerships.Forget(owner!.Value); // thrown for an owner only
            log.OwnershipLost(receipt.Id);
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or StoreUnavailable))
        {
            await EndureAsync(receipt, fault, owner, cancel);
        }
    }

    /// <returns>Null when it was put off, because the DNS or a scanner could not be asked.</returns>
    private async Task<MessageDraft?> UnderstandAsync(Receipt receipt, CancellationToken cancel)
    {
        var (app, canary) = await store.ReadAsync(
            tx => (AppRows.Find(tx, receipt.OrganisationId, receipt.AppId), CanaryRows.Find(tx, receipt.OrganisationId, receipt.AppId)), cancel);
        await using var raw = await raws.OpenAsync(receipt.OrganisationId, receipt.RawId, cancel);
        var mail = MailReader.Read(raw, ContextOf(receipt, app, canary));
        if (mail.Kind is MailKind.Unreadable) return await ScanAsync(receipt, MessageDraft.Unreadable(receipt, mail.Judgement.Evidence, time.GetUtcNow()), raw, cancel);
        var hop = HopOf(receipt);
        // A client on this machine hands on what another server took: who delivered to that one is not known here.
        var judged = hop is not null && IPAddress.IsLoopback(hop.Client) ? null : hop;
        var verdict = await authenticity.JudgeAsync(raw, judged, new ReadingBounds(), cancel);
        var deliverer = hop is null ? null : await recognition.OfAsync(hop, app, cancel);
        if ((verdict.TryAgain || deliverer is { InTrouble: true }) && mail.Kind is not MailKind.Canary && !IsLast(receipt)) // of the doctor's own mail the verdict decides nothing
        {
            await PutOffAsync(receipt, verdict.TryAgain ? verdict.Reasons[0] : $"temperror: the name of {receipt.RemoteAddress} could not be asked for", cancel);
            return null;
        }
        var draft = MessageDraft.Of(receipt, mail, verdict, OwnResults.Of(name.Value, verdict, judged), time.GetUtcNow()) with
        {
            Deliverer = deliverer,
            Returned = await ReturnReading.OfAsync(receipt.Id, mail, raw, receipt.ReceivedAt, cancel),
        };
        return mail.Kind is MailKind.Canary ? draft : await ScanAsync(receipt, draft, raw, cancel); // the doctor's own mail proves the way, not the scanners
    }

    /// <returns>Null when it was put off, because a scanner gave no answer.</returns>
    private async Task<MessageDraft?> ScanAsync(Receipt receipt, MessageDraft draft, Stream raw, CancellationToken cancel)
    {
        if (!scanners.Any) return draft;
        var mayWait = options.Value.WhenUnscanned == ReadingOptions.GoOn
            || time.GetUtcNow() < receipt.ReceivedAt.AddMinutes(options.Value.ScanWaitMinutes);
        var scan = await scanners.AskAsync(receipt, raw, isLast: !mayWait, cancel);
        if (scan.Trouble is not { } trouble || !mayWait) return draft.With(scan);
        await PutOffScanAsync(receipt, trouble, cancel);
        return null;
    }

    /// <summary>Counted apart from the readings: a scanner's silence says nothing against the mail.</summary>
    private async Task PutOffScanAsync(Receipt receipt, string trouble, CancellationToken cancel)
    {
        var wait = Backoff.After(receipt.Scans, TimeSpan.FromSeconds(options.Value.RetrySeconds), LongestScanWait, Random.Shared.NextDouble());
        log.ScanPutOff(receipt.Id, wait.TotalSeconds, trouble);
        await store.WriteAsync(Lane.Work, tx => ReadingRows.PutOffScan(tx, receipt, trouble, time.GetUtcNow() + wait), cancel);
        signals.Views.Raise();
    }

    private async Task SettleAsync(Receipt receipt, MessageDraft draft, Ownership? owner, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var settled = await store.WriteAsync(Lane.Work, tx => ReadingRows.Settle(tx, receipt, draft, owner, record, now), cancel);
        log.Settled(receipt.Id, settled.ToString(), draft.Message.Kind);
        signals.Messages.Raise();
        signals.Views.Raise();
    }

    /// <summary>Something in this mail breaks us: it is tried again a few times, then kept as unreadable; others pass it meanwhile.</summary>
    private async Task EndureAsync(Receipt receipt, Exception fault, Ownership? owner, CancellationToken cancel)
    {
        log.ReadingFault(fault, receipt.Id, receipt.Attempts + 1);
        if (!IsLast(receipt))
        {
            await PutOffAsync(receipt, $"Reading failed: {fault.GetType().Name}", cancel);
            return;
        }
        try
        {
            var draft = MessageDraft.Unreadable(receipt, $"Reading failed {options.Value.MaxAttempts} times: {fault.GetType().Name}", time.GetUtcNow());
            if (await ScanStrangeAsync(receipt, draft, cancel) is { } scanned) await SettleAsync(receipt, scanned, owner, cancel);
        }
        catch (OwnershipLost)
        {
            ownerships.Forget(owner!.Value); // thrown for an owner only
        }
    }

    /// <summary>What breaks us is looked at too: people can download it.</summary>
    private async Task<MessageDraft?> ScanStrangeAsync(Receipt receipt, MessageDraft draft, CancellationToken cancel)
    {
        try
        {
            await using var raw = await raws.OpenAsync(receipt.OrganisationId, receipt.RawId, cancel);
            return await ScanAsync(receipt, draft, raw, cancel);
        }
        catch (IOException)
        {
            return draft; // its bytes cannot be read: that is what broke us
        }
    }

    private bool IsLast(Receipt receipt) => receipt.Attempts + 1 >= options.Value.MaxAttempts;

    private Task<bool> PutOffAsync(Receipt receipt, string reason, CancellationToken cancel)
    {
        var wait = Backoff.After(receipt.Attempts, TimeSpan.FromSeconds(options.Value.RetrySeconds));
        log.PutOff(receipt.Id, wait.TotalSeconds);
        return store.WriteAsync(
            Lane.Work,
            tx =>
            {
                ReadingRows.PutOff(tx, receipt, reason, time.GetUtcNow() + wait);
                return true;
            },
            cancel);
    }

    /// <returns>Null for mail that did not come over the network.</returns>
    private static LastHop? HopOf(Receipt receipt) =>
        IPAddress.TryParse(receipt.RemoteAddress, out var client) ? new(client, receipt.Helo, receipt.EnvelopeFrom) : null;

    private static ReadingContext ContextOf(Receipt receipt, EmailApp? app, Canary? canary) => new()
    {
        EnvelopeFrom = receipt.EnvelopeFrom,
        EnvelopeTo = receipt.EnvelopeTo,
        IsCanary = value => canary is not null && value == canary.Id.ToString("N"),
        OwnAddresses = app is null ? [receipt.EnvelopeTo] : app.OwnAddresses,
    };
}
