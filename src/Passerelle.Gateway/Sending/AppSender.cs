using System.Diagnostics;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending.Budgets;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Sending;

/// <summary>All sending of one app under one ownership: as many workers as it may have connections, within its budget.</summary>
/// <param name="quietUntil">Until then an older owner may still be connected: one connection only.</param>
internal sealed class AppSender(
    Ownership owner, Dispatch dispatch, SubmissionPool pool, SendingBudget budget, DateTimeOffset? quietUntil, TimeProvider time)
    : IDisposable
{
    /// <summary>Letters on their way one after the other; while they are, as many are claimed ahead.</summary>
    private const int MostAtOnce = 8;

    /// <summary>What is claimed is out of reach of a pause and of an answer that is more urgent, and in doubt when we die: no more than leaves within this.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(50);

    /// <summary>Nobody sleeps longer without looking: an admin may have allowed more meanwhile.</summary>
    private static readonly TimeSpan LongestNap = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly List<(int Number, Task Work)> _workers = [];

    /// <summary>Of the one worker that waits for a place or for the turn of bulk; there is never a second one. Null: none waits.</summary>
    private TaskCompletionSource? _waiting;

    /// <summary>A letter came that does not wait for the turn of bulk, and no worker has looked since.</summary>
    private bool _urgent;

    /// <summary>Of one letter, as the last ones took; until it is known, one is claimed at a time.</summary>
    private TimeSpan _each = Ahead;

    public Ownership Owner { get; } = owner;

    private int AtOnce => (int)Math.Clamp(Ahead / 2 / _each, 1, MostAtOnce);

    /// <summary>Makes sure that somebody works; called whenever a letter is due.</summary>
    /// <param name="lane">Of the letter that leaves first: who waits for the turn of bulk does not wait for that of others.</param>
    /// <param name="lost">Called when somebody newer owns the app.</param>
    public void Start(LetterLane lane, Action<AppSender> lost, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (lane < LetterLane.Bulk) _urgent = true;
            if (_waiting is null) Add(lost, cancel);
            else if (lane < LetterLane.Bulk) _waiting.TrySetResult();
        }
    }

    /// <summary>What an admin says now.</summary>
    public void Limit(BudgetLimits limits) => budget.Limits = limits;

    public void CloseIdle() => pool.CloseIdle();

    /// <summary>Returns when nobody works any more.</summary>
    public async Task FinishAsync()
    {
        while (Working() is { Count: > 0 } working) await Task.WhenAll(working); // one may have set another to work
    }

    public void Dispose() => pool.Dispose();

    /// <summary>While other nodes live, one connection less than there may be: whoever takes the app over begins with one, and those of this node may stand longer than its work.</summary>
    public Func<bool> HasNeighbours { get; init; } = () => false;

    /// <summary>As many as it may have now.</summary>
    public int Connections => quietUntil is { } until && time.GetUtcNow() < until ? 1 : Math.Max(1, budget.Connections - (HasNeighbours() ? 1 : 0));

    private List<Task> Working()
    {
        lock (_gate) return [.. _workers.Select(worker => worker.Work).Where(work => !work.IsCompleted)];
    }

    /// <summary>One more, where there may be one more connection. Within the gate.</summary>
    private void Add(Action<AppSender> lost, CancellationToken cancel)
    {
        _workers.RemoveAll(worker => worker.Work.IsCompleted);
        if (_workers.Count >= Connections) return;
        var number = Enumerable.Range(0, _workers.Count + 1).Except(_workers.Select(worker => worker.Number)).First();
        _workers.Add((number, Task.Run(() => WorkAsync(number, lost, cancel), CancellationToken.None)));
    }

    /// <summary>Sends until nothing is due, or there is one connection too many, or another waits already.</summary>
    private async Task WorkAsync(int number, Action<AppSender> lost, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ended.Token);
        try
        {
            await SendAllAsync(number, () => Help(lost, cancel), either.Token);
        }
        catch (OwnershipLost)
        {
            lost(this);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // stopping
        }
    }

    /// <summary>Begins nothing any more; returns when each letter in hand has ended.</summary>
    public async Task EndAsync()
    {
        await _ended.CancelAsync();
        await FinishAsync();
    }

    private async Task SendAllAsync(int number, Action help, CancellationToken cancel)
    {
        var settling = Task.CompletedTask;
        Task<Round>? ahead = null;
        try
        {
            while (number < Connections)
            {
                var began = Stopwatch.GetTimestamp(); // the machine's pace, whatever the clock says
                var next = ahead;
                ahead = null;
                if (next is null)
                {
                    var (places, wait) = budget.Take(AtOnce);
                    if (places is null)
                    {
                        if (!await WaitAsync(wait, cancel)) break;
                        continue;
                    }
                    next = ClaimAsync(places, isAhead: false, cancel);
                }
                var round = await next;
                if (round.Letters.Count == 0)
                {
                    if (!round.IsAhead && (round.Lowest == LetterLane.Bulk ? !IsUrgent : !await WaitForTurnAsync(cancel))) break;
                    continue;
                }
                var isTurnOver = round.Letters.Letters[^1].Row.Lane == (int)LetterLane.Bulk && budget.UntilBulk > TimeSpan.Zero; // nothing better was due
                if (round.IsFull) // there may be more letters
                {
                    if (!isTurnOver || _each > budget.UntilBulk) help();
                    if (!isTurnOver) ahead = ClaimAhead(cancel);
                }
                var before = settling;
                settling = await dispatch.SendAsync(round.Letters, budget.Hear, cancel);
                await before;
                _each = Stopwatch.GetElapsedTime(began) / round.Letters.Count;
                if (!isTurnOver) continue;
                await settling;
                if (!await WaitForTurnAsync(cancel)) break;
            }
        }
        finally
        {
            if (ahead is not null) await ReturnAsync(ahead);
            await settling;
        }
    }

    /// <summary>Where letters leave fast, the next ones are claimed while these travel: the store and the wire do not wait for each other.</summary>
    private Task<Round>? ClaimAhead(CancellationToken cancel) =>
        _each * 2 <= Ahead && !cancel.IsCancellationRequested && budget.Take(AtOnce) is ({ } places, _) ? ClaimAsync(places, isAhead: true, cancel) : null;

    private async Task<Round> ClaimAsync(BudgetPlaces places, bool isAhead, CancellationToken cancel)
    {
        lock (_gate) _urgent = false;
        var asked = places.Count;
        var letters = await dispatch.ClaimAsync(Owner, pool, new LetterClaim(asked) { Lowest = places.Lowest, Marked = isAhead }, cancel);
        budget.GiveBack(places, asked - letters.Count);
        return new Round(letters, letters.Count == asked, isAhead, places.Lowest);
    }

    /// <summary>They were claimed for later, and there is no later.</summary>
    private async Task ReturnAsync(Task<Round> ahead)
    {
        try
        {
            await dispatch.ReturnAsync((await ahead).Letters);
        }
        catch (Exception gone) when (gone is OwnershipLost or OperationCanceledException or StoreUnavailable)
        {
            // whoever owns the app next finds what there is
        }
    }

    private void Help(Action<AppSender> lost, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_waiting is null) Add(lost, cancel);
        }
    }

    private bool IsUrgent
    {
        get
        {
            lock (_gate) return _urgent;
        }
    }

    /// <inheritdoc cref="WaitAsync"/>
    private async Task<bool> WaitForTurnAsync(CancellationToken cancel) => IsUrgent || await WaitAsync(budget.UntilBulk, cancel);

    /// <returns>False: another waits already, and one is enough.</returns>
    private async Task<bool> WaitAsync(TimeSpan wait, CancellationToken cancel)
    {
        var woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_waiting is not null) return false;
            _waiting = woken;
        }
        try
        {
            await Task.WhenAny(woken.Task, Task.Delay(wait < LongestNap ? wait : LongestNap, time, cancel));
        }
        finally
        {
            lock (_gate) _waiting = null;
        }
        cancel.ThrowIfCancellationRequested();
        return true;
    }

    /// <param name="IsFull">There were as many as were asked for.</param>
    /// <param name="IsAhead">They were asked for while others travelled.</param>
    private sealed record Round(Claimed Letters, bool IsFull, bool IsAhead, LetterLane Lowest);
}
