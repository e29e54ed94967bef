using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Messages;
using Passerelle.Mail;

namespace Passerelle.Gateway.Portal;

/// <summary>What a message page shows beside itself: the mail's HTML behind a wall of its own, its attachments, its source.</summary>
internal static class MessageEndpoints
{
    /// <summary>Of previews: no origin, no script, no request.</summary>
    private const string PreviewPolicy = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

    /// <summary>Browsers refuse to show PDF in a sandbox. Their viewers have one of their own and never our origin.</summary>
    private const string PdfPolicy = "default-src 'none'; object-src 'self'; img-src 'self' data: blob:; style-src 'unsafe-inline'; frame-ancestors 'self'";

    private static readonly IReadOnlyDictionary<string, string> NoPictures = new Dictionary<string, string>();

    public static void MapMessageParts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/messages/{id:guid}/html", HtmlAsync);
        app.MapGet("/messages/{id:guid}/attachments/{number:int}", AttachmentAsync);
        app.MapGet("/messages/{id:guid}/attachments/{number:int}/preview", PreviewAsync);
        app.MapGet("/messages/{id:guid}/source", SourceAsync);
        app.MapPost("/messages/{id:guid}/quarantined-source", QuarantinedSourceAsync).DisableAntiforgery();
    }

    /// <param name="pictures">The reader wants those from elsewhere too; believed when our own page asks (Fetch Metadata, <c>Sec-Fetch-Site</c>).</param>
    private static async Task<Results<ContentHttpResult, NotFound>> HtmlAsync(
        Guid id, bool? pictures, HttpContext http, StoredMessages messages, PictureLoader loader, CancellationToken cancel)
    {
        if (await FindAsync(id, http, messages, cancel) is not { Html.Length: > 0 } message) return TypedResults.NotFound();
        Wall(http, MailFrame.Policy);
        var inline = !message.IsQuarantined && message.Html.Contains("cid:", StringComparison.OrdinalIgnoreCase) ? await PicturesAsync(message, messages, cancel) : NoPictures;
        var isChosen = pictures is true && !message.IsQuarantined && http.Request.Headers["Sec-Fetch-Site"] == "same-origin";
        var remote = isChosen ? await RemoteAsync(message, messages, cancel) : null;
        var found = remote is null ? null : await loader.LoadAsync(remote.Addresses, cancel);
        return TypedResults.Content(MailFrame.Document(message.Subject, remote?.SafeHtml ?? message.Html, inline, found, Preferences.ThemeOf(http)), "text/html", Encoding.UTF8);
    }

    /// <returns>Null when its bytes are gone or cannot be read.</returns>
    private static async Task<RemotePictures?> RemoteAsync(Message message, StoredMessages messages, CancellationToken cancel)
    {
        await using var raw = await OpenAsync(message, messages, cancel);
        return raw is null ? null : RemotePictures.Of(raw, new ReadingBounds());
    }

    private static async Task<IReadOnlyDictionary<string, string>> PicturesAsync(Message message, StoredMessages messages, CancellationToken cancel)
    {
        await using var raw = await OpenAsync(message, messages, cancel);
        return raw is null ? NoPictures : InlinePictures.Of(raw, new ReadingBounds());
    }

    /// <summary>Always a download, never shown: the sender chose name, type and bytes.</summary>
    private static async Task<Results<FileContentHttpResult, NotFound, ContentHttpResult>> AttachmentAsync(
        Guid id, int number, HttpContext http, StoredMessages messages, MailSources sources, Texts words, CancellationToken cancel)
    {
        if (await FindAsync(id, http, messages, cancel) is not { } message) return TypedResults.NotFound();
        if (RefusalOf(message, words) is { } refusal) return refusal;
        if (await PartAsync(message, number, sources, cancel) is not { } part) return TypedResults.NotFound();
        await using var raw = await OpenAsync(message, messages, cancel);
        using var content = new MemoryStream();
        return raw is not null && MailParts.Write(raw, part.PartNumber, content, new ReadingBounds())
            ? TypedResults.File(content.ToArray(), "application/octet-stream", part.Name ?? $"attachment-{number}")
            : TypedResults.NotFound();
    }

    /// <summary>Pictures and PDF by what their bytes are, everything that is text as plain text; nothing else.</summary>
    private static async Task<Results<FileContentHttpResult, ContentHttpResult, NotFound>> PreviewAsync(
        Guid id, int number, HttpContext http, StoredMessages messages, MailSources sources, Texts words, CancellationToken cancel)
    {
        if (await FindAsync(id, http, messages, cancel) is not { } message) return TypedResults.NotFound();
        if (RefusalOf(message, words) is { } refusal) return refusal;
        if (await PartAsync(message, number, sources, cancel) is not { } part) return TypedResults.NotFound();
        await using var raw = await OpenAsync(message, messages, cancel);
        if (raw is null || PartPreview.Of(raw, part.PartNumber, new ReadingBounds()) is not { } preview) return TypedResults.NotFound();
        var disposition = new ContentDispositionHeaderValue("inline");
        disposition.SetHttpFileName(part.Name ?? $"attachment-{number}");
        http.Response.Headers.ContentDisposition = disposition.ToString();
        Wall(http, preview is PartPreview.File { Type: "application/pdf" } ? PdfPolicy : PreviewPolicy);
        return preview switch
        {
            PartPreview.File file => TypedResults.File(file.Content, file.Type),
            PartPreview.Text text => TypedResults.Content(text.Value, "text/plain", Encoding.UTF8),
            _ => TypedResults.NotFound(),
        };
    }

    private static async Task<Results<PushStreamHttpResult, NotFound, ContentHttpResult>> SourceAsync(
        Guid id, HttpContext http, StoredMessages messages, ShownSource sources, Texts words, CancellationToken cancel)
    {
        if (await FindAsync(id, http, messages, cancel) is not { } message) return TypedResults.NotFound();
        if (RefusalOf(message, words) is { } refusal) return refusal;
        return await sources.FindAsync(message.OrganisationId, id, cancel) is { } source
            ? TypedResults.Stream(source, "message/rfc822", $"{id:N}.eml")
            : TypedResults.NotFound();
    }

    /// <summary>The deliberate act of an admin who wants the malware itself: by a form of our own page, entered into the audit.</summary>
    private static async Task<Results<PushStreamHttpResult, ContentHttpResult, BadRequest, ForbidHttpResult>> QuarantinedSourceAsync(
        Guid id, HttpContext http, IAntiforgery antiforgery, StoredMessages messages, ShownSource sources, Audit audit, Texts words, CancellationToken cancel)
    {
        if (Caller.Of(http.User) is not { } caller || await messages.FindAsync(caller.OrganisationId, id, cancel) is not { } message) return NotThere(words);
        if (!await antiforgery.IsRequestValidAsync(http) || !message.IsQuarantined) return TypedResults.BadRequest();
        if (!caller.IsAdmin) return TypedResults.Forbid();
        if (await sources.FindAsync(caller.OrganisationId, id, cancel) is not { } source) return NotThere(words);
        await audit.WriteAsync(caller, "message-quarantine-downloaded", id.ToString(), "", cancel);
        return TypedResults.Stream(source, "application/octet-stream", $"{id:N}.eml.quarantined");
    }

    /// <summary>In words of its own: the page that says so for all others takes no form.</summary>
    private static ContentHttpResult NotThere(Texts words) => TypedResults.Content(words["not-found.text"], "text/plain", Encoding.UTF8, StatusCodes.Status404NotFound);

    /// <returns>Why its bytes are not given out, as a sentence; null when they are.</returns>
    private static ContentHttpResult? RefusalOf(Message message, Texts words) => message switch
    {
        { IsQuarantined: true } => TypedResults.Content(words["quarantine.closed"], "text/plain", Encoding.UTF8, StatusCodes.Status403Forbidden),
        { RawPrunedAt: not null } => TypedResults.Content(words["message.no-source"], "text/plain", Encoding.UTF8, StatusCodes.Status410Gone),
        _ => null,
    };

    private static async Task<Message?> FindAsync(Guid id, HttpContext http, StoredMessages messages, CancellationToken cancel) =>
        Caller.Of(http.User) is { } caller ? await messages.FindAsync(caller.OrganisationId, id, cancel) : null;

    /// <returns>Null when the mail has no such part.</returns>
    private static async Task<MailAttachment?> PartAsync(Message message, int number, MailSources sources, CancellationToken cancel)
    {
        try
        {
            var parts = (await sources.ReadAsync(message, [], cancel)).Attachments;
            return number >= 0 && number < parts.Count ? parts[number] : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <returns>Null when its bytes are gone.</returns>
    private static async Task<Stream?> OpenAsync(Message message, StoredMessages messages, CancellationToken cancel)
    {
        try
        {
            return await messages.OpenSourceAsync(message.OrganisationId, message.Id, cancel);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>What a stranger wrote is never at home on our origin; our own pages may frame it.</summary>
    private static void Wall(HttpContext http, string policy)
    {
        http.Response.Headers.ContentSecurityPolicy = policy;
        http.Response.Headers.XFrameOptions = "SAMEORIGIN";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
