namespace Passerelle.Lab.Exchange;

/// <summary>All that follows from one mail, in every folder and queue: written aside first, made true together at the end.
/// A failure before that leaves nothing behind, so a sender who hears 451 and tries again delivers once.</summary>
internal sealed class MailBatch : IDisposable
{
    private readonly Queue<(Action Keep, Action Drop)> _prepared = new();

    /// <param name="keep">Quick, and on paths that were written a moment ago: it should not fail.</param>
    /// <param name="drop">Takes back what was written aside.</param>
    public void Add(Action keep, Action drop) => _prepared.Enqueue((keep, drop));

    /// <summary>Something that is told when it has become true, such as a line of the log.</summary>
    public void Then(Action tell) => Add(tell, () => { });

    public void Keep()
    {
        while (_prepared.TryPeek(out var next))
        {
            next.Keep();
            _prepared.Dequeue();
        }
    }

    /// <summary>Drops what was not kept.</summary>
    public void Dispose()
    {
        while (_prepared.TryDequeue(out var next)) next.Drop();
    }
}
