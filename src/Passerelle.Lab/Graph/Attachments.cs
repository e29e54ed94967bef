using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using MimeKit;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>The files of a message: read from any, added to and taken from a draft.</summary>
internal sealed class Attachments(Exchanges exchanges, Uploads uploads)
{
    /// <summary>A file of that size and more needs an upload session (facts §4.3).</summary>
    private const int SmallFile = 3 * 1024 * 1024;

    private static readonly string[] InLists = ["@odata.type", "@odata.mediaContentType", "id", "lastModifiedDateTime", "name", "contentType", "size", "isInline", "contentId", "contentBytes"];

    /// <param name="rest">Behind <c>attachments</c>.</param>
    public async Task<GraphAnswer> AnswerAsync(GraphCall call, UserPlace owner, StoredMail mail, string[] rest, CancellationToken cancel)
    {
        var context = $"users('{owner.User.Id}')/messages('{MessageJson.IdOf(mail.Id)}')/attachments";
        if (call.Method == "GET")
        {
            var mime = await ReadAsync(owner, mail, cancel);
            return rest switch
            {
                [] => new ODataQuery(call.Request).Page(context, MessageWriting.Files(mime).Select(file => Json(mail, file)), 100, keepsId: true, usual: InLists),
                [var id] => new ODataQuery(call.Request).One(context, Json(mail, Find(mime, id)), keepsId: true),
                [var id, "$value"] => new GraphAnswer(StatusCodes.Status200OK) { Bytes = Bytes(Find(mime, id)), ContentType = Find(mime, id).ContentType.MimeType },
                _ => throw GraphFault.NoSegment(rest[^1]),
            };
        }

        if (mail.Folder is not MailFolder.Drafts) throw GraphFault.AccessDenied();
        switch (call.Method, rest)
        {
            case ("POST", []):
                var file = MessageWriting.Attachment(await call.BodyAsync(cancel));
                if (Bytes(file).Length >= SmallFile)
                    throw new GraphFault(StatusCodes.Status413RequestEntityTooLarge, "ErrorMessageSizeExceeded", "A file of 3 MB or more needs an upload session.");
                return GraphAnswer.Made(context + "/$entity", Json(mail, await AddAsync(owner, mail, file, cancel)));
            case ("POST", ["createUploadSession"]):
                return uploads.Open(call, owner, mail, await call.BodyAsync(cancel));
            case ("DELETE", [var id]):
                await EditAsync(owner, mail, (mime, parts) => parts.Attachments.Remove(Find(mime, id)), cancel);
                return GraphAnswer.NoContent;
            default:
                throw GraphFault.NoMethod(call.Method);
        }
    }

    public async Task<MimePart> AddAsync(UserPlace owner, StoredMail mail, MimePart file, CancellationToken cancel)
    {
        await EditAsync(owner, mail, (_, parts) => parts.Attachments.Add(file), cancel);
        return file;
    }

    public static string IdOf(MimePart file) =>
        "AAMkT" + WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.UTF8.GetBytes($"{file.ContentId}\n{file.FileName}")).AsSpan(0, 18));

    private async Task EditAsync(UserPlace owner, StoredMail mail, Action<MimeMessage, BodyBuilder> edit, CancellationToken cancel)
    {
        var mime = await ReadAsync(owner, mail, cancel);
        MessageWriting.Recompose(mime, parts => edit(mime, parts));
        if (await exchanges.Of(owner).Mail.RewriteAsync(mail.Id, MessageWriting.Bytes(mime), cancel) is null) throw GraphFault.NoItem();
    }

    private async Task<MimeMessage> ReadAsync(UserPlace owner, StoredMail mail, CancellationToken cancel) =>
        await MimeMessage.LoadAsync(new MemoryStream(await exchanges.Of(owner).Mail.ReadAsync(mail, cancel)), cancel);

    private static MimePart Find(MimeMessage mime, string id) => MessageWriting.Files(mime).FirstOrDefault(file => IdOf(file) == id) ?? throw GraphFault.NoItem();

    private static byte[] Bytes(MimePart file)
    {
        using var bytes = new MemoryStream();
        file.Content?.DecodeTo(bytes);
        return bytes.ToArray();
    }

    private static JsonObject Json(StoredMail mail, MimePart file)
    {
        var bytes = Bytes(file);
        return new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.fileAttachment",
            ["@odata.mediaContentType"] = file.ContentType.MimeType,
            ["id"] = IdOf(file),
            ["lastModifiedDateTime"] = GraphJson.Moment(mail.ReceivedAt),
            ["name"] = file.FileName,
            ["contentType"] = file.ContentType.MimeType,
            ["size"] = bytes.Length,
            ["isInline"] = !file.IsAttachment,
            ["contentId"] = file.ContentId,
            ["contentBytes"] = Convert.ToBase64String(bytes),
        };
    }
}
