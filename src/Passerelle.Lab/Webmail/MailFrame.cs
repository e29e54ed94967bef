using System.Text;
using System.Text.Encodings.Web;

namespace Passerelle.Lab.Webmail;

/// <summary>The text of a mail as a document of its own, made for a sandboxed frame: whatever the sanitiser missed, it can
/// neither run, nor load, nor lead anywhere.</summary>
internal sealed record MailFrame(MailView Mail) : IResult
{
    private const string Policy =
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    public Task ExecuteAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return context.Response.WriteAsync(Document(), Encoding.UTF8, context.RequestAborted);
    }

    /// <summary>A mail with HTML was drawn for a white page; plain text follows the reader's colours.</summary>
    private string Document() => Mail.Html is { } html
        ? $"<!doctype html><meta charset=\"utf-8\"><title>Mail</title><style>body{{font-family:sans-serif;overflow-wrap:anywhere;background:#fff;color:#111}}img{{max-width:100%}}</style><body>{html}"
        : "<!doctype html><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"><title>Mail</title>"
            + $"<body><pre style=\"white-space:pre-wrap;overflow-wrap:anywhere;font-family:sans-serif\">{HtmlEncoder.Default.Encode(Mail.Text)}</pre>";
}
