using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>Upload sessions for large files (facts §4.3): the address is the key, so no Authorization header may come with it.
/// In memory; the oldest gives way when there are too many.</summary>
internal sealed partial class Uploads(Throttle throttle)
{
    public const string Path = "/api/gv1.0/uploads";
    private const int Most = 16;

    /// <summary>Whether Microsoft's 3 MB are these or 3 × 2^20 is not known: the lab takes what lies between either way.</summary>
    private const long SmallestFile = 3_000_000;
    private const long LargestFile = 150L * 1024 * 1024;
    private const int LargestChunk = 4 * 1024 * 1024;
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);
    private readonly ConcurrentDictionary<string, Session> _sessions = new();

    public GraphAnswer Open(GraphCall call, UserPlace owner, StoredMail mail, JsonObject body)
    {
        var item = body.Object("AttachmentItem") ?? body.Object("attachmentItem") ?? throw GraphFault.Bad("A value is required for parameter 'AttachmentItem'.");
        if (item["size"] is not JsonValue value || !value.TryGetValue(out long size)) throw GraphFault.Bad("A value is required for property 'size' of resource 'AttachmentItem'.");
        if (size < SmallestFile)
            throw new GraphFault(StatusCodes.Status400BadRequest, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize", "The attachment size must be at least 3 MB.");
        if (size > LargestFile)
            throw new GraphFault(StatusCodes.Status413RequestEntityTooLarge, "ErrorAttachmentSizeLimitExceeded", "The attachment size exceeds 150 MB.");
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        while (_sessions.Count >= Most && _sessions.MinBy(s => s.Value.Until) is { Key: { } oldest }) _sessions.TryRemove(oldest, out _);
        var session = new Session(owner, call.Token.ClientId, mail.Id, item.Text("name").Needed("name", "AttachmentItem"), item.Text("contentType"), size, call.Lab.Time.GetUtcNow() + Life)
        {
            ContentId = item.Flag("isInline") == true ? item.Text("contentId") : null,
        };
        _sessions[id] = session;
        return GraphAnswer.Made("microsoft.graph.uploadSession", new JsonObject
        {
            ["uploadUrl"] = $"{call.Request.Base[..^"/v1.0".Length]}{Path}/{id}",
            ["expirationDateTime"] = GraphJson.Moment(session.Until),
            ["nextExpectedRanges"] = new JsonArray("0-"),
        });
    }

    /// <param name="range">The Content-Range header.</param>
    public async Task<GraphAnswer> PutAsync(string id, string range, GraphRequest request, Attachments attachments, Exchanges exchanges, CancellationToken cancel)
    {
        if (request.Header("Authorization") is { Length: > 0 }) throw GraphFault.Unauthenticated("The upload address is its own authorization: send no Authorization header.");
        var session = Find(id);
        var bytes = await request.Read(LargestChunk, cancel);
        await session.Turn.WaitAsync(cancel);
        try
        {
            if (ContentRange().Match(range) is not { Success: true } parsed || Number(parsed, 3) != session.Size
                || Number(parsed, 2) - Number(parsed, 1) + 1 != bytes.Length || Number(parsed, 1) != session.Received.Length)
            {
                throw new GraphFault(StatusCodes.Status416RangeNotSatisfiable, "ErrorInvalidRange", $"Expected the bytes from {session.Received.Length}.");
            }

            var limits = session.Owner.Lab.State.Directory(session.Owner.Directory.Id)?.GraphLimits ?? new GraphLimits();
            throttle.Upload(session.Owner.Lab, session.App, session.Owner.User.Id, limits, bytes.Length);
            session.Received.Write(bytes);
            if (session.Received.Length < session.Size)
            {
                return new GraphAnswer(StatusCodes.Status200OK, new JsonObject
                {
                    ["expirationDateTime"] = GraphJson.Moment(session.Until),
                    ["nextExpectedRanges"] = new JsonArray(string.Create(CultureInfo.InvariantCulture, $"{session.Received.Length}-")),
                });
            }

            return await FinishAsync(id, session, request, attachments, exchanges, cancel);
        }
        finally
        {
            session.Turn.Release();
        }
    }

    public GraphAnswer Drop(string id)
    {
        Find(id);
        _sessions.TryRemove(id, out _);
        return GraphAnswer.NoContent;
    }

    private async Task<GraphAnswer> FinishAsync(
        string id, Session session, GraphRequest request, Attachments attachments, Exchanges exchanges, CancellationToken cancel)
    {
        var mail = exchanges.Of(session.Owner).Mail.Find(session.Mail) is { Folder: MailFolder.Drafts } draft ? draft : throw GraphFault.NoItem();
        var file = MessageWriting.Attachment(session.Name, session.ContentType, session.Received.ToArray(), inline: session.ContentId is not null, session.ContentId);
        var added = await attachments.AddAsync(session.Owner, mail, file, cancel);
        _sessions.TryRemove(id, out _);
        session.Owner.Lab.Journal.Add("graph", session.Owner.User.Address, "201 PUT /uploads", mail.MessageId); // no token comes with it
        return new GraphAnswer(StatusCodes.Status201Created)
        {
            Location = $"{request.Base}/users/{session.Owner.User.Id}/messages/{MessageJson.IdOf(mail.Id)}/attachments/{Attachments.IdOf(added)}",
        };
    }

    private Session Find(string id) => _sessions.TryGetValue(id, out var session) && session.Until > session.Owner.Lab.Time.GetUtcNow()
        ? session
        : throw new GraphFault(StatusCodes.Status404NotFound, "ErrorItemNotFound", "The upload session was not found or has expired.");

    private static long Number(Match match, int group) =>
        long.TryParse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture, out var number) ? number : -1;

    [GeneratedRegex(@"^bytes (\d+)-(\d+)/(\d+)$")]
    private static partial Regex ContentRange();

    private sealed record Session(UserPlace Owner, Guid App, Guid Mail, string Name, string? ContentType, long Size, DateTimeOffset Until)
    {
        public MemoryStream Received { get; } = new();

        /// <summary>Of a picture that the text shows; null of an attachment.</summary>
        public string? ContentId { get; init; }

        /// <summary>One chunk at a time.</summary>
        public SemaphoreSlim Turn { get; } = new(1, 1);
    }
}
