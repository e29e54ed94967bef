using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary><c>delta</c>: what is new, changed or gone in a folder since the last look, in pages when <c>$top</c> was asked for. A look
/// is remembered in memory with the query that it began with, the last thousand of them; an older link must begin again (410), as
/// after a month with Microsoft.</summary>
internal sealed class Deltas(Exchanges exchanges)
{
    private const int Most = 1000;
    private readonly ConcurrentDictionary<string, Look> _looks = new();
    private readonly ConcurrentQueue<string> _order = new();

    public async Task<GraphAnswer> AnswerAsync(
        GraphCall call, UserPlace owner, MailFolder folder, Func<IEnumerable<StoredMail>, Task<IReadOnlyList<JsonObject>>> read)
    {
        var mails = exchanges.Of(owner).Mail.List(owner.User.Address, folder).ToDictionary(mail => MessageJson.IdOf(mail.Id));
        var before = Before(call, owner, folder);
        var query = new ODataQuery(call.Request with { Query = before.Asked });
        var changed = await read(mails.Values.Where(mail => !before.Mails.TryGetValue(MessageJson.IdOf(mail.Id), out var seen) || seen != mail));
        JsonObject[] told = [.. query.Fitting(changed), .. before.Mails.Keys.Except(mails.Keys).Select(Removed)];
        var page = Math.Min(query.Top ?? told.Length, told.Length);
        var left = told[page..].Select(message => message["id"]!.GetValue<string>()).ToHashSet(); // each has one
        var token = Keep(call, before with
        {
            Mails = mails.Where(mail => !left.Contains(mail.Key)).Concat(before.Mails.Where(mail => left.Contains(mail.Key))).ToDictionary(),
        });
        return new GraphAnswer(StatusCodes.Status200OK, new JsonObject
        {
            ["@odata.context"] = GraphAnswer.Context("Collection(message)"),
            ["value"] = GraphJson.List(told[..page].Select(message => message.ContainsKey("@removed") ? message : query.Select(message, keepsId: true, MessageJson.Usual))),
            [left.Count > 0 ? "@odata.nextLink" : "@odata.deltaLink"] =
                $"{call.Request.Base}/{string.Join('/', call.Path.Select(Uri.EscapeDataString))}?{(left.Count > 0 ? "$skiptoken" : "$deltatoken")}={token}",
        });
    }

    private static JsonObject Removed(string id) => new() { ["@removed"] = new JsonObject { ["reason"] = "deleted" }, ["id"] = id };

    private Look Before(GraphCall call, UserPlace owner, MailFolder folder)
    {
        if ((call.Query.GetValueOrDefault("$deltatoken") ?? call.Query.GetValueOrDefault("$skiptoken")) is not { } token)
            return new Look(owner.User.Id, folder, call.Query, new Dictionary<string, StoredMail>());
        return _looks.TryGetValue(token, out var look) && look.Owner == owner.User.Id && look.Folder == folder
            ? look
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

    /// <param name="Asked">The query of the first look: the links need not repeat it.</param>
    /// <param name="Mails">What the caller knows, by Graph's id.</param>
    private sealed record Look(
        Guid Owner, MailFolder Folder, IReadOnlyDictionary<string, string> Asked, IReadOnlyDictionary<string, StoredMail> Mails);
}
