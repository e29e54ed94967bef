using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>How ordering a job ended.</summary>
internal abstract record OrderOutcome
{
    private OrderOutcome() { }

    public sealed record Ordered(KeepingJob Job) : OrderOutcome;

    /// <param name="Sentence">What to do about it.</param>
    public sealed record Refused(string Sentence) : OrderOutcome;

    /// <summary>The organisation has no such app or conversation.</summary>
    public sealed record Unknown : OrderOutcome;
}

internal enum CancelOutcome
{
    Cancelled,
    Ended,
    Unknown,
}

/// <summary>Orders jobs, says how far they are, cancels them. A job that waits for another of its organisation starts after it.</summary>
internal sealed class KeepingJobs(IStore store, ExportFiles files, Signals signals, TimeProvider time)
{
    private const int MostListed = 50;
    public const string UnderHold = "A legal hold stands on this correspondent: lift it first";
    public const string EmptyPeriod = "The period ends before it begins: give an end that is later";

    public async Task<OrderOutcome> PruneAsync(Guid organisationId, Guid? by, CancellationToken cancel) =>
        new OrderOutcome.Ordered(await InsertAsync(organisationId, KeepingJob.Prune, new(), by, cancel));

    /// <param name="address">Whose mail goes, for good.</param>
    public async Task<OrderOutcome> EraseAsync(Guid organisationId, string address, Guid? by, CancellationToken cancel)
    {
        if (!Correspondents.IsAddress(address)) return new OrderOutcome.Refused(LegalHolds.NoAddress);
        if (await store.ReadAsync(tx => StandingHolds.Of(tx, organisationId).Cover(address), cancel)) return new OrderOutcome.Refused(UnderHold);
        return new OrderOutcome.Ordered(await InsertAsync(organisationId, KeepingJob.Erase, new() { Correspondent = AddressText.Fold(address) }, by, cancel));
    }

    /// <param name="orders">What of it narrows; nothing: all mail of the organisation.</param>
    public async Task<OrderOutcome> ExportAsync(Guid organisationId, KeepingOrders orders, Guid? by, CancellationToken cancel)
    {
        if (orders.Correspondent is { } address && !Correspondents.IsAddress(address)) return new OrderOutcome.Refused(LegalHolds.NoAddress);
        if (orders is { From: { } from, To: { } to } && to <= from) return new OrderOutcome.Refused(EmptyPeriod);
        if (!await store.ReadAsync(tx => Exist(tx, organisationId, orders), cancel)) return new OrderOutcome.Unknown();
        var folded = orders with { Correspondent = orders.Correspondent is { } named ? AddressText.Fold(named) : null };
        return new OrderOutcome.Ordered(await InsertAsync(organisationId, KeepingJob.Export, folded, by, cancel));
    }

    /// <returns>Newest first.</returns>
    public Task<List<KeepingJob>> ListAsync(Guid organisationId, CancellationToken cancel) =>
        store.ReadAsync(tx => KeepingJobRows.List(tx, organisationId, MostListed), cancel);

    /// <returns>Null when the organisation has no such job.</returns>
    public Task<KeepingJob?> FindAsync(Guid organisationId, Guid id, CancellationToken cancel) =>
        store.ReadAsync(tx => KeepingJobRows.Find(tx, organisationId, id), cancel);

    /// <summary>What it has done stays done.</summary>
    public async Task<CancelOutcome> CancelAsync(Guid organisationId, Guid id, CancellationToken cancel)
    {
        var outcome = await store.WriteAsync(
            Lane.Work,
            tx => KeepingJobRows.Find(tx, organisationId, id) is not { } job ? CancelOutcome.Unknown
                : KeepingJobRows.Cancel(tx, job, time.GetUtcNow()) ? CancelOutcome.Cancelled
                : CancelOutcome.Ended,
            cancel);
        signals.Keeping.Raise(); // the next one may start
        signals.Views.Raise();
        return outcome;
    }

    /// <returns>The export's file; null when there is none, or its time has passed.</returns>
    public async Task<FileStream?> OpenFileAsync(Guid organisationId, Guid id, CancellationToken cancel) =>
        await FindAsync(organisationId, id, cancel) is { State: "done", ExpiresAt: { } end } && end > time.GetUtcNow()
            ? files.Open(organisationId, id)
            : null;

    private async Task<KeepingJob> InsertAsync(Guid organisationId, string kind, KeepingOrders orders, Guid? by, CancellationToken cancel)
    {
        var job = New(organisationId, kind, orders, by, time.GetUtcNow());
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                KeepingJobRows.Insert(tx, job);
                return true;
            },
            cancel);
        signals.Keeping.Raise();
        signals.Views.Raise();
        return job;
    }

    internal static KeepingJob New(Guid organisationId, string kind, KeepingOrders orders, Guid? by, DateTimeOffset now) => new()
    {
        OrganisationId = organisationId,
        Id = Guid.CreateVersion7(now),
        Kind = kind,
        State = "waiting",
        Orders = orders.ToJson(),
        Position = "",
        LookedAt = 0,
        Changed = 0,
        Kept = 0,
        Words = "",
        PersonId = by,
        CreatedAt = now,
        DueAt = now,
        LeaseUntil = now,
        Epoch = 0,
        Size = 0,
    };

    private static bool Exist(Tx tx, Guid organisationId, KeepingOrders orders)
    {
        var sql = tx.For(organisationId);
        return (orders.App is not { } app || sql.One<long>("SELECT COUNT(*) FROM app WHERE organisation_id = @organisation AND id = @app", new { app }) > 0)
            && (orders.Conversation is not { } conversation
                || sql.One<long>("SELECT COUNT(*) FROM conversation WHERE organisation_id = @organisation AND id = @conversation", new { conversation }) > 0);
    }
}
