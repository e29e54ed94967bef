using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Portal.Tests;

/// <summary>Bytes as Receiving leaves them, read by the running gateway.</summary>
internal static class ArrivedMail
{
    /// <returns>The ids of the messages, in the order of the mails, once all are read.</returns>
    public static async Task<IReadOnlyList<Guid>> ReadAsync(RunningGateway gateway, EmailApp app, IEnumerable<byte[]> mails, CancellationToken cancel)
    {
        var (store, signals, now) = (gateway.Services.GetRequiredService<IStore>(), gateway.Services.GetRequiredService<Signals>(), gateway.Services.GetRequiredService<TimeProvider>().GetUtcNow());
        var ids = new List<Guid>();
        using var changed = signals.Views.Listen();
        foreach (var (mail, number) in mails.Select((mail, number) => (mail, number)))
        {
            var (id, at) = (Guid.CreateVersion7(now.AddSeconds(number)), now.AddSeconds(number));
            ids.Add(id);
            await store.WriteAsync(
                Lane.Work,
                tx =>
                {
                    RawMails.Insert(tx, app.OrganisationId, id, mail, at);
                    ReceiptRows.Insert(tx, ReceiptOf(app, id, mail.Length, at));
                    return true;
                },
                cancel);
        }
        signals.Receipts.Raise();
        var messages = gateway.Services.GetRequiredService<StoredMessages>();
        foreach (var id in ids)
        {
            while (await messages.FindAsync(app.OrganisationId, id, cancel) is null) await changed.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System, cancel);
        }
        return ids;
    }

    public static Receipt ReceiptOf(EmailApp app, Guid id, int size, DateTimeOffset at) => new()
    {
        OrganisationId = app.OrganisationId,
        Id = id,
        AppId = app.Id,
        EnvelopeFrom = "carla@fabrikam.example",
        EnvelopeTo = app.ForwardingAddress,
        RawId = id,
        Size = size,
        ReceivedAt = at,
        Helo = "mail.contoso.example",
        RemoteAddress = "127.0.0.1",
        Tls = "",
        SessionId = "1",
    };
}
