using Passerelle.Gateway.Operations.Keeping;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Operations.Keeping;

public sealed class KeepingJobTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task A_job_whose_process_was_killed_goes_on_where_it_was()
    {
        await using var bench = await KeepingBench.OpenAsync();
        var (job, _) = await BegunAsync(bench, mails: 3);
        var first = await bench.Pruning.TurnAsync(job, Cancel); // counts
        job = (await bench.Pruning.TurnAsync(first.Job, Cancel)).Job; // prunes, and the process is gone before it says that it is done
        Assert.Empty(await bench.Runner.DueAsync(10, Cancel)); // another waits until nothing was heard of it

        bench.Inbound.Temp.Time.Advance(KeepingTurns.Lease);
        await bench.RunDueAsync();
        var ended = await bench.JobAsync(job.Id);
        Assert.Equal(("done", 3L, 2L), (ended.State, ended.Changed, ended.Epoch));
        Assert.Equal(0, await bench.Inbound.CountAsync("message"));
        await Assert.ThrowsAsync<KeepingLost>(() => bench.Turns.SaveAsync(job, Cancel)); // the killed one, had it only slept
    }

    [Fact]
    public async Task One_job_of_an_organisation_runs_at_a_time()
    {
        await using var bench = await KeepingBench.OpenAsync();
        var (running, second) = await BegunAsync(bench, mails: 1);
        Assert.Empty(await bench.Runner.DueAsync(10, Cancel));
        await bench.Runner.RunAsync(second, Cancel); // as if both had been seen as due
        Assert.Equal("waiting", (await bench.JobAsync(second.Id)).State);

        Assert.Equal(CancelOutcome.Cancelled, await bench.Jobs.CancelAsync(bench.Organisation, running.Id, Cancel));
        await bench.RunDueAsync();
        Assert.Equal("done", (await bench.JobAsync(second.Id)).State);
    }

    [Fact]
    public async Task A_cancelled_job_writes_nothing_more()
    {
        await using var bench = await KeepingBench.OpenAsync();
        var (job, _) = await BegunAsync(bench, mails: 2);
        job = (await bench.Pruning.TurnAsync(job, Cancel)).Job;
        Assert.Equal(CancelOutcome.Cancelled, await bench.Jobs.CancelAsync(bench.Organisation, job.Id, Cancel));
        await Assert.ThrowsAsync<KeepingLost>(() => bench.Pruning.TurnAsync(job, Cancel));
        Assert.Equal(2, await bench.Inbound.CountAsync("message"));
        Assert.Equal(CancelOutcome.Ended, await bench.Jobs.CancelAsync(bench.Organisation, job.Id, Cancel));
        Assert.Equal(CancelOutcome.Unknown, await bench.Jobs.CancelAsync(await bench.Inbound.Temp.OrganisationAsync("Fabrikam"), job.Id, Cancel));
    }

    [Fact]
    public async Task A_job_of_thousands_of_mails_prunes_them_all_and_says_how_far_it_is()
    {
        await using var bench = await KeepingBench.OpenAsync();
        await bench.RetainAsync(1, 1, 1);
        for (var mail = 0; mail < KeepingTurns.PageLength + 50; mail++) await bench.Inbound.ReceiveAsync(Written.Mail($"{mail}@fabrikam.example", text: $"Number {mail}"));
        while (await bench.Inbound.CountAsync("message") < KeepingTurns.PageLength + 50) await bench.Inbound.ReadDueAsync();
        await bench.WriteAsync(tx => tx.For(bench.Organisation).Execute("UPDATE message SET state = 'kept' WHERE organisation_id = @organisation"));
        bench.Pass(2);
        var job = await bench.PruneAsync();
        Assert.Equal(("done", KeepingTurns.PageLength + 50L, 100), (job.State, job.Changed, job.Percent));
        Assert.Equal(0, await bench.Inbound.CountAsync("message"));
    }

    /// <summary>A pruning that has been taken up, and one that waits behind it.</summary>
    private static async Task<(KeepingJob Running, KeepingJob Waiting)> BegunAsync(KeepingBench bench, int mails)
    {
        await bench.RetainAsync(1, 1, 1);
        for (var mail = 0; mail < mails; mail++) await bench.DoneAsync(Written.Mail($"{mail}@fabrikam.example", text: $"Number {mail}"));
        bench.Pass(2);
        var first = Assert.IsType<OrderOutcome.Ordered>(await bench.Jobs.PruneAsync(bench.Organisation, null, Cancel)).Job;
        bench.Inbound.Temp.Time.Advance(TimeSpan.FromSeconds(1));
        var second = Assert.IsType<OrderOutcome.Ordered>(await bench.Jobs.PruneAsync(bench.Organisation, null, Cancel)).Job;
        var now = bench.Time.GetUtcNow();
        var running = await bench.Store.WriteAsync(Lane.Maintenance, tx => KeepingJobRows.Claim(tx, first, now, now + KeepingTurns.Lease), Cancel);
        return (running!, second); // nobody else was there to take it
    }
}
