using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Messages;

/// <summary>Finds messages. Everything is bounded by organisation: a foreign id is simply not there.</summary>
internal sealed class StoredMessages(IStore store, RawMails raws)
{
    /// <summary>Of a <see cref="MessageLine"/>, from <c>message m</c>.</summary>
    public const string LineColumns = """
        m.id, m.app_id, m.conversation_id, m.kind, m.from_address, m.from_name, m.subject, substr(m.text, 1, 160) AS preview,
               m.verdict, m.received_at, m.state, m.state_reason
        """;

    private const string Line = $"SELECT {LineColumns} FROM message m";
    private const string OfAll = $"{Line} WHERE organisation_id = @organisation AND id < @start";
    private const string OfApp = $"{Line} WHERE organisation_id = @organisation AND app_id = @app AND id < @start";
    private const string Newest = "ORDER BY id DESC LIMIT @limit";

    /// <summary>Newest first, quarantined ones excluded.</summary>
    /// <param name="appId">Null: all apps of the organisation.</param>
    /// <param name="before">Null: from the newest.</param>
    /// <param name="limit">1 to 200.</param>
    public Task<MessagePage> ListAsync(Guid organisationId, Guid? appId, Guid? before, int limit, CancellationToken cancel) =>
        ListAsync(organisationId, appId, before, limit, quarantined: false, cancel);

    /// <summary>Those in quarantine only.</summary>
    /// <inheritdoc cref="ListAsync(Guid, Guid?, Guid?, int, CancellationToken)"/>
    public Task<MessagePage> QuarantinedAsync(Guid organisationId, Guid? appId, Guid? before, int limit, CancellationToken cancel) =>
        ListAsync(organisationId, appId, before, limit, quarantined: true, cancel);

    private async Task<MessagePage> ListAsync(
        Guid organisationId, Guid? appId, Guid? before, int limit, bool quarantined, CancellationToken cancel)
    {
        var take = ListPage.Of(limit);
        var start = before ?? Guid.AllBitsSet;
        var lines = await store.ReadAsync(
            tx => appId is { } app
                ? tx.For(organisationId).List<MessageLine>(
                    quarantined ? $"{OfApp} AND state = 'quarantined' {Newest}" : $"{OfApp} AND state <> 'quarantined' {Newest}",
                    new { app, start, limit = take + 1 })
                : tx.For(organisationId).List<MessageLine>(
                    quarantined ? $"{OfAll} AND state = 'quarantined' {Newest}" : $"{OfAll} AND state <> 'quarantined' {Newest}",
                    new { start, limit = take + 1 }),
            cancel);
        return lines.Count > take
            ? new MessagePage(lines.GetRange(0, take), lines[take - 1].Id)
            : new MessagePage(lines, null);
    }

    /// <returns>Null when this organisation has no such message.</returns>
    public Task<Message?> FindAsync(Guid organisationId, Guid id, CancellationToken cancel) =>
        store.ReadAsync(tx => MessageRows.Find(tx, organisationId, id), cancel);

    /// <summary>In the order of the MIME parts.</summary>
    public Task<List<Attachment>> AttachmentsAsync(Guid organisationId, Guid messageId, CancellationToken cancel) =>
        store.ReadAsync(tx => MessageRows.Attachments(tx, organisationId, messageId), cancel);

    /// <returns>Null when this organisation has no such message.</returns>
    public Task<MessageThread?> ThreadAsync(Guid organisationId, Guid messageId, CancellationToken cancel) =>
        store.ReadAsync(tx => MessageThread.Find(tx, organisationId, messageId), cancel);

    /// <summary>The receipt it came from and those of later copies, oldest first.</summary>
    public Task<List<Receipt>> ReceiptsAsync(Guid organisationId, Guid messageId, CancellationToken cancel) =>
        store.ReadAsync(tx => ReceiptRows.OfMessage(tx, organisationId, messageId), cancel);

    /// <summary>Oldest first; every state.</summary>
    public Task<List<MessageLine>> ConversationAsync(Guid organisationId, Guid conversationId, CancellationToken cancel) =>
        store.ReadAsync(
            tx => tx.For(organisationId).List<MessageLine>(
                $"{Line} WHERE organisation_id = @organisation AND conversation_id = @conversationId ORDER BY id LIMIT 1000",
                new { conversationId }),
            cancel);

    /// <summary>The mail as received, our own trace header on top.</summary>
    /// <returns>Null when this organisation has no such message, or its bytes are kept no longer.</returns>
    public async Task<Stream?> OpenSourceAsync(Guid organisationId, Guid id, CancellationToken cancel) =>
        await FindAsync(organisationId, id, cancel) is { RawPrunedAt: null } message
            ? await raws.OpenAsync(organisationId, message.RawId, cancel)
            : null;
}
