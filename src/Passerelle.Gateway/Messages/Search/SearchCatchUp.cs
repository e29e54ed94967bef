using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Messages.Search;

/// <summary>Makes messages findable that an earlier release stored without their words. It runs once in a store's life, a few messages a
/// turn, newest last; whatever is read meanwhile is findable by itself.</summary>
internal sealed class SearchCatchUp(IStore store, TimeProvider time, ILogger<SearchCatchUp> log) : BackgroundService
{
    private const string Done = "search-complete";
    private const int MessagesATurn = 50;
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await CatchUpAsync(stoppingToken);
                return;
            }
            catch (StoreUnavailable trouble)
            {
                log.SearchCatchUpWaits(trouble);
                await Task.Delay(AfterTrouble, time, stoppingToken);
            }
        }
    }

    /// <returns>Messages that were made findable.</returns>
    public async Task<int> CatchUpAsync(CancellationToken cancel)
    {
        if (await store.ReadAsync(IsDone, cancel)) return 0;
        var (found, organisation, last) = (0, Guid.Empty, Guid.Empty);
        while (await store.ReadAsync(tx => After(tx, organisation, last), cancel) is { Count: > 0 } messages)
        {
            (organisation, last) = (messages[^1].OrganisationId, messages[^1].Id);
            foreach (var message in messages) found += await AddAsync(message, cancel) ? 1 : 0;
        }
        await store.WriteAsync(Lane.Maintenance, MarkDone, cancel);
        if (found > 0) log.SearchCaughtUp(found);
        return found;
    }

    private async Task<bool> AddAsync(Message message, CancellationToken cancel)
    {
        var (isFindable, attachments, others) = await store.ReadAsync(
            tx => (SearchRows.IsFindable(tx, message.OrganisationId, message.Id), MessageRows.Attachments(tx, message.OrganisationId, message.Id), OtherIds(tx, message)), cancel);
        if (isFindable) return false;
        var entry = SearchEntry.Of(message, attachments, others);
        return await store.WriteAsync(
            Lane.Maintenance,
            tx =>
            {
                if (SearchRows.IsFindable(tx, message.OrganisationId, message.Id) || MessageRows.Find(tx, message.OrganisationId, message.Id)?.Text != message.Text) return false;
                SearchRows.Insert(tx, message, entry);
                return true;
            },
            cancel);
    }

    private static bool IsDone(Tx tx) => tx.Across("installation").One<long>("SELECT COUNT(*) FROM installation WHERE name = @Done", new { Done }) > 0;

    private static bool MarkDone(Tx tx) => tx.Across("installation").Execute(
        "INSERT INTO installation (name, value) VALUES (@Done, '') ON CONFLICT (name) DO NOTHING", new { Done }) > 0;

    private static List<Message> After(Tx tx, Guid organisation, Guid last) => tx.Across("messages of all organisations, once").List<Message>(
        $"""
        -- across: messages of all organisations, once
        SELECT {MessageRows.Columns} FROM message WHERE (organisation_id, id) > (@organisation, @last)
        ORDER BY organisation_id, id LIMIT @MessagesATurn
        """,
        new { organisation, last, MessagesATurn });

    private static List<string> OtherIds(Tx tx, Message message) => tx.For(message.OrganisationId).List<string>(
        """
        SELECT internet_id FROM message_alias WHERE organisation_id = @organisation AND app_id = @AppId AND message_id = @Id
        """,
        new { message.AppId, message.Id });
}
