using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Keeping;
using Passerelle.Gateway.Operations.Keeping;

namespace Passerelle.Gateway.Api;

/// <summary>How long an app's mail is kept, legal holds, and the jobs that prune, erase and export.</summary>
internal static class KeepingEndpoints
{
    public static void MapKeeping(this RouteGroupBuilder api)
    {
        var retention = api.MapGroup("/apps/{id:guid}/retention").WithTags("Keeping");
        retention.MapGet("/", RetentionAsync);
        retention.MapPut("/", SetRetentionAsync).RequireAuthorization(Caller.Admin).Audits("app-retention-changed");

        var holds = api.MapGroup("/holds").WithTags("Keeping").RequireAuthorization(Caller.Admin);
        holds.MapGet("/", HoldsAsync);
        holds.MapGet("/{id:guid}", HoldAsync);
        holds.MapPost("/", PlaceAsync).Audits("hold-placed");
        holds.MapPost("/{id:guid}/lift", LiftAsync).Audits("hold-lifted");

        var jobs = api.MapGroup("/jobs").WithTags("Keeping").RequireAuthorization(Caller.Admin);
        jobs.MapGet("/", JobsAsync);
        jobs.MapGet("/{id:guid}", JobAsync);
        jobs.MapGet("/{id:guid}/file", FileAsync).Audits("export-downloaded");
        jobs.MapPost("/prune", PruneAsync).Audits("pruning-ordered");
        jobs.MapPost("/erase", EraseAsync).Audits("erasure-ordered");
        jobs.MapPost("/export", ExportAsync).Audits("export-ordered");
        jobs.MapPost("/{id:guid}/cancel", CancelAsync).Audits("job-cancelled");
    }

    /// <summary>Days since a mail came; null: for ever.</summary>
    private static async Task<Results<Ok<Retention>, NotFound>> RetentionAsync(Guid id, Organisation organisation, EmailApps apps, CancellationToken cancel) =>
        await apps.FindAsync(organisation.Id, id, cancel) is { } app ? TypedResults.Ok(Retention.Of(app)) : TypedResults.NotFound();

    /// <summary>What is older goes with the next pruning, within a day.</summary>
    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> SetRetentionAsync(
        Guid id, RetentionOrder order, Organisation organisation, Retentions retentions, CancellationToken cancel) =>
        await retentions.SetAsync(organisation.Id, id, new Retention(order.RawDays, order.TextDays, order.MessageDays), cancel) switch
        {
            RetentionOutcome.Saved => TypedResults.NoContent(),
            RetentionOutcome.Bad bad => Refused(RetentionProblems.Sentence(bad.Problem)),
            _ => TypedResults.NotFound(),
        };

    /// <summary>Those that stand first.</summary>
    private static async Task<Ok<List<HoldView>>> HoldsAsync(Organisation organisation, LegalHolds holds, CancellationToken cancel) =>
        TypedResults.Ok((await holds.ListAsync(organisation.Id, cancel)).ConvertAll(HoldView.Of));

    private static async Task<Results<Ok<HoldView>, NotFound>> HoldAsync(Guid id, Organisation organisation, LegalHolds holds, CancellationToken cancel) =>
        await holds.FindAsync(organisation.Id, id, cancel) is { } hold ? TypedResults.Ok(HoldView.Of(hold)) : TypedResults.NotFound();

    /// <summary>Nothing of the subject is pruned or erased until it is lifted; 409 when a hold stands on it already.</summary>
    private static async Task<Results<Created<HoldView>, NotFound, Conflict, ProblemHttpResult>> PlaceAsync(
        HoldOrder order, Organisation organisation, LegalHolds holds, CancellationToken cancel) =>
        await holds.PlaceAsync(organisation.Id, order.Scope ?? "", order.Subject ?? "", order.Reason ?? "", organisation.PersonId, cancel) switch
        {
            HoldOutcome.Placed placed => TypedResults.Created($"/api/v1/holds/{placed.Hold.Id}", HoldView.Of(placed.Hold)),
            HoldOutcome.Already => TypedResults.Conflict(),
            HoldOutcome.Refused refused => Refused(refused.Sentence),
            _ => TypedResults.NotFound(),
        };

    /// <summary>409 when it was lifted before.</summary>
    private static async Task<Results<NoContent, NotFound, Conflict>> LiftAsync(
        Guid id, LiftOrder order, Organisation organisation, LegalHolds holds, CancellationToken cancel) =>
        await holds.LiftAsync(organisation.Id, id, order.Reason ?? "", organisation.PersonId, cancel) switch
        {
            true => TypedResults.NoContent(),
            false => TypedResults.Conflict(),
            null => TypedResults.NotFound(),
        };

    /// <summary>Newest first, fifty.</summary>
    private static async Task<Ok<List<JobView>>> JobsAsync(Organisation organisation, KeepingJobs jobs, CancellationToken cancel) =>
        TypedResults.Ok((await jobs.ListAsync(organisation.Id, cancel)).ConvertAll(JobView.Of));

    private static async Task<Results<Ok<JobView>, NotFound>> JobAsync(Guid id, Organisation organisation, KeepingJobs jobs, CancellationToken cancel) =>
        await jobs.FindAsync(organisation.Id, id, cancel) is { } job ? TypedResults.Ok(JobView.Of(job)) : TypedResults.NotFound();

    /// <summary>The ZIP of an export that is done, until it expires.</summary>
    private static async Task<Results<FileStreamHttpResult, NotFound>> FileAsync(Guid id, Organisation organisation, KeepingJobs jobs, CancellationToken cancel) =>
        await jobs.OpenFileAsync(organisation.Id, id, cancel) is { } file
            ? TypedResults.File(file, "application/zip", $"passerelle-{id:N}.zip")
            : TypedResults.NotFound();

    /// <summary>Prunes now instead of at the next time.</summary>
    private static async Task<Results<Accepted<JobView>, NotFound, ProblemHttpResult>> PruneAsync(
        Organisation organisation, KeepingJobs jobs, CancellationToken cancel) =>
        Answer(await jobs.PruneAsync(organisation.Id, organisation.PersonId, cancel));

    /// <summary>Everything of one address, for good. 400 while a legal hold stands on it.</summary>
    private static async Task<Results<Accepted<JobView>, NotFound, ProblemHttpResult>> EraseAsync(
        EraseOrder order, Organisation organisation, KeepingJobs jobs, CancellationToken cancel) =>
        Answer(await jobs.EraseAsync(organisation.Id, order.Address ?? "", organisation.PersonId, cancel));

    /// <summary>Mail as .eml files in a ZIP; what is left out of the order does not narrow it.</summary>
    private static async Task<Results<Accepted<JobView>, NotFound, ProblemHttpResult>> ExportAsync(
        ExportOrder order, Organisation organisation, KeepingJobs jobs, CancellationToken cancel) =>
        Answer(await jobs.ExportAsync(
            organisation.Id,
            new KeepingOrders { App = order.App, Conversation = order.Conversation, Correspondent = order.Correspondent, From = order.From, To = order.To },
            organisation.PersonId,
            cancel));

    /// <summary>What it has done stays done; 409 when it has ended.</summary>
    private static async Task<Results<NoContent, NotFound, Conflict>> CancelAsync(Guid id, Organisation organisation, KeepingJobs jobs, CancellationToken cancel) =>
        await jobs.CancelAsync(organisation.Id, id, cancel) switch
        {
            CancelOutcome.Cancelled => TypedResults.NoContent(),
            CancelOutcome.Ended => TypedResults.Conflict(),
            _ => TypedResults.NotFound(),
        };

    private static Results<Accepted<JobView>, NotFound, ProblemHttpResult> Answer(OrderOutcome outcome) => outcome switch
    {
        OrderOutcome.Ordered ordered => TypedResults.Accepted($"/api/v1/jobs/{ordered.Job.Id}", JobView.Of(ordered.Job)),
        OrderOutcome.Refused refused => Refused(refused.Sentence),
        _ => TypedResults.NotFound(),
    };

    private static ProblemHttpResult Refused(string sentence) => TypedResults.Problem(sentence, statusCode: StatusCodes.Status400BadRequest);

    internal sealed record RetentionOrder(long? RawDays, long? TextDays, long? MessageDays);

    /// <param name="Scope">app, conversation or correspondent.</param>
    /// <param name="Subject">An id, or an address.</param>
    internal sealed record HoldOrder(string? Scope, string? Subject, string? Reason);

    internal sealed record LiftOrder(string? Reason);

    internal sealed record EraseOrder(string? Address);

    /// <param name="From">Received or written at it or later.</param>
    /// <param name="To">Received or written before it.</param>
    internal sealed record ExportOrder(Guid? App, Guid? Conversation, string? Correspondent, DateTimeOffset? From, DateTimeOffset? To);
}

/// <summary>A hold as programs read it.</summary>
internal sealed record HoldView(
    Guid Id, string Scope, string Subject, string Reason, Guid? PlacedBy, DateTimeOffset PlacedAt, Guid? LiftedBy, DateTimeOffset? LiftedAt, string LiftedReason)
{
    public static HoldView Of(LegalHold hold) => new(
        hold.Id, hold.Scope, Guid.TryParse(hold.Subject, out var id) ? id.ToString() : hold.Subject, hold.Reason, hold.PlacedBy, hold.PlacedAt, hold.LiftedBy,
        hold.LiftedAt, hold.LiftedReason);
}

/// <summary>A job as programs read it.</summary>
/// <param name="State">waiting, running, done, cancelled or failed.</param>
/// <param name="Percent">Null while nobody knows.</param>
/// <param name="Kept">Left alone: a legal hold, or work that is not done.</param>
/// <param name="ExpiresAt">Of an export's file; null: there is none.</param>
internal sealed record JobView(
    Guid Id, string Kind, string State, KeepingOrders Orders, long LookedAt, long? Total, int? Percent, long Changed, long Kept, string Words,
    DateTimeOffset CreatedAt, DateTimeOffset? EndedAt, long Size, DateTimeOffset? ExpiresAt)
{
    public static JobView Of(KeepingJob job) => new(
        job.Id, job.Kind, job.State, job.Told, job.LookedAt, job.Total, job.Percent, job.Changed, job.Kept, job.Words, job.CreatedAt, job.EndedAt, job.Size,
        job.ExpiresAt);
}
