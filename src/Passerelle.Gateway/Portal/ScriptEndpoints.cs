using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Setup;

namespace Passerelle.Gateway.Portal;

/// <summary>The scripts of the page <em>Microsoft side</em>, as files.</summary>
internal static class ScriptEndpoints
{
    public static void MapScripts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/apps/{id:guid}/exchange.ps1", (Guid id, HttpContext http, EmailApps apps, CancellationToken cancel) =>
            FileAsync(id, "passerelle-exchange.ps1", script => script.ToDo(), http, apps, cancel));
        app.MapGet("/apps/{id:guid}/exchange-undo.ps1", (Guid id, HttpContext http, EmailApps apps, CancellationToken cancel) =>
            FileAsync(id, "passerelle-exchange-undo.ps1", script => script.ToUndo(), http, apps, cancel));
    }

    /// <summary>With a byte order mark: Windows PowerShell reads any other file in the machine's own code page.</summary>
    private static async Task<Results<FileContentHttpResult, NotFound>> FileAsync(
        Guid id, string name, Func<ExchangeScript, string> text, HttpContext http, EmailApps apps, CancellationToken cancel) =>
        Caller.Of(http.User) is { } caller && await apps.FindAsync(caller.OrganisationId, id, cancel) is { } app
            ? TypedResults.File([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text(ExchangeScript.Of(app)))], "text/plain", name)
            : TypedResults.NotFound();
}
