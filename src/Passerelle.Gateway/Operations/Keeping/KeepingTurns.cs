using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>What was done to one row.</summary>
internal enum Deed
{
    Nothing,
    Changed,

    /// <summary>Left alone: a hold stands on it, or work on it is not done.</summary>
    Kept,
}

/// <summary>Deals with rows in writes so short that nobody waits behind them, each with the job's progress in the same transaction.</summary>
internal sealed class KeepingTurns(IStore store, Spool spool, Rush rush, TimeProvider time)
{
    /// <summary>How long a job stays its runner's without a word from it.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Rows that one read brings.</summary>
    public const int PageLength = 200;

    /// <summary>A write of this lane may take 5 ms (design §2a): a row begun within three is done by then.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(3);

    /// <param name="deal">Deals with one row; what it adds to the list are spooled files that go with it.</param>
    /// <param name="at">Where the job goes on after that row.</param>
    public async Task<KeepingJob> DealAsync<TRow>(
        KeepingJob job, IReadOnlyList<TRow> rows, Func<Tx, StandingHolds, TRow, ICollection<Guid>, Deed> deal, Func<KeepingPosition, TRow, KeepingPosition> at,
        CancellationToken cancel)
    {
        for (var next = 0; next < rows.Count;)
        {
            await rush.PassAsync(time.GetUtcNow(), cancel);
            var (before, from) = (job, next);
            (job, next, var files) = await store.WriteAsync(Lane.Maintenance, tx => Deal(tx, before, rows, from, deal, at), cancel);
            foreach (var file in files) spool.Delete(job.OrganisationId, file);
        }
        return job;
    }

    /// <summary>Writes how far the job came, for those who watch it and for whoever takes it up.</summary>
    public Task<bool> SaveAsync(KeepingJob job, CancellationToken cancel) => store.WriteAsync(
        Lane.Maintenance,
        tx =>
        {
            KeepingJobRows.Advance(tx, job, time.GetUtcNow() + Lease);
            return true;
        },
        cancel);

    private (KeepingJob Job, int Next, List<Guid> Files) Deal<TRow>(
        Tx tx, KeepingJob job, IReadOnlyList<TRow> rows, int from, Func<Tx, StandingHolds, TRow, ICollection<Guid>, Deed> deal,
        Func<KeepingPosition, TRow, KeepingPosition> at)
    {
        var started = time.GetTimestamp();
        var holds = StandingHolds.Of(tx, job.OrganisationId);
        var files = new List<Guid>();
        var (next, changed, kept, position) = (from, 0, 0, job.Stands);
        do
        {
            var deed = deal(tx, holds, rows[next], files);
            if (deed is Deed.Changed) changed++;
            if (deed is Deed.Kept) kept++;
            position = at(position, rows[next]);
            next++;
        }
        while (next < rows.Count && time.GetElapsedTime(started) < Turn);
        var after = job.At(position) with { Changed = job.Changed + changed, Kept = job.Kept + kept };
        KeepingJobRows.Advance(tx, after, time.GetUtcNow() + Lease);
        return (after, next, files);
    }
}
