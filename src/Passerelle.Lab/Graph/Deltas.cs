using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary><c>delta</c>: what is new, changed or gone in a folder since the last look. A look is remembered in memory, the last
/// thousand of them; an older link must begin again (410), as after a month with Microsoft.</summary>
internal sealed class Deltas(Exchanges exchanges)
{
    private const int Most = 1000;
    private readonly ConcurrentDictionary<string, Look> _looks = new();
    private readonly ConcurrentQueue<string> _order = new();

    public async Task<GraphAnswer> AnswerAsync(
        GraphCall call, UserPlace owner, MailFolder folder, Func<IEnumerable<StoredMail>, Task<IReadOnlyList<JsonObject>>> read)
    {
        var mails = exchanges.Of(owner).Mail.List(owner.User.Address, folder).ToDictionary(mail => mail.Id);
        var before = Before(call, owner, folder);
        var changed = await read(mails.Values.Where(mail => !before.TryGetValue(mail.Id, out var seen) || seen != mail));
        var gone = before.Keys.Where(id => !mails.ContainsKey(id)).Select(id => new JsonObject
        {
            ["@removed"] = new JsonObject { ["reason"] = "deleted" },
            ["id"] = MessageJson.IdOf(id),
        });
        foreach (var message in changed) message.Remove("internetMessageHeaders");
        var token = Keep(call, new Look(owner.User.Id, folder, mails));
        return new GraphAnswer(StatusCodes.Status200OK, new JsonObject
        {
            ["@odata.context"] = GraphAnswer.Context("Collection(message)"),
            ["value"] = GraphJson.List(changed.Concat(gone)),
            ["@odata.deltaLink"] = $"{call.Request.Base}/{string.Join('/', call.Path.Select(Uri.EscapeDataString))}?$deltatoken={token}",
        });
    }

    private IReadOnlyDictionary<Guid, StoredMail> Before(GraphCall call, UserPlace owner, MailFolder folder)
    {
        if (call.Query.GetValueOrDefault("$deltatoken") is not { } token) return new Dictionary<Guid, StoredMail>();
        return _looks.TryGetValue(token, out var look) && look.Owner == owner.User.Id && look.Folder == folder
            ? look.Mails
            : throw new GraphFault(StatusCodes.Status410Gone, "SyncStateNotFound", "The sync state generation is not found; the full sync is required.");
    }

    private string Keep(GraphCall call, Look look)
    {
        var token = call.Lab.NewId().ToString("N");
        _looks[token] = look;
        _order.Enqueue(token);
        if (_order.Count > Most && _order.TryDequeue(out var oldest)) _looks.TryRemove(oldest, out _);
        return token;
    }

    private sealed record Look(Guid Owner, MailFolder Folder, IReadOnlyDictionary<Guid, StoredMail> Mails);
}
