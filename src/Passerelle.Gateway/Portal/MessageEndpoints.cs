using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Messages;
using Passerelle.Mail;

namespace Passerelle.Gateway.Portal;

/// <summary>What a message page shows beside itself: the mail's HTML behind a wall of its own, its attachments, its source.</summary>
internal static class MessageEndpoints
{
    /// <summary>Nothing runs, nothing loads but inline pictures and styles; no origin at all (sandbox).</summary>
    private const string MailPolicy =
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

    public static void MapMessageParts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/messages/{id:guid}/html", HtmlAsync);
        app.MapGet("/messages/{id:guid}/attachments/{number:int}", AttachmentAsync);
        app.MapGet("/messages/{id:guid}/source", SourceAsync);
    }

    private static async Task<Results<ContentHttpResult, NotFound>> HtmlAsync(
        Guid id, HttpContext http, StoredMessages messages, CancellationToken cancel)
    {
        if (await FindAsync(id, http, messages, cancel) is not { Html.Length: > 0 } message) return TypedResults.NotFound();
        http.Response.Headers.ContentSecurityPolicy = MailPolicy;
        http.Response.Headers.XFrameOptions = "SAMEORIGIN";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.Content(
            $"<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{System.Net.WebUtility.HtmlEncode(message.Subject)}</title></head><body>{message.Html}</body></html>",
            "text/html",
            Encoding.UTF8);
    }

    /// <summary>Always a download, never shown: the sender chose name, type and bytes.</summary>
    private static async Task<Results<FileContentHttpResult, NotFound>> AttachmentAsync(
        Guid id, int number, HttpContext http, StoredMessages messages, MailSources sources, CancellationToken cancel)
    {
        if (await FindAsync(id, http, messages, cancel) is not { } message) return TypedResults.NotFound();
        var parts = (await sources.ReadAsync(message, [], cancel)).Attachments;
        if (number < 0 || number >= parts.Count) return TypedResults.NotFound();
        await using var raw = await messages.OpenSourceAsync(message.OrganisationId, id, cancel);
        using var content = new MemoryStream();
        return raw is not null && MailParts.Write(raw, parts[number].PartNumber, content, new ReadingBounds())
            ? TypedResults.File(content.ToArray(), "application/octet-stream", parts[number].Name ?? $"attachment-{number}")
            : TypedResults.NotFound();
    }

    private static async Task<Results<PushStreamHttpResult, NotFound>> SourceAsync(
        Guid id, HttpContext http, ShownSource sources, CancellationToken cancel) =>
        Caller.Of(http.User) is { } caller && await sources.FindAsync(caller.OrganisationId, id, cancel) is { } source
            ? TypedResults.Stream(source, "message/rfc822", $"{id:N}.eml")
            : TypedResults.NotFound();

    private static async Task<Message?> FindAsync(Guid id, HttpContext http, StoredMessages messages, CancellationToken cancel) =>
        Caller.Of(http.User) is { } caller ? await messages.FindAsync(caller.OrganisationId, id, cancel) : null;
}
