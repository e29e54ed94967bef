using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Mail;

namespace Passerelle.Gateway.Events.Webhooks;

/// <summary>Hands what happened to the webhooks that want it: from a row of the outbox to one delivery for each of them, in one write.</summary>
internal sealed class EventTelling(IStore store, Installations installations, Signals signals, TimeProvider time)
{
    private const int AtOnce = 50;

    /// <returns>Events taken from the outbox.</returns>
    public async Task<int> TellAsync(CancellationToken cancel)
    {
        var (happened, webhooks) = await store.ReadAsync(Look, cancel);
        if (happened.Count == 0) return 0;
        var url = (await installations.FindAsync(cancel))?.PublicUrl ?? "";
        var now = time.GetUtcNow();
        var told = happened.ConvertAll(one => (one.Row, Deliveries: DeliveriesOf(one, webhooks[one.Row.OrganisationId], url, now)));
        await store.WriteAsync(
            Lane.Maintenance,
            tx =>
            {
                foreach (var (row, deliveries) in told)
                {
                    if (!OutboxRows.Take(tx, row)) continue;
                    foreach (var delivery in deliveries) DeliveryRows.Insert(tx, delivery);
                }
                return true;
            },
            cancel);
        signals.Deliveries.Raise();
        return happened.Count;
    }

    private static (List<Happened> Happened, Dictionary<Guid, List<Webhook>> Webhooks) Look(Tx tx)
    {
        var happened = OutboxRows.Oldest(tx, AtOnce).ConvertAll(row => new Happened(
            row,
            row.LetterId is { } letter ? OutboxRows.Letter(tx, row.OrganisationId, letter) : null,
            row.MessageId is { } message ? OutboxRows.Message(tx, row.OrganisationId, message) : null));
        return (happened, happened.Select(one => one.Row.OrganisationId).Distinct().ToDictionary(id => id, id => WebhookRows.List(tx, id)));
    }

    /// <summary>Our own round-trip mails are nobody's business, and what was erased meanwhile is not told any more.</summary>
    private static List<WebhookDelivery> DeliveriesOf(Happened happened, List<Webhook> webhooks, string url, DateTimeOffset now)
    {
        var row = happened.Row;
        if (happened.Message?.Kind == MailKind.Canary.Word()) return [];
        if ((row.LetterId is not null && happened.Letter is null) || (row.MessageId is not null && happened.Message is null)) return [];
        var wanting = webhooks.Where(webhook => webhook.Wants(row.Type)).ToList();
        if (wanting.Count == 0) return [];
        var (subject, data) = About(happened, url);
        var body = CloudEvent.Of(row.Id, url, row.OrganisationId, row.Type, subject, row.At, data);
        return wanting.ConvertAll(webhook => WebhookDelivery.New(webhook, row.Id, row.Type, body, now) with { LetterId = row.LetterId, MessageId = row.MessageId });
    }

    private static (string Subject, object Data) About(Happened happened, string url) => happened switch
    {
        { Message: { } message } => ($"messages/{message.Id}", new
        {
            messageId = message.Id,
            appId = message.AppId,
            conversationId = message.ConversationId,
            kind = message.Kind,
            from = new { address = message.FromAddress, name = message.FromName },
            subject = message.Subject,
            verdict = message.Verdict,
            receivedAt = message.ReceivedAt,
            page = $"{url}/messages/{message.Id}",
        }),
        { Letter: { } letter } => ($"letters/{letter.Id}", new
        {
            letterId = letter.Id,
            appId = letter.AppId,
            conversationId = letter.ConversationId,
            subject = letter.Subject,
            internetId = letter.InternetId,
            state = letter.State,
            address = happened.Row.Address,
            words = happened.Row.Words,
            reference = letter.Reference,
            data = letter.Data,
        }),
        _ => ($"addresses/{happened.Row.Address}", new { address = happened.Row.Address, words = happened.Row.Words }),
    };

    private sealed record Happened(OutboxRow Row, LetterFacts? Letter, MessageFacts? Message);
}

/// <summary>Looks whenever a stage has done something, at most ten times a second: mail in a rush is handed on by the handful.</summary>
internal sealed class EventTellingWorker(EventTelling telling, Signals signals, TimeProvider time, ILogger<EventTellingWorker> log) : BackgroundService
{
    private static readonly TimeSpan LookBySelf = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listener = signals.Views.Listen();
        try
        {
            while (true)
            {
                await LookAsync(stoppingToken);
                await listener.WaitAsync(LookBySelf, time, stoppingToken);
                await Task.Delay(Pace, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping: the rows are there
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            while (await telling.TellAsync(cancel) > 0) cancel.ThrowIfCancellationRequested();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.EventsFault(fault);
        }
    }
}
