using System.Text.Json;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>
/// Takes a correspondent out of an organisation: what they wrote and what was written to them, their conversations, and their
/// address among the parties of other people's mail. The source of a mail that somebody else wrote stays as it came.
/// </summary>
internal sealed class Erasing(IStore store, KeepingTurns turns, IOptions<OperationsOptions> options, TimeProvider time) : IKeepingTask
{
    private const string Messages = "messages", Letters = "letters", Conversations = "conversations", Rest = "rest";
    public const string Leaving = "Waits for letters that are just leaving";
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    public string Kind => KeepingJob.Erase;

    public async Task<KeepingTurn> TurnAsync(KeepingJob job, CancellationToken cancel)
    {
        var address = job.Told.Correspondent ?? throw new InvalidOperationException("An erasure names its correspondent");
        return job.Stands.Stage switch
        {
            "" => await BeginAsync(job, cancel),
            Messages => await MessagesAsync(job, address, cancel),
            Letters => await LettersAsync(job, address, cancel),
            Conversations => await ConversationsAsync(job, address, cancel),
            _ => await RestAsync(job, address, cancel),
        };
    }

    private async Task<KeepingTurn> BeginAsync(KeepingJob job, CancellationToken cancel)
    {
        var total = await store.ReadAsync(tx => ErasingRows.Count(tx, job.OrganisationId), cancel);
        return new KeepingTurn.More(job.At(new() { Stage = Messages }) with { Total = total, LookedAt = 0 });
    }

    private async Task<KeepingTurn> MessagesAsync(KeepingJob job, string address, CancellationToken cancel)
    {
        var position = job.Stands;
        var page = await store.ReadAsync(tx => ErasingRows.Messages(tx, job.OrganisationId, position.After, KeepingTurns.PageLength), cancel);
        if (page.Count == 0) return new KeepingTurn.More(job.At(new() { Stage = Letters }));
        var theirs = page.ConvertAll(row => (Row: row, IsTheirs: row.IsOf(address), Parties: Without(row.PartiesJson, address)));
        theirs.RemoveAll(one => !one.IsTheirs && one.Parties is null);
        job = await turns.DealAsync(
            job, theirs, (tx, holds, one, files) => Erase(tx, job, address, holds, one.Row, one.IsTheirs, one.Parties, files), (at, one) => at with { After = one.Row.Id }, cancel);
        return new KeepingTurn.More(job.At(position with { After = page[^1].Id }) with { LookedAt = job.LookedAt + page.Count });
    }

    private Deed Erase(
        Tx tx, KeepingJob job, string address, StandingHolds holds, ErasableMessage row, bool isTheirs, string? parties, ICollection<Guid> files)
    {
        if (holds.Cover(row.AppId, row.ConversationId, row.FromAddress, row.Correspondent ?? "", address)) return Deed.Kept;
        if (isTheirs)
            MessageErasure.Erase(tx, job.OrganisationId, row.Id, row.ConversationId, time.GetUtcNow().AddDays(options.Value.SecondCopyDays), files);
        else
            ErasingRows.SetParties(tx, job.OrganisationId, row.Id, parties!); // Theirs or parties: the caller left the others out
        return Deed.Changed;
    }

    private async Task<KeepingTurn> LettersAsync(KeepingJob job, string address, CancellationToken cancel)
    {
        var position = job.Stands;
        var page = await store.ReadAsync(tx => ErasingRows.Letters(tx, job.OrganisationId, address, position.After, KeepingTurns.PageLength), cancel);
        if (page.Count == 0) return new KeepingTurn.More(job.At(new() { Stage = Conversations, HasLeaving = position.HasLeaving }));
        var theirs = page.FindAll(letter => letter.Correspondent == address || letter.Named > 0);
        var hasLeaving = position.HasLeaving || theirs.Exists(letter => letter.IsLeaving);
        job = await turns.DealAsync(job, theirs, (tx, holds, letter, files) => Erase(tx, job, address, holds, letter, files), (at, letter) => at with { After = letter.Id, HasLeaving = hasLeaving }, cancel);
        return new KeepingTurn.More(job.At(position with { After = page[^1].Id, HasLeaving = hasLeaving }) with { LookedAt = job.LookedAt + page.Count });
    }

    private static Deed Erase(Tx tx, KeepingJob job, string address, StandingHolds holds, ErasableLetter letter, ICollection<Guid> files)
    {
        if (holds.Cover(letter.AppId, letter.ConversationId, letter.Correspondent, address)) return Deed.Kept;
        if (ErasingRows.IsLeaving(tx, job.OrganisationId, letter.Id)) return Deed.Nothing; // the job comes back for it
        MessageErasure.EraseLetter(tx, job.OrganisationId, letter.Id, letter.RawId, letter.ConversationId, files);
        return Deed.Changed;
    }

    /// <summary>Conversations that a merge left empty still name them.</summary>
    private async Task<KeepingTurn> ConversationsAsync(KeepingJob job, string address, CancellationToken cancel)
    {
        var position = job.Stands;
        var page = await store.ReadAsync(tx => ErasingRows.Conversations(tx, job.OrganisationId, position.After, KeepingTurns.PageLength), cancel);
        if (page.Count == 0) return new KeepingTurn.More(job.At(new() { Stage = Rest, HasLeaving = position.HasLeaving }));
        var theirs = page.FindAll(one => one.Correspondent == address);
        job = await turns.DealAsync(
            job, theirs,
            (tx, holds, one, _) =>
            {
                if (!holds.Cover(one.AppId, one.Id, address)) MessageErasure.EraseIfEmpty(tx, job.OrganisationId, one.Id);
                return Deed.Nothing; // what hangs on it was counted
            },
            (at, one) => at with { After = one.Id }, cancel);
        return new KeepingTurn.More(job.At(position with { After = page[^1].Id }));
    }

    private async Task<KeepingTurn> RestAsync(KeepingJob job, string address, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (job.Stands.HasLeaving) return new KeepingTurn.Later(job.At(new()), now + LookAgain, Leaving);
        await store.WriteAsync(
            Lane.Maintenance,
            tx =>
            {
                KeepingJobRows.Advance(tx, job, now + KeepingTurns.Lease);
                LegalHoldRows.Forget(tx, job.OrganisationId, address);
                KeepingJobRows.ExpireFiles(tx, job.OrganisationId, now); // an export from before may hold what was erased
                return true;
            },
            cancel);
        return new KeepingTurn.Done(job);
    }

    /// <returns>Null when the address is not among them.</returns>
    private static string? Without(string json, string address)
    {
        if (!json.Contains('@', StringComparison.Ordinal)) return null;
        Parties parties;
        try
        {
            parties = Parties.FromJson(json);
        }
        catch (JsonException)
        {
            return null;
        }
        var left = new Parties(
            Without(parties.From, address),
            parties.Sender is { } sender && AddressText.Same(sender.Address, address) ? null : parties.Sender,
            Without(parties.ReplyTo, address),
            Without(parties.To, address),
            Without(parties.Cc, address));
        var isThere = (left.From.Count, left.Sender, left.ReplyTo.Count, left.To.Count, left.Cc.Count)
            != (parties.From.Count, parties.Sender, parties.ReplyTo.Count, parties.To.Count, parties.Cc.Count);
        return isThere ? left.ToJson() : null;
    }

    private static IReadOnlyList<Party> Without(IReadOnlyList<Party> parties, string address) =>
        [.. parties.Where(party => !AddressText.Same(party.Address, address))];
}
