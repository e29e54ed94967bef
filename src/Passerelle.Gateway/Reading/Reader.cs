using System.Net;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Mail;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Gateway.Reading;

/// <summary>How one receipt becomes one message. Reading computes outside any transaction; settling is one write.</summary>
internal sealed class Reader(
    IStore store, RawMails raws, Ownerships ownerships, Authenticity authenticity, Recognition recognition, ServerName name, Signals signals,
    IOptions<ReadingOptions> options, TimeProvider time, ILogger<Reader> log)
{
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

    /// <returns>Null when it was put off, because the DNS could not be asked.</returns>
    private async Task<MessageDraft?> UnderstandAsync(Receipt receipt, CancellationToken cancel)
    {
        var (app, canary) = await store.ReadAsync(
            tx => (AppRows.Find(tx, receipt.OrganisationId, receipt.AppId), CanaryRows.Find(tx, receipt.OrganisationId, receipt.AppId)), cancel);
        await using var raw = await raws.OpenAsync(receipt.OrganisationId, receipt.RawId, cancel);
        var mail = MailReader.Read(raw, ContextOf(receipt, app, canary));
        if (mail.Kind is MailKind.Unreadable) return MessageDraft.Unreadable(receipt, mail.Judgement.Evidence, time.GetUtcNow());
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
        return MessageDraft.Of(receipt, mail, verdict, OwnResults.Of(name.Value, verdict, judged), time.GetUtcNow()) with
        {
            Deliverer = deliverer,
            Returned = await ReturnReading.OfAsync(receipt.Id, mail, raw, receipt.ReceivedAt, cancel),
        };
    }

    private async Task SettleAsync(Receipt receipt, MessageDraft draft, Ownership? owner, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var settled = await store.WriteAsync(Lane.Work, tx => ReadingRows.Settle(tx, receipt, draft, owner, now), cancel);
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
            await SettleAsync(receipt, draft, owner, cancel);
        }
        catch (OwnershipLost)
        {
            ownerships.Forget(owner!.Value); // thrown for an owner only
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
