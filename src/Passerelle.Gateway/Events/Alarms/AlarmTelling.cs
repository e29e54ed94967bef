using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Events.Webhooks;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>
/// From changes of alarms to rows that workers execute: one mail for all apps that changed together, so that a consent
/// withdrawn from a hundred apps is one mail, and one call of the webhook for each.
/// </summary>
internal sealed class AlarmTelling(
    IStore store, Installations installations, Signals signals, TimeProvider time, ILogger<AlarmTelling> log)
{
    /// <summary>The alarms and their notices in one write per organisation.</summary>
    public async Task TellAsync(IReadOnlyList<AlarmChange> changes, CancellationToken cancel)
    {
        foreach (var ours in changes.GroupBy(change => change.Alarm.OrganisationId)) await TellAsync(ours.Key, [.. ours], cancel);
    }

    /// <summary>Sends a test by every way that is set.</summary>
    /// <returns>Ways: 0 to 2.</returns>
    public async Task<int> TestAsync(Guid organisationId, CancellationToken cancel)
    {
        var targets = await store.ReadAsync(tx => AlarmSettings.Find(tx, organisationId), cancel);
        var now = time.GetUtcNow();
        var item = new AlarmItem(
            Guid.Empty, "", "", AlarmNotice.Test, AlarmNotice.Test, 0, now,
            new Finding("test", "", Finding.Right, Finding.Seen, "A person pressed the button", "", ""));
        var notices = Notices(organisationId, targets, await UrlAsync(cancel), [(item, null)], now);
        await store.WriteAsync(Lane.Work, tx => Write(tx, notices), cancel);
        signals.Notices.Raise();
        return notices.Count;
    }

    private async Task TellAsync(Guid organisationId, IReadOnlyList<AlarmChange> changes, CancellationToken cancel)
    {
        var (targets, apps, webhooks, writers) = await store.ReadAsync(
            tx => (
                AlarmSettings.Find(tx, organisationId),
                AppRows.List(tx, organisationId).ToDictionary(app => app.Id),
                WebhookRows.List(tx, organisationId),
                changes.Where(change => change.Alarm.Kind == Alarm.Late).ToDictionary(change => change.Alarm.Id, change => LateAnswers.WriterOf(tx, change.Alarm) ?? "")),
            cancel);
        var now = time.GetUtcNow();
        var told = changes.Where(change => change.Event != AlarmChange.Cleared || IsToldWhenOver(change.Alarm, apps.GetValueOrDefault(change.Alarm.AppId)))
            .Select(change => (
                Item(change, apps.GetValueOrDefault(change.Alarm.AppId)) with { Writer = writers.GetValueOrDefault(change.Alarm.Id, "") }, (Alarm?)change.Alarm)).ToList();
        var url = await UrlAsync(cancel);
        var notices = Notices(organisationId, targets, url, told, now);
        var deliveries = Deliveries(organisationId, webhooks, url, told.ConvertAll(one => one.Item1), now);
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                if (!changes.All(change => AlarmRows.Write(tx, change))) throw new AlarmsMoved();
                CredentialStates.Follow(tx, organisationId, changes, now);
                foreach (var delivery in deliveries) DeliveryRows.Insert(tx, delivery);
                return Write(tx, notices);
            },
            cancel);
        foreach (var change in changes) log.AlarmTold(change.Alarm.Id, change.Alarm.AppId, change.Alarm.Kind, change.Event);
        signals.Notices.Raise();
        signals.Deliveries.Raise();
        signals.Views.Raise();
    }

    /// <summary>Paused, retired or back to a draft: somebody did that, and needs no mail about it. A late answer that has left is no news.</summary>
    private static bool IsToldWhenOver(Alarm alarm, EmailApp? app) =>
        alarm.Kind != Alarm.Late && app is { State: AppState.Connected or AppState.Degraded or AppState.Broken };

    /// <summary>For the webhooks that want alarms among other events.</summary>
    private static List<WebhookDelivery> Deliveries(Guid organisationId, List<Webhook> webhooks, string url, List<AlarmItem> items, DateTimeOffset now) =>
    [
        .. from item in items
           let type = $"alarm.{item.Event}"
           let wanting = webhooks.Where(webhook => webhook.Wants(type)).ToList()
           where wanting.Count > 0
           let id = Guid.CreateVersion7(now)
           let body = AlarmEvent.Of(id, url, organisationId, item, now)
           from webhook in wanting
           select WebhookDelivery.New(webhook, id, type, body, now),
    ];

    private static AlarmItem Item(AlarmChange change, EmailApp? app) => new(
        change.Alarm.AppId, app?.AssetName ?? "", app?.EmailId ?? "", change.Alarm.Kind, change.Event, change.Alarm.Level,
        change.Alarm.RaisedAt, change.Alarm.What)
    {
        Subject = change.Alarm.Subject,
    };

    private static List<AlarmNotice> Notices(
        Guid organisationId, AlarmTargets targets, string url, IReadOnlyList<(AlarmItem Item, Alarm? Alarm)> told, DateTimeOffset now)
    {
        return
        [
            .. from mail in told.GroupBy(one => (one.Item.Event, To: one.Item.Writer.Length > 0 ? one.Item.Writer : string.Join('\n', targets.Addresses)))
               where mail.Key.To.Length > 0
               let only = mail.Count() == 1 ? mail.First().Alarm : null
               select New(AlarmNotice.Mail, mail.Key.To, mail.Key.Event, JsonSerializer.Serialize(mail.Select(one => one.Item)), only),
            .. from one in told
               where targets.WebhookUrl.Length > 0
               let id = Guid.CreateVersion7(now)
               select New(AlarmNotice.Webhook, targets.WebhookUrl, one.Item.Event, AlarmEvent.Of(id, url, organisationId, one.Item, now), one.Alarm) with { Id = id },
        ];

        AlarmNotice New(string way, string target, string @event, string body, Alarm? alarm) => new()
        {
            OrganisationId = organisationId,
            Id = Guid.CreateVersion7(now),
            AlarmId = alarm?.Id,
            AppId = alarm?.AppId,
            Event = @event,
            Way = way,
            Target = target,
            Body = body,
            CreatedAt = now,
            DueAt = now,
        };
    }

    private static bool Write(Tx tx, List<AlarmNotice> notices)
    {
        foreach (var notice in notices) AlarmNotices.Insert(tx, notice);
        return true;
    }

    private async Task<string> UrlAsync(CancellationToken cancel) => (await installations.FindAsync(cancel))?.PublicUrl ?? "";
}

/// <summary>Another process wrote these alarms first: nothing was written, and the next look sees what is so.</summary>
internal sealed class AlarmsMoved() : Exception("The alarms were written by another process");
