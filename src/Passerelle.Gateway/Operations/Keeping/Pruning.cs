using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>
/// Lets go what an organisation's apps keep no longer: bytes first, then text, then the rest. What work is not done on stays, and
/// what a legal hold stands on. Ids are times, so each app is walked through once, from its oldest mail to the youngest that is due.
/// </summary>
internal sealed class Pruning(IStore store, KeepingTurns turns, RecordChange record, IOptions<OperationsOptions> options) : IKeepingTask
{
    private const string Messages = "messages", Copies = "copies", Letters = "letters", Rest = "rest";

    /// <summary>The doctor looks at its own mail for two days.</summary>
    private static readonly TimeSpan Canaries = TimeSpan.FromDays(3);

    public string Kind => KeepingJob.Prune;

    public async Task<KeepingTurn> TurnAsync(KeepingJob job, CancellationToken cancel) => job.Stands.Stage switch
    {
        "" => await BeginAsync(job, cancel),
        Messages => await MessagesAsync(job, cancel),
        Copies => await CopiesAsync(job, cancel),
        Letters => await LettersAsync(job, cancel),
        _ => await RestAsync(job, cancel),
    };

    /// <summary>When the job began: a job that was interrupted goes on by the same clock.</summary>
    private static DateTimeOffset Now(KeepingJob job) => job.StartedAt ?? job.CreatedAt;

    private async Task<KeepingTurn> BeginAsync(KeepingJob job, CancellationToken cancel)
    {
        var total = await store.ReadAsync(tx => PruningRows.CountDue(tx, job.OrganisationId, Now(job)), cancel);
        return new KeepingTurn.More(job.At(new() { Stage = Messages }) with { Total = total });
    }

    private async Task<KeepingTurn> MessagesAsync(KeepingJob job, CancellationToken cancel)
    {
        var (position, now) = (job.Stands, Now(job));
        var (app, page) = await store.ReadAsync(
            tx => PruningRows.NextApp(tx, job.OrganisationId, position.App) is { } next
                ? (next, PruningRows.Messages(tx, job.OrganisationId, next.Id, position.After, next.Oldest(now), KeepingTurns.PageLength))
                : (null, []),
            cancel);
        if (app is null) return new KeepingTurn.More(job.At(new() { Stage = Copies }));
        if (page.Count == 0) return new KeepingTurn.More(job.At(position with { App = app.Id, After = Guid.Empty }));
        var due = page.ConvertAll(row => (Row: row, Level: LevelOf(row, app, now)));
        due.RemoveAll(one => one.Level is PruneLevel.Nothing);
        job = await turns.DealAsync(job, due, (tx, holds, one, files) => Prune(tx, job, app, holds, one.Row, one.Level, files), (at, one) => at with { After = one.Row.Id }, cancel);
        return new KeepingTurn.More(job.At(position with { After = page[^1].Id }) with { LookedAt = job.LookedAt + page.Count });
    }

    private static PruneLevel LevelOf(PrunableMessage row, KeptApp app, DateTimeOffset now) => row switch
    {
        _ when IsOlder(row.Id, app.KeepMessageDays, now) => PruneLevel.Message,
        { TextPrunedAt: null } when IsOlder(row.Id, app.KeepTextDays, now) => PruneLevel.Text,
        { Kind: "canary" } when row.Id.CompareTo(UuidTime.FirstAt(now - Canaries)) > 0 => PruneLevel.Nothing,
        { RawPrunedAt: null } when IsOlder(row.Id, app.KeepRawDays, now) => PruneLevel.Raw,
        _ => PruneLevel.Nothing,
    };

    private static bool IsOlder(Guid id, long? days, DateTimeOffset now) =>
        days is { } kept && id.CompareTo(UuidTime.FirstAt(now.AddDays(-kept))) < 0; // CompareTo goes from the left, as big-endian bytes do

    private Deed Prune(Tx tx, KeepingJob job, KeptApp app, StandingHolds holds, PrunableMessage row, PruneLevel level, ICollection<Guid> files)
    {
        if (holds.Cover(app.Id, row.ConversationId, row.FromAddress, row.Correspondent ?? "")) return Deed.Kept;
        if (PruningRows.IsWork(tx, job.OrganisationId, row.Id)) return Deed.Kept;
        var now = Now(job);
        if (row.IsQuarantined) record(tx, job.OrganisationId, "message-quarantine-pruned", row.Id, [new FieldChange("kept", "", level.ToString())], now);
        switch (level)
        {
            case PruneLevel.Raw:
                MessageErasure.DropRaw(tx, job.OrganisationId, row.Id, now, files);
                break;
            case PruneLevel.Text:
                MessageErasure.DropText(tx, job.OrganisationId, row.Id, now, files);
                break;
            default:
                MessageErasure.Erase(tx, job.OrganisationId, row.Id, row.ConversationId, now.AddDays(options.Value.SecondCopyDays), files);
                break;
        }
        return Deed.Changed;
    }

    /// <summary>Second copies that came when their message had lost its bytes, or was gone.</summary>
    private async Task<KeepingTurn> CopiesAsync(KeepingJob job, CancellationToken cancel)
    {
        var (position, now) = (job.Stands, Now(job));
        var page = await store.ReadAsync(
            tx => PruningRows.Copies(tx, job.OrganisationId, position.After, position.AfterCopy, KeepingTurns.PageLength), cancel);
        if (page.Count == 0) return new KeepingTurn.More(job.At(new() { Stage = Letters }));
        var due = page.FindAll(copy => copy.IsAlone ? IsOlder(copy.Id, copy.KeepMessageDays, now) || HasDueBytes(copy, now) : copy.RawPrunedAt is not null && HasDueBytes(copy, now));
        job = await turns.DealAsync(job, due, (tx, holds, copy, files) => Prune(tx, job, holds, copy, files), (at, copy) => at with { After = copy.MessageId, AfterCopy = copy.Id }, cancel);
        return new KeepingTurn.More(job.At(position with { After = page[^1].MessageId, AfterCopy = page[^1].Id }));
    }

    private static bool HasDueBytes(PrunableCopy copy, DateTimeOffset now) => copy.HasRaw == 1 && IsOlder(copy.Id, copy.KeepRawDays, now);

    private static Deed Prune(Tx tx, KeepingJob job, StandingHolds holds, PrunableCopy copy, ICollection<Guid> files)
    {
        if (holds.Cover(copy.AppId, copy.ConversationId ?? Guid.Empty, copy.EnvelopeFrom, copy.FromAddress ?? "")) return Deed.Kept;
        if (copy.IsAlone && IsOlder(copy.Id, copy.KeepMessageDays, Now(job)))
            MessageErasure.EraseReceipt(tx, job.OrganisationId, new() { Id = copy.Id, RawId = copy.RawId }, files);
        else
            RawShares.Release(tx, job.OrganisationId, copy.RawId, copy.Id, files);
        return Deed.Changed;
    }

    /// <summary>A letter that left goes by the same days; one that has not left, or may not have, is work.</summary>
    private async Task<KeepingTurn> LettersAsync(KeepingJob job, CancellationToken cancel)
    {
        var (position, now) = (job.Stands, Now(job));
        var page = await store.ReadAsync(tx => PruningRows.Letters(tx, job.OrganisationId, position.After, KeepingTurns.PageLength), cancel);
        if (page.Count == 0) return new KeepingTurn.More(job.At(new() { Stage = Rest }));
        var due = page.FindAll(letter => IsOver(letter, now) || HasDueBytes(letter, now));
        job = await turns.DealAsync(job, due, (tx, holds, letter, files) => Prune(tx, job, holds, letter, files), (at, letter) => at with { After = letter.Id }, cancel);
        return new KeepingTurn.More(job.At(position with { After = page[^1].Id }));
    }

    private static bool IsOver(PrunableLetter letter, DateTimeOffset now) =>
        letter.State is "settled" or "dead" && letter.KeepMessageDays is { } days && letter.CreatedAt < now.AddDays(-days);

    private static bool HasDueBytes(PrunableLetter letter, DateTimeOffset now) =>
        letter is { State: "settled", HasRaw: 1, KeepRawDays: { } days } && letter.CreatedAt < now.AddDays(-days);

    private static Deed Prune(Tx tx, KeepingJob job, StandingHolds holds, PrunableLetter letter, ICollection<Guid> files)
    {
        if (holds.Cover(letter.AppId, letter.ConversationId, letter.Correspondent)) return Deed.Kept;
        if (PruningRows.IsLetterWork(tx, job.OrganisationId, letter.Id)) return Deed.Kept;
        if (IsOver(letter, Now(job))) MessageErasure.EraseLetter(tx, job.OrganisationId, letter.Id, letter.RawId, letter.ConversationId, files);
        else RawShares.Release(tx, job.OrganisationId, letter.RawId, letter.Id, files);
        return Deed.Changed;
    }

    private async Task<KeepingTurn> RestAsync(KeepingJob job, CancellationToken cancel)
    {
        var now = Now(job);
        var forgotten = await store.WriteAsync(
            Lane.Maintenance,
            tx => PruningRows.ForgetDigests(tx, job.OrganisationId, now, KeepingTurns.PageLength) + KeepingJobRows.Forget(tx, job.OrganisationId, now.AddDays(-options.Value.JobDays)),
            cancel);
        return forgotten > 0 ? new KeepingTurn.More(job) : new KeepingTurn.Done(job with { LookedAt = job.Total ?? job.LookedAt });
    }
}

/// <summary>How much of a message is due.</summary>
internal enum PruneLevel
{
    Nothing,
    Raw,
    Text,
    Message,
}
