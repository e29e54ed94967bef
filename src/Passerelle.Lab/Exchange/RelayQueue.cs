using System.Runtime.CompilerServices;

namespace Passerelle.Lab.Exchange;

/// <summary>One mail on its way out of the lab to one recipient.</summary>
internal sealed record RelayItem
{
    public required Guid Id { get; init; }

    /// <summary>Shared by recipients of one mail at one domain: those that are due together leave in one transaction. Empty: alone.</summary>
    public Guid MailId { get; init; }

    /// <summary>Empty for the null sender.</summary>
    public required string ReversePath { get; init; }
    public required string Recipient { get; init; }
    /// <summary>Who gets the notice when it fails: the writer, not the SRS address. Empty: nobody.</summary>
    public required string Writer { get; init; }
    public required DateTimeOffset QueuedAt { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public int Attempts { get; init; }

    /// <summary>What the sender wants to hear of it.</summary>
    public DsnWish Wish { get; init; } = DsnWish.None;

    /// <summary>The newest tries that failed, oldest first.</summary>
    public IReadOnlyList<RelayAttempt> Failed { get; init; } = [];

    /// <summary>The writer knows that it is late.</summary>
    public bool DelayReported { get; init; }
}

/// <summary>Mails of one lab that wait to leave it. On disk before the sender hears 250, so a restart of the lab loses none;
/// an attempt whose answer was lost is repeated, as a real server does.</summary>
internal sealed class RelayQueue
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <summary>Of one transaction: every receiver takes so many (RFC 5321 §4.5.3.1.8).</summary>
    private const int MostRecipients = 100;

    /// <summary>Exchange gives up after about a day (facts/microsoft365.md §6.3).</summary>
    public static readonly TimeSpan GiveUp = TimeSpan.FromHours(24);

    /// <summary>When the writer hears that his mail is late.</summary>
    public static readonly TimeSpan TellDelay = TimeSpan.FromHours(4);

    private readonly Lock _gate = new();
    private readonly MailFiles<RelayItem> _files;
    private readonly TimeProvider _time;
    private readonly Dictionary<Guid, RelayItem> _waiting;
    private TaskCompletionSource _changed = NewSignal();

    public RelayQueue(string folder, TimeProvider time)
    {
        _files = new MailFiles<RelayItem>(folder);
        _time = time;
        _waiting = _files.Load().ToDictionary(item => item.Id, item => item with { DueAt = time.GetUtcNow() });
    }

    public int Count
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>Tried from the moment that the batch is kept; not before all of them are.</summary>
    /// <param name="recipients">Of one domain.</param>
    public async Task PrepareAsync(MailBatch batch, Transit mail, IReadOnlyList<string> recipients, CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        var together = Guid.CreateVersion7(now);
        RelayItem[] items = [.. recipients.Select(recipient => new RelayItem
        {
            Id = Guid.CreateVersion7(now),
            MailId = together,
            ReversePath = mail.ReversePath,
            Recipient = recipient,
            Writer = mail.Writer,
            QueuedAt = now,
            DueAt = now,
            Wish = mail.WishOf(recipient),
        })];
        foreach (var item in items) await _files.PrepareAsync(batch, item.Id, item, mail.Raw, () => { }, cancel);
        batch.Then(() => Wait(items));
    }

    public Task<byte[]> ReadAsync(RelayItem item, CancellationToken cancel) => _files.ReadAsync(item.Id, cancel);

    /// <summary>Every item when it is due, with the others of its mail, until cancelled; one that is out is not given again
    /// before <see cref="RetryAsync"/>.</summary>
    public async IAsyncEnumerable<IReadOnlyList<RelayItem>> DueAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var (next, changed) = Peek();
            if (next is not null && next.DueAt <= _time.GetUtcNow())
            {
                if (Take(next) is { Count: > 0 } together) yield return together;
                continue;
            }

            await WaitAsync(next?.DueAt, changed, cancel);
        }
    }

    /// <returns>False when it is too old: it was not put back and somebody must be told.</returns>
    public async Task<bool> RetryAsync(RelayItem item, CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        if (now - item.QueuedAt >= GiveUp) return false;
        var again = Next(item, now);
        await _files.SaveAsync(again.Id, again, cancel);
        Wait([again]);
        return true;
    }

    /// <summary>Puts back what the lab itself could not attempt or settle. Its file says what it said before.</summary>
    public void Again(IEnumerable<RelayItem> items)
    {
        var now = _time.GetUtcNow();
        Wait([.. items.Select(item => Next(item, now))]);
    }

    /// <summary>Delivered, or its writer has been told.</summary>
    public void Done(RelayItem item) => _files.Delete(item.Id);

    /// <summary>Makes everything due now: a person repaired the receiver and does not want to wait.</summary>
    public void RetryNow()
    {
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            foreach (var item in _waiting.Values.ToArray()) _waiting[item.Id] = item with { DueAt = now };
        }

        Signal();
    }

    /// <summary>Forgets what waits; an attempt that is under way may still end.</summary>
    public void Clear()
    {
        Guid[] waiting;
        lock (_gate)
        {
            waiting = [.. _waiting.Keys];
            _waiting.Clear();
        }

        foreach (var id in waiting) _files.Delete(id);
    }

    private static RelayItem Next(RelayItem item, DateTimeOffset now)
    {
        var delay = TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(item.Attempts, 10)));
        return item with { Attempts = item.Attempts + 1, DueAt = now + delay };
    }

    private void Wait(IReadOnlyList<RelayItem> items)
    {
        lock (_gate)
        {
            foreach (var item in items) _waiting[item.Id] = item;
        }

        Signal();
    }

    private void Signal()
    {
        TaskCompletionSource changed;
        lock (_gate) (changed, _changed) = (_changed, NewSignal());
        changed.TrySetResult();
    }

    private (RelayItem? Next, Task Changed) Peek()
    {
        lock (_gate) return (_waiting.Values.MinBy(item => item.DueAt), _changed.Task);
    }

    /// <returns>Empty when it has been taken or cleared meanwhile.</returns>
    private IReadOnlyList<RelayItem> Take(RelayItem next)
    {
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            RelayItem[] together = [.. _waiting.Values
                .Where(item => item.Id == next.Id || (item.MailId == next.MailId && item.MailId != Guid.Empty && item.DueAt <= now))
                .OrderBy(item => item.Id != next.Id).Take(MostRecipients)];
            foreach (var item in together) _waiting.Remove(item.Id);
            return together;
        }
    }

    private async Task WaitAsync(DateTimeOffset? due, Task changed, CancellationToken cancel)
    {
        if (due is null)
        {
            await changed.WaitAsync(cancel);
            return;
        }

        var delay = due.Value - _time.GetUtcNow();
        if (delay <= TimeSpan.Zero) return;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(changed, Task.Delay(delay, _time, enough.Token));
        await enough.CancelAsync(); // whichever came first: the timer must not stay behind
        cancel.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
