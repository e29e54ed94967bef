using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>One whole page as an answer: layout, security headers, and the antiforgery token for its forms.</summary>
/// <param name="Body">Given the hidden field that each of its forms must carry.</param>
internal sealed record Page(string Title, Func<Html, Html> Body) : IResult
{
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Links of the way here, from the start page down; text and address.</summary>
    public IReadOnlyList<(string Text, string Address)> Path { get; init; } = [];

    /// <summary>An origin besides our own to which a form of this page may lead, by redirect or directly.</summary>
    public string? FormTarget { get; init; }

    /// <summary>The page shows a document of our own origin in a frame.</summary>
    public bool Frames { get; init; }

    /// <summary>Addresses of applications that a page loads in hidden frames, with spaces between; null for none.</summary>
    public string? FrameTargets { get; init; }

    /// <summary>The directory whose menu stands beside the page; null for none.</summary>
    public DirectoryPlace? Place { get; init; }

    /// <summary>Sign-in and consent stand alone in the middle, without the lab's frame.</summary>
    public bool Alone { get; init; }

    public async Task ExecuteAsync(HttpContext context)
    {
        Speech speech = Speech.Of(context);
        AntiforgeryTokenSet tokens = context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context);
        Html field = Html.Of($"""<input type="hidden" name="{tokens.FormFieldName}" value="{tokens.RequestToken}">""");
        context.Response.StatusCode = Status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'{Target}; base-uri 'none'; frame-ancestors 'none'{Framed}";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        await context.Response.WriteAsync(Layout.Around(this, Body(field), speech, Languages(context.Request), context).ToString(), Encoding.UTF8, context.RequestAborted);
    }

    /// <summary>The rest of the query stays: an authorize request lives in it. The address of a form that was answered may
    /// show nothing when it is opened, save on the pages that stand alone.</summary>
    private Func<string, string>? Languages(HttpRequest request) => Alone || HttpMethods.IsGet(request.Method)
        ? code => QueryString.Create(request.Query.Where(q => q.Key != "lang").Append(new("lang", code))).ToString()
        : null;

    private string Framed => Frames ? "; frame-src 'self'" : FrameTargets is { } targets ? "; frame-src " + targets : "";

    private string Target => FormTarget is null ? "" : " " + FormTarget;
}
