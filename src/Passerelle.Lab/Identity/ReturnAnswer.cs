using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Passerelle.Lab.Sites;

namespace Passerelle.Lab.Identity;

/// <summary>Carries fields back to the application in the mode it asked for; <c>state</c> goes along unchanged.</summary>
internal sealed record ReturnAnswer(ReturnAddress Address, IReadOnlyList<(string Name, string? Value)> Fields) : IResult
{
    public static ReturnAnswer Refusing(ReturnAddress address, StsError error, StsTrace trace) =>
        new(address, [("error", error.Error), ("error_description", error.Describe(trace)),
            ("error_uri", $"https://login.microsoftonline.com/error?code={error.Code}")]);

    public Task ExecuteAsync(HttpContext context)
    {
        IEnumerable<KeyValuePair<string, string?>> fields = Fields.Append(("state", Address.State))
            .Where(f => f.Item2 is not null).Select(f => KeyValuePair.Create(f.Item1, f.Item2));
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return Address.Mode switch
        {
            "form_post" => FormAsync(context, fields),
            "fragment" => RedirectAsync(context, WithPath + "#" + QueryHelpers.AddQueryString("", fields).TrimStart('?')),
            _ => RedirectAsync(context, QueryHelpers.AddQueryString(WithPath, fields)),
        };
    }

    /// <summary>A URI without a path gets a slash in query and fragment mode (facts §1.7).</summary>
    private string WithPath =>
        Uri.TryCreate(Address.Uri, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri is { AbsolutePath: "/", Query: "" }
            && !Address.Uri.EndsWith('/')
            ? Address.Uri + "/"
            : Address.Uri;

    private static Task RedirectAsync(HttpContext context, string location)
    {
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    }

    /// <summary>The one page with a script of its own: it sends the form. Without scripts there is the button.</summary>
    private Task FormAsync(HttpContext context, IEnumerable<KeyValuePair<string, string?>> fields)
    {
        Html page = Html.Of($"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Working…</title></head>
            <body><form method="post" action="{Address.Uri}">
            {Html.Each(fields, f => Html.Of($"""<input type="hidden" name="{f.Key}" value="{f.Value}">"""))}
            <noscript><button>Continue</button></noscript></form>
            <script>document.forms[0].submit()</script></body></html>
            """);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'sha256-" + ScriptHash + "'; base-uri 'none'; frame-ancestors 'none'";
        return context.Response.WriteAsync(page.ToString(), Encoding.UTF8, context.RequestAborted);
    }

    private static readonly string ScriptHash = Convert.ToBase64String(
        System.Security.Cryptography.SHA256.HashData("document.forms[0].submit()"u8));
}
