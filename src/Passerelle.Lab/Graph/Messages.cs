using System.Text.Json.Nodes;
using MimeKit;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>Messages: read, followed by delta, drafted, changed, answered, sent.</summary>
internal sealed class Messages(Exchanges exchanges, Sending sending, Attachments attachments, Deltas deltas)
{
    private const int PageSize = 10;

    /// <param name="folder">Null is the whole mailbox.</param>
    /// <param name="rest">Behind <c>messages</c>.</param>
    public async Task<GraphAnswer> AnswerAsync(GraphCall call, UserPlace owner, MailFolder? folder, string[] rest, CancellationToken cancel)
    {
        if (rest is [var id, .. var more] && id is not ("delta" or "$count"))
            return await OnOneAsync(call, new Letter(owner, Find(owner, folder, id)), more, cancel);
        return (call.Method, rest) switch
        {
            ("GET", []) => await ListAsync(call, owner, folder, cancel),
            ("POST", []) => await DraftAsync(call, owner, cancel),
            ("GET", ["delta"]) => await deltas.AnswerAsync(call, owner, folder ?? MailFolder.Inbox, mails => JsonAsync(call, owner, mails, cancel)),
            ("GET", ["$count"]) => new GraphAnswer(StatusCodes.Status200OK)
            {
                Bytes = System.Text.Encoding.ASCII.GetBytes(Mails(owner, folder).Count().ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ContentType = "text/plain",
            },
            _ => throw GraphFault.NoMethod(call.Method),
        };
    }

    private async Task<GraphAnswer> ListAsync(GraphCall call, UserPlace owner, MailFolder? folder, CancellationToken cancel)
    {
        var all = await JsonAsync(call, owner, Mails(owner, folder), cancel);
        return new ODataQuery(call.Request).Page($"users('{owner.User.Id}')/messages", all, PageSize, keepsId: true, usual: MessageJson.Usual);
    }

    private async Task<GraphAnswer> OnOneAsync(GraphCall call, Letter letter, string[] rest, CancellationToken cancel)
    {
        if (rest is ["attachments", .. var which]) return await attachments.AnswerAsync(call, letter.Owner, letter.Mail, which, cancel);
        var (owner, mail) = letter;
        return (call.Method, rest) switch
        {
            ("GET", []) => One(call, letter, await ReadAsync(owner, mail, cancel)),
            ("GET", ["$value"]) => new GraphAnswer(StatusCodes.Status200OK)
            {
                Bytes = await exchanges.Of(owner).Mail.ReadAsync(mail, cancel),
                ContentType = "text/plain",
                MessageId = mail.MessageId,
            },
            ("PATCH", []) => await PatchAsync(call, letter, cancel),
            ("DELETE", []) => Delete(letter),
            ("POST", ["move"]) => await MoveAsync(call, letter, cancel),
            ("POST", ["send"]) => await SendAsync(call, letter, cancel),
            ("POST", ["reply" or "replyAll"]) => await sending.SendAsync(call, owner, await AnswerOfAsync(call, letter, rest[0] == "replyAll", cancel), keepsCopy: true),
            ("POST", ["createReply" or "createReplyAll"]) => await KeepAsync(call, owner, await AnswerOfAsync(call, letter, rest[0] == "createReplyAll", cancel), cancel),
            (_, [var segment, ..]) => throw GraphFault.NoSegment(segment),
            _ => throw GraphFault.NoMethod(call.Method),
        };
    }

    private static GraphAnswer One(GraphCall call, Letter letter, MimeMessage mime) =>
        new ODataQuery(call.Request).One($"users('{letter.Owner.User.Id}')/messages", Shown(call, MessageJson.Of(letter.Mail, mime)), keepsId: true, usual: MessageJson.Usual) with
        {
            MessageId = letter.Mail.MessageId,
        };

    /// <summary>JSON, or the base64 of a whole mail.</summary>
    private async Task<GraphAnswer> DraftAsync(GraphCall call, UserPlace owner, CancellationToken cancel) => await KeepAsync(call, owner,
        call.Request.Header("Content-Type")?.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) == true
            ? Mailboxes.Mime(await call.BytesAsync(cancel))
            : MessageWriting.New(await call.BodyAsync(cancel), owner), cancel);

    private async Task<GraphAnswer> KeepAsync(GraphCall call, UserPlace owner, MimeMessage mime, CancellationToken cancel)
    {
        using var batch = new MailBatch();
        var kept = await exchanges.Of(owner).Mail.PrepareAsync(
            batch, owner.User.Address, MailFolder.Drafts, owner.User.Address, MessageWriting.Bytes(mime), cancel);
        batch.Keep();
        return One(call, new Letter(owner, kept), mime) with { Status = StatusCodes.Status201Created };
    }

    /// <summary>Of a received mail only whether it was read may change.</summary>
    private async Task<GraphAnswer> PatchAsync(GraphCall call, Letter letter, CancellationToken cancel)
    {
        var (owner, mail) = letter;
        var store = exchanges.Of(owner).Mail;
        var body = await call.BodyAsync(cancel);
        var mime = await ReadAsync(owner, mail, cancel);
        if (mail.Folder is MailFolder.Drafts)
        {
            MessageWriting.Apply(mime, body, owner);
            mail = await store.RewriteAsync(mail.Id, MessageWriting.Bytes(mime), cancel) ?? throw GraphFault.NoItem();
        }
        else if (body.Any(member => member.Key is "subject" or "body" or "toRecipients" or "ccRecipients" or "bccRecipients" or "from"))
        {
            throw new GraphFault(StatusCodes.Status400BadRequest, "ErrorInvalidPropertySet", "The property can only be set on a draft.");
        }

        if (body.Flag("isRead") is { } isRead) mail = store.Change(mail.Id, m => m.With(MailFlags.Seen, isRead)) ?? throw GraphFault.NoItem();
        return One(call, new Letter(owner, mail), mime);
    }

    /// <summary>Into Deleted Items; from there, and from Drafts, for ever.</summary>
    private GraphAnswer Delete(Letter letter)
    {
        var store = exchanges.Of(letter.Owner).Mail;
        if (letter.Mail.Folder is MailFolder.Deleted or MailFolder.Drafts) store.Delete(letter.Mail.Id);
        else store.Change(letter.Mail.Id, mail => mail with { Folder = MailFolder.Deleted });
        return GraphAnswer.NoContent;
    }

    private async Task<GraphAnswer> MoveAsync(GraphCall call, Letter letter, CancellationToken cancel)
    {
        var folder = MailFolders.Find((await call.BodyAsync(cancel)).Text("destinationId").Needed("destinationId", "move"));
        var moved = exchanges.Of(letter.Owner).Mail.Change(letter.Mail.Id, mail => mail with { Folder = folder }) ?? throw GraphFault.NoItem();
        return One(call, letter with { Mail = moved }, await ReadAsync(letter.Owner, moved, cancel)) with { Status = StatusCodes.Status201Created };
    }

    /// <summary>The draft goes when the mail is accepted.</summary>
    private async Task<GraphAnswer> SendAsync(GraphCall call, Letter letter, CancellationToken cancel)
    {
        if (letter.Mail.Folder is not MailFolder.Drafts) throw new GraphFault(StatusCodes.Status400BadRequest, "ErrorItemNotDraft", "Only a draft can be sent.");
        var sent = await sending.SendAsync(call, letter.Owner, await ReadAsync(letter.Owner, letter.Mail, cancel), keepsCopy: true);
        exchanges.Of(letter.Owner).Mail.Delete(letter.Mail.Id);
        return sent;
    }

    /// <summary>In the thread of what it answers: In-Reply-To and References are Exchange's to write.</summary>
    private async Task<MimeMessage> AnswerOfAsync(GraphCall call, Letter letter, bool all, CancellationToken cancel)
    {
        var (owner, mail) = letter;
        var body = await call.BodyAsync(cancel);
        var answered = await ReadAsync(owner, mail, cancel);
        var subject = answered.Subject ?? "";
        var mime = MessageWriting.New(new JsonObject { ["subject"] = subject.StartsWith("RE:", StringComparison.OrdinalIgnoreCase) ? subject : $"RE: {subject}" }, owner);
        mime.To.AddRange(answered.ReplyTo.Count > 0 ? answered.ReplyTo : answered.From);
        if (all) mime.Cc.AddRange(answered.To.Concat(answered.Cc).Mailboxes().Where(other => !owner.User.Answers(other.Address)));
        foreach (var reference in mail.References) mime.References.Add(reference);
        if (mail.MessageId is { } id)
        {
            mime.InReplyTo = id;
            if (!mime.References.Contains(id)) mime.References.Add(id);
        }

        if (body.Object("message") is { } message) MessageWriting.Apply(mime, message, owner);
        if (body.Text("comment") is { } comment)
            MessageWriting.Recompose(mime, parts => parts.TextBody = $"{comment}\r\n\r\n________________________________\r\n{answered.TextBody}");
        return mime;
    }

    /// <summary>Mail.ReadBasic alone shows no body, whatever is selected.</summary>
    private static JsonObject Shown(GraphCall call, JsonObject message)
    {
        if (!call.Has("Mail.Read", "Mail.ReadWrite", "Mail.Read.Shared", "Mail.ReadWrite.Shared") && call.Has("Mail.ReadBasic"))
        {
            message.Remove("body");
            message.Remove("bodyPreview");
        }

        return message;
    }

    /// <summary>Newest first. What is in quarantine is in no mailbox.</summary>
    private IEnumerable<StoredMail> Mails(UserPlace owner, MailFolder? folder) => folder is { } one
        ? exchanges.Of(owner).Mail.List(owner.User.Address, one)
        : MailFolders.All.SelectMany(f => exchanges.Of(owner).Mail.List(owner.User.Address, f.Folder)).OrderByDescending(mail => mail.ReceivedAt);

    private StoredMail Find(UserPlace owner, MailFolder? folder, string id) =>
        MessageJson.Id(id) is { } mailId && exchanges.Of(owner).Mail.Find(mailId) is { } mail && mail.Mailbox == MailAddress.Key(owner.User.Address)
            && mail.Folder is not MailFolder.Quarantine && (folder is null || mail.Folder == folder)
            ? mail
            : throw GraphFault.NoItem();

    private async Task<IReadOnlyList<JsonObject>> JsonAsync(
        GraphCall call, UserPlace owner, IEnumerable<StoredMail> mails, CancellationToken cancel)
    {
        var all = new List<JsonObject>();
        foreach (var mail in mails) all.Add(Shown(call, MessageJson.Of(mail, await ReadAsync(owner, mail, cancel))));
        return all;
    }

    private async Task<MimeMessage> ReadAsync(UserPlace owner, StoredMail mail, CancellationToken cancel) =>
        await MimeMessage.LoadAsync(new MemoryStream(await exchanges.Of(owner).Mail.ReadAsync(mail, cancel)), cancel);

    private sealed record Letter(UserPlace Owner, StoredMail Mail);
}

file static class AddressLists
{
    public static IEnumerable<MailboxAddress> Mailboxes(this IEnumerable<InternetAddress> addresses) => addresses.OfType<MailboxAddress>();
}
