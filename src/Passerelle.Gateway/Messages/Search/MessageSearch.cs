using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Messages.Search;

/// <summary>Finds messages by what they say and what they are.</summary>
internal sealed class MessageSearch(IStore store, StoredMessages messages)
{
    /// <summary>Newest first, quarantined ones left out where they are not asked for.</summary>
    /// <param name="before">The <c>Next</c> of the page before; null: from the newest.</param>
    /// <param name="limit">1 to 200.</param>
    /// <exception cref="TimeoutException">What was asked for takes longer than a read may.</exception>
    public async Task<MessagePage> FindAsync(Guid organisationId, SearchOrder order, Guid? before, int limit, CancellationToken cancel)
    {
        if (order is { IsList: true, Quarantined: true }) return await messages.QuarantinedAsync(organisationId, order.AppId, before, limit, cancel);
        if (order.IsList) return await messages.ListAsync(organisationId, order.AppId, before, limit, cancel);
        if (order.Query.IsOnlySigns) return new MessagePage([], null);
        var take = ListPage.Of(limit);
        var lines = await store.ReadAsync(tx => SearchRows.Find(tx, organisationId, order, before, take + 1, SearchReach.Usual), cancel);
        return lines.Count > take ? new MessagePage(lines.GetRange(0, take), lines[take - 1].Id) : new MessagePage(lines, null);
    }
}
