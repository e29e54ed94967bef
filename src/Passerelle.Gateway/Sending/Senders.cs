using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending.Budgets;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Sending;

/// <summary>Wakes when letters fall due and sets the app's sender to work; takes over what a dead process left behind.</summary>
internal sealed class Senders(
    Letters letters, LetterRecovery recovery, Ownerships ownerships, Dispatch dispatch, SendingBudgets budgets, OutboundPolicy policy, OutboundTrust trust,
    Signals signals, IOptions<SendingOptions> options, TimeProvider time, ILogger<Senders> log) : BackgroundService
{
    /// <summary>Apps that are taken over at a time, a node that died leaves hundreds; and apps whose limits are read.</summary>
    private const int AtATime = 8;

    /// <summary>Of the time that the store took to say what is due, so long is waited before it is asked again: asking costs a tenth, however many apps have letters.</summary>
    private const int Rest = 9;
    private static readonly TimeSpan LongLook = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LookBySelf = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(Guid, Guid), AppSender> _senders = new();
    private DateTimeOffset _sweptAt;

    /// <summary>What falls due after this has not been seen yet, even if that is past by now.</summary>
    private DateTimeOffset _lookedAt;
    private volatile bool _lookSoon;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listener = signals.Letters.Listen();
        ownerships.Leaving += EndAsync;
        string? recovered = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (ownerships.Others is var others && others != recovered) await RecoverAsync(stoppingToken); // at start, and when a node came or went
                recovered = others;
                var asking = await LookAsync(stoppingToken);
                if (asking > LongLook) await Task.Delay(asking * Rest < LookBySelf ? asking * Rest : LookBySelf, stoppingToken); // the machine's pace, whatever the clock says
                await listener.WaitAsync(await UntilNextAsync(stoppingToken), time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault)
            {
                log.LookFault(fault);
                await Task.Delay(LookBySelf, time, stoppingToken).ContinueWith(
                    _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
        ownerships.Leaving -= EndAsync;
        await Task.WhenAll(_senders.Values.Select(sender => sender.FinishAsync())); // each letter in hand ends first
        foreach (var sender in _senders.Values) sender.Dispose();
    }

    private async Task RecoverAsync(CancellationToken cancel) => await SetToWorkAsync(await recovery.UnfinishedAsync(cancel), _ => { }, cancel);

    /// <returns>How long the store took to say what is due.</returns>
    private async Task<TimeSpan> LookAsync(CancellationToken cancel)
    {
        if (time.GetUtcNow() - _sweptAt > SweepEvery)
        {
            _sweptAt = time.GetUtcNow();
            await recovery.SweepAsync(cancel);
            if (ownerships.Others.Length > 0) await budgets.RecountAsync(cancel);
            await Parallel.ForEachAsync(
                _senders.Values, Several(cancel), async (sender, _) => sender.Limit(await budgets.RefreshAsync(sender.Owner.OrganisationId, sender.Owner.AppId, cancel)));
        }
        _lookedAt = time.GetUtcNow();
        var began = Stopwatch.GetTimestamp();
        var due = await letters.DueAsync(cancel);
        var asking = Stopwatch.GetElapsedTime(began);
        var lanes = due.ToDictionary(app => (app.OrganisationId, app.AppId), app => (LetterLane)app.Lane);
        await SetToWorkAsync(due, sender => sender.Start(lanes[(sender.Owner.OrganisationId, sender.Owner.AppId)], Lose, cancel), cancel);
        foreach (var sender in _senders.Values) sender.CloseIdle();
        return asking;
    }

    private static ParallelOptions Several(CancellationToken cancel) => new() { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel };

    private Task SetToWorkAsync(List<DueApp> apps, Action<AppSender> work, CancellationToken cancel) => Parallel.ForEachAsync(
        apps,
        Several(cancel),
        async (app, _) =>
        {
            try
            {
                if (await SenderAsync(app, cancel) is { } sender) work(sender);
            }
            catch (Exception fault) when (fault is not (OperationCanceledException or StoreUnavailable))
            {
                log.TakeFault(app.AppId, fault); // nodes that come and go answer nothing for a moment; the other apps need not wait for it
                _lookSoon = true;
            }
        });

    /// <returns>Null: another node sends for it.</returns>
    private async Task<AppSender?> SenderAsync(DueApp app, CancellationToken cancel)
    {
        if (_senders.TryGetValue((app.OrganisationId, app.AppId), out var known)) return known;
        if (ownerships.IsLeaving(app.OrganisationId, app.AppId)) return null;
        if (await ownerships.IfHereAsync(app.OrganisationId, app.AppId, cancel) is not { } owner)
        {
            signals.Letters.RaiseElsewhere(); // it may have been given to a node that has never heard of it
            return null;
        }
        try
        {
            var taken = await recovery.TakeOverAsync(owner, cancel);
            var sender = _senders[(app.OrganisationId, app.AppId)] = new AppSender(
                owner,
                dispatch,
                new SubmissionPool(policy, trust, options.Value, time),
                await budgets.OpenAsync(app.OrganisationId, app.AppId, taken.Started, cancel),
                taken.QuietUntil,
                time)
            {
                HasNeighbours = () => ownerships.Others.Length > 0,
            };
            if (ownerships.IsLeaving(app.OrganisationId, app.AppId)) await EndAsync(app.OrganisationId, app.AppId); // it came too late to be asked to end
            return sender;
        }
        catch (OwnershipLost)
        {
            ownerships.Forget(owner);
            _lookSoon = true; // where it is now is asked then
            return null;
        }
    }

    private void Lose(AppSender sender)
    {
        log.OwnershipLost(sender.Owner.AppId, sender.Owner.Epoch);
        ownerships.Forget(sender.Owner);
        if (_senders.TryRemove(new((sender.Owner.OrganisationId, sender.Owner.AppId), sender))) sender.Dispose();
        signals.Letters.Raise();
    }

    /// <summary>The app goes to another node: letters in hand end, the others stay where they are.</summary>
    private async Task EndAsync(Guid organisationId, Guid appId)
    {
        if (!_senders.TryRemove((organisationId, appId), out var sender)) return;
        await sender.EndAsync();
        sender.Dispose();
    }

    private async Task<TimeSpan> UntilNextAsync(CancellationToken cancel)
    {
        if (_lookSoon)
        {
            _lookSoon = false;
            return AfterFault;
        }
        var wait = await letters.NextDueAsync(_lookedAt, cancel) - time.GetUtcNow();
        return wait is { } soon && soon < LookBySelf ? TimeSpan.FromMilliseconds(Math.Max(soon.TotalMilliseconds, 10)) : LookBySelf;
    }
}
