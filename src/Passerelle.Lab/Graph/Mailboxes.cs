using System.Text;
using System.Text.Json.Nodes;
using MimeKit;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>The mail of one mailbox: <c>/me/…</c> and <c>/users/{id}/…</c>.</summary>
internal sealed class Mailboxes(Exchanges exchanges, Sending sending, Messages messages, Throttle throttle)
{
    private static readonly string[] Read = ["Mail.Read", "Mail.ReadWrite", "Mail.ReadBasic"];

    /// <summary>Whether it is about mail at all.</summary>
    public static bool Knows(string[] path) => path is [_, _, "sendMail" or "messages" or "mailFolders", ..];

    /// <param name="path"><c>users</c>, the id, and what follows.</param>
    public async Task<GraphAnswer> AnswerAsync(GraphCall call, string[] path, CancellationToken cancel)
    {
        var (id, rest) = (path[1], path[2..]);
        var sends = rest is ["sendMail"] or ["messages", _, "send" or "reply" or "replyAll"];
        var owner = MailboxDoor.Open(call, id, sends, Needed(call, rest, sends));
        using var place = throttle.Enter(call, owner.User);
        return (call.Method, rest) switch
        {
            ("POST", ["sendMail"]) => await SendMailAsync(call, owner, cancel),
            ("GET", ["mailFolders"]) => Folders(call, owner),
            ("GET", ["mailFolders", var folder]) => Folder(call, owner, folder),
            (_, ["mailFolders", var folder, "messages", .. var more]) => await messages.AnswerAsync(call, owner, MailFolders.Find(folder), more, cancel),
            (_, ["messages", .. var more]) => await messages.AnswerAsync(call, owner, null, more, cancel),
            (_, ["sendMail" or "mailFolders"]) => throw GraphFault.NoMethod(call.Method),
            _ => throw GraphFault.NoSegment(rest[^1]),
        };
    }

    /// <summary>Reading goes with the smallest permission, attachments and bodies with Mail.Read, writing with Mail.ReadWrite.</summary>
    private static string[] Needed(GraphCall call, string[] rest, bool sends) =>
        sends ? ["Mail.Send"]
        : call.Method != "GET" ? ["Mail.ReadWrite"]
        : rest is [_, _, "$value" or "attachments", ..] or [_, _, _, _, "$value" or "attachments", ..] ? ["Mail.Read", "Mail.ReadWrite"]
        : Read;

    private async Task<GraphAnswer> SendMailAsync(GraphCall call, UserPlace owner, CancellationToken cancel)
    {
        if (call.Request.Header("Content-Type")?.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) == true)
            return await sending.SendAsync(call, owner, Mime(await call.BytesAsync(cancel)), keepsCopy: true);
        var body = await call.BodyAsync(cancel);
        var message = body.Object("message") ?? body.Object("Message") ?? throw GraphFault.Bad("A value is required for parameter 'Message'.");
        var keepsCopy = body.Flag("saveToSentItems") ?? body.Flag("SaveToSentItems") ?? true;
        return await sending.SendAsync(call, owner, MessageWriting.New(message, owner), keepsCopy);
    }

    /// <summary>The base64 of a whole mail (facts §4.3).</summary>
    public static MimeMessage Mime(byte[] base64)
    {
        try
        {
            return MimeMessage.Load(new MemoryStream(Convert.FromBase64String(Encoding.ASCII.GetString(base64))));
        }
        catch (FormatException) // of the base64, or of the mail
        {
            throw new GraphFault(StatusCodes.Status400BadRequest, "ErrorMimeContentInvalidBase64String", "Invalid base64 string for MIME content.");
        }
    }

    private GraphAnswer Folders(GraphCall call, UserPlace owner)
    {
        var store = exchanges.Of(owner).Mail;
        return new ODataQuery(call.Request).Page($"users('{owner.User.Id}')/mailFolders",
            MailFolders.All.Select(folder => MailFolders.Json(store, owner.User.Address, folder.Folder)), 10, keepsId: true);
    }

    private GraphAnswer Folder(GraphCall call, UserPlace owner, string folder)
    {
        JsonObject json = MailFolders.Json(exchanges.Of(owner).Mail, owner.User.Address, MailFolders.Find(folder));
        return new ODataQuery(call.Request).One($"users('{owner.User.Id}')/mailFolders", json, keepsId: true);
    }
}
