using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending.Budgets;

namespace Passerelle.Gateway.Sending;

/// <summary>Wakes when letters fall due and sets the app's sender to work; takes over what a dead process left behind.</summary>
internal sealed class Senders(
    Letters letters, LetterRecovery recovery, Ownerships ownerships, Dispatch dispatch, SendingBudgets budgets, OutboundPolicy policy, OutboundTrust trust,
    Signals signals, IOptions<SendingOptions> options, TimeProvider time, ILogger<Senders> log) : BackgroundService
{
    private const int MostApps = 1000;
    private static readonly TimeSpan LookBySelf = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(Guid, Guid), AppSender> _senders = new();
    private DateTimeOffset _sweptAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listener = signals.Letters.Listen();
        string? recovered = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (ownerships.Others is var others && others != recovered) await RecoverAsync(stoppingToken); // at start, and when a node came or went
                recovered = others;
                await LookAsync(stoppingToken);
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
        await Task.WhenAll(_senders.Values.Select(sender => sender.FinishAsync())); // each letter in hand ends first
        foreach (var sender in _senders.Values) sender.Dispose();
    }

    private async Task RecoverAsync(CancellationToken cancel)
    {
        foreach (var app in await recovery.UnfinishedAsync(cancel)) await SenderAsync(app, cancel);
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        if (time.GetUtcNow() - _sweptAt > SweepEvery)
        {
            _sweptAt = time.GetUtcNow();
            await recovery.SweepAsync(cancel);
            foreach (var sender in _senders.Values) sender.Limit(await budgets.RefreshAsync(sender.Owner.OrganisationId, sender.Owner.AppId, cancel));
        }
        foreach (var app in await letters.DueAsync(MostApps, cancel)) (await SenderAsync(app, cancel))?.Start(Lose, cancel);
        foreach (var sender in _senders.Values) sender.CloseIdle();
    }

    /// <returns>Null: another node sends for it.</returns>
    private async Task<AppSender?> SenderAsync(DueApp app, CancellationToken cancel)
    {
        if (_senders.TryGetValue((app.OrganisationId, app.AppId), out var known)) return known;
        if (await ownerships.IfHereAsync(app.OrganisationId, app.AppId, cancel) is not { } owner) return null;
        try
        {
            var taken = await recovery.TakeOverAsync(owner, cancel);
            return _senders[(app.OrganisationId, app.AppId)] = new AppSender(
                owner,
                dispatch,
                new SubmissionPool(policy, trust, options.Value, time),
                await budgets.OpenAsync(app.OrganisationId, app.AppId, taken.Started, cancel),
                taken.QuietUntil,
                time);
        }
        catch (OwnershipLost)
        {
            ownerships.Forget(owner);
            throw;
        }
    }

    private void Lose(AppSender sender)
    {
        log.OwnershipLost(sender.Owner.AppId, sender.Owner.Epoch);
        ownerships.Forget(sender.Owner);
        if (_senders.TryRemove(new((sender.Owner.OrganisationId, sender.Owner.AppId), sender))) sender.Dispose();
        signals.Letters.Raise();
    }

    private async Task<TimeSpan> UntilNextAsync(CancellationToken cancel)
    {
        var wait = await letters.NextDueAsync(cancel) - time.GetUtcNow();
        return wait is { } soon && soon < LookBySelf ? TimeSpan.FromMilliseconds(Math.Max(soon.TotalMilliseconds, 10)) : LookBySelf;
    }
}
