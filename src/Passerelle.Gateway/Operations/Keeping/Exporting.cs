using System.Globalization;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>
/// Writes mail into a ZIP: what came and what was sent, each as it is stored. The file gets its name when it is whole; an export that
/// is interrupted begins again, for half a ZIP has no directory.
/// </summary>
internal sealed class Exporting(
    IStore store, RawMails raws, ShownSource sources, ExportFiles files, KeepingTurns turns, DiskRoom room, Rush rush,
    IOptions<OperationsOptions> options, TimeProvider time) : IKeepingTask
{
    public const string NoRoom = "The disk is nearly full: free some of it, then order the export again";
    public const string RawGone = "kept no longer";
    private const long SpareBytes = 64 * 1024 * 1024;

    public string Kind => KeepingJob.Export;

    public async Task<KeepingTurn> TurnAsync(KeepingJob job, CancellationToken cancel)
    {
        var orders = job.Told;
        var total = await store.ReadAsync(tx => ExportRows.Count(tx, job.OrganisationId, orders), cancel);
        job = job with { Total = total, LookedAt = 0, Changed = 0, Kept = 0 };
        try
        {
            var archive = new ExportArchive(files.Begin(job.OrganisationId, job.Id, "part"), files.Begin(job.OrganisationId, job.Id, "csv"));
            await using (archive)
            {
                job = await MessagesAsync(job, orders, archive, cancel);
                job = await LettersAsync(job, orders, archive, cancel);
                await archive.CompleteAsync(cancel);
                job = job with { Size = archive.Length, ExpiresAt = time.GetUtcNow().AddHours(options.Value.ExportHours) };
            }
            await turns.SaveAsync(job, cancel); // not ours any more: then no file appears
            files.Complete(job.OrganisationId, job.Id);
            return new KeepingTurn.Done(job);
        }
        catch
        {
            files.Delete(job.OrganisationId, job.Id);
            throw;
        }
    }

    private async Task<KeepingJob> MessagesAsync(KeepingJob job, KeepingOrders orders, ExportArchive archive, CancellationToken cancel)
    {
        for (var after = Guid.Empty; ;)
        {
            var page = await store.ReadAsync(tx => ExportRows.Messages(tx, job.OrganisationId, orders, after, KeepingTurns.PageLength), cancel);
            if (page.Count == 0) return job;
            foreach (var message in page)
            {
                await rush.PassAsync(time.GetUtcNow(), cancel);
                var write = message.RawPrunedAt is null ? await SourceAsync(job.OrganisationId, message.Id, cancel) : null;
                await archive.AddAsync(LineOf(message, write is not null), write);
                job = Counted(job, write is not null);
            }
            after = page[^1].Id;
            await PauseAsync(job, cancel);
        }
    }

    private async Task<KeepingJob> LettersAsync(KeepingJob job, KeepingOrders orders, ExportArchive archive, CancellationToken cancel)
    {
        for (var after = Guid.Empty; ;)
        {
            var page = await store.ReadAsync(tx => ExportRows.Letters(tx, job.OrganisationId, orders, after, KeepingTurns.PageLength), cancel);
            if (page.Count == 0) return job;
            foreach (var letter in page)
            {
                await rush.PassAsync(time.GetUtcNow(), cancel);
                await using var raw = await LetterAsync(job.OrganisationId, letter.RawId, cancel);
                await archive.AddAsync(LineOf(letter, raw is not null), raw is null ? null : stream => raw.CopyToAsync(stream, cancel));
                job = Counted(job, raw is not null);
            }
            after = page[^1].Id;
            await PauseAsync(job, cancel);
        }
    }

    private async Task PauseAsync(KeepingJob job, CancellationToken cancel)
    {
        if (!room.Holds(SpareBytes)) throw new KeepingFailed(NoRoom);
        await turns.SaveAsync(job, cancel);
    }

    /// <returns>Null when it was erased or pruned meanwhile.</returns>
    private async Task<Func<Stream, Task>?> SourceAsync(Guid organisationId, Guid id, CancellationToken cancel)
    {
        try
        {
            return await sources.FindAsync(organisationId, id, cancel);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <returns>Null when the bytes are kept no longer.</returns>
    private async Task<Stream?> LetterAsync(Guid organisationId, Guid rawId, CancellationToken cancel)
    {
        try
        {
            return await raws.OpenAsync(organisationId, rawId, cancel);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static KeepingJob Counted(KeepingJob job, bool isThere) => job with
    {
        LookedAt = job.LookedAt + 1,
        Changed = job.Changed + (isThere ? 1 : 0),
    };

    private static ExportLine LineOf(ExportedMessage message, bool isThere) => new(
        NameOf("received", message.ReceivedAt, message.Id), "received", message.ReceivedAt, message.FromAddress,
        string.Join(' ', Parties.FromJson(message.PartiesJson).To.Select(party => party.Address)), message.Subject, message.Kind,
        isThere ? message.Malware : RawGone);

    private static ExportLine LineOf(ExportedLetter letter, bool isThere) => new(
        NameOf("sent", letter.CreatedAt, letter.Id), "sent", letter.CreatedAt, letter.MailboxAddress, letter.Correspondent, letter.Subject, letter.Origin,
        isThere ? letter.State : RawGone);

    private static string NameOf(string folder, DateTimeOffset at, Guid id) =>
        string.Create(CultureInfo.InvariantCulture, $"{folder}/{at.UtcDateTime:yyyy-MM-dd'T'HHmmss}Z-{id:N}.eml");
}

/// <summary>The job cannot be done; its message says what to do.</summary>
internal sealed class KeepingFailed(string sentence) : Exception(sentence);
