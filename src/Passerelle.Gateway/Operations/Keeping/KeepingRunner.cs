using System.Globalization;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>Takes a job up, carries it on turn by turn, and ends it. Whatever stops it, the row says where it goes on.</summary>
internal sealed class KeepingRunner(
    IStore store, IEnumerable<IKeepingTask> tasks, KeepingTurns turns, RecordChange record, Signals signals, TimeProvider time, ILogger<KeepingRunner> log)
{
    /// <summary>Taken up so often, by a process that stopped or after a fault, it is given up.</summary>
    private const int MostEpochs = 20;

    public const string GaveUp = "It met a fault too often: the log says which";
    public const string Again = "It met a fault and goes on in a moment: the log says which";

    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SaveAfter = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, IKeepingTask> _tasks = tasks.ToDictionary(task => task.Kind);

    public Task<List<KeepingJob>> DueAsync(int limit, CancellationToken cancel) =>
        store.ReadAsync(tx => KeepingJobRows.Due(tx, time.GetUtcNow(), limit), cancel);

    /// <summary>Returns when the job has ended, waits for something, or is not ours any more.</summary>
    public async Task RunAsync(KeepingJob due, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (await store.WriteAsync(Lane.Maintenance, tx => KeepingJobRows.Claim(tx, due, now, now + KeepingTurns.Lease), cancel) is not { } job) return;
        try
        {
            await CarryOnAsync(job, cancel);
        }
        catch (KeepingLost)
        {
            log.KeepingLost(job.Id);
        }
        catch (KeepingFailed failed)
        {
            await EndAsync(job with { Words = failed.Message }, "failed");
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await PutOffAsync(job, time.GetUtcNow(), ""); // the next process need not wait for the lease
            throw;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.KeepingFault(fault, job.Id, job.Epoch);
            if (job.Epoch >= MostEpochs) await EndAsync(job with { Words = GaveUp }, "failed");
            else await PutOffAsync(job, time.GetUtcNow() + AfterFault, Again);
        }
        finally
        {
            signals.Views.Raise();
        }
    }

    private async Task CarryOnAsync(KeepingJob job, CancellationToken cancel)
    {
        var task = _tasks[job.Kind];
        var saved = time.GetTimestamp();
        while (true)
        {
            switch (await task.TurnAsync(job, cancel))
            {
                case KeepingTurn.Done done:
                    await EndAsync(done.Job, "done");
                    return;
                case KeepingTurn.Later later:
                    await turns.SaveAsync(later.Job, cancel);
                    await PutOffAsync(later.Job, later.Due, later.Words);
                    return;
                case KeepingTurn.More more:
                    job = more.Job;
                    break;
            }
            if (time.GetElapsedTime(saved) < SaveAfter) continue;
            await turns.SaveAsync(job, cancel); // pages on which nothing was due write nothing themselves
            saved = time.GetTimestamp();
        }
    }

    /// <summary>Its row and the audit's entry, which names nobody: one write.</summary>
    private async Task EndAsync(KeepingJob job, string state)
    {
        await store.WriteAsync(
            Lane.Maintenance,
            tx =>
            {
                var now = time.GetUtcNow();
                KeepingJobRows.End(tx, job, state, now);
                if (job.Changed > 0 || job.PersonId is not null) record(tx, job.OrganisationId, $"keeping-{job.Kind}-{state}", job.Id, Told(job), now);
                return true;
            },
            CancellationToken.None);
        log.KeepingEnded(job.Id, job.Kind, state, job.Changed, job.Kept);
        signals.Keeping.Raise(); // the next one of the organisation
    }

    private static IReadOnlyList<FieldChange> Told(KeepingJob job) =>
    [
        new(nameof(KeepingJob.Changed), "", job.Changed.ToString(CultureInfo.InvariantCulture)),
        new(nameof(KeepingJob.Kept), "", job.Kept.ToString(CultureInfo.InvariantCulture)),
    ];

    private Task<bool> PutOffAsync(KeepingJob job, DateTimeOffset due, string words) => store.WriteAsync(
        Lane.Maintenance,
        tx =>
        {
            KeepingJobRows.PutOff(tx, job, due, words, time.GetUtcNow());
            return true;
        },
        CancellationToken.None);
}
