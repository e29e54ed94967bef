using Passerelle.Gateway.Messages;

namespace Passerelle.Gateway.Reading;

/// <summary>
/// The order among receipts that are read side by side: a reply is placed only after every older mail of its app that is in work,
/// or it would not find the conversation that the older one is about to begin.
/// </summary>
internal sealed class Turns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Turn> _turns = [];
    private readonly Dictionary<(Guid OrganisationId, Guid AppId), Task> _last = [];

    /// <summary>Oldest first, and only what will be worked on: each turn has to end.</summary>
    public void Queue(Receipt receipt)
    {
        var app = (receipt.OrganisationId, receipt.AppId);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var olders = _last.GetValueOrDefault(app, Task.CompletedTask);
            _turns[receipt.Id] = new Turn(olders, ended);
            _last[app] = olders.IsCompleted ? ended.Task : Task.WhenAll(olders, ended.Task);
        }
    }

    /// <summary>Completes when every older one has ended; never fails.</summary>
    public Task OldersOf(Receipt receipt)
    {
        lock (_gate) return _turns.TryGetValue(receipt.Id, out var turn) ? turn.Olders : Task.CompletedTask;
    }

    /// <summary>It was read, or put off, or failed: nobody waits for it any more.</summary>
    public void End(Receipt receipt)
    {
        Turn? turn;
        lock (_gate)
        {
            if (!_turns.Remove(receipt.Id, out turn)) return;
        }
        turn.Ended.TrySetResult();
        var app = (receipt.OrganisationId, receipt.AppId);
        lock (_gate)
        {
            if (_last.TryGetValue(app, out var last) && last.IsCompleted) _last.Remove(app);
        }
    }

    private sealed record Turn(Task Olders, TaskCompletionSource Ended);
}
