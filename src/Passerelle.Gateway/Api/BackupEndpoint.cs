using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Api;

/// <summary><c>POST /api/v1/backup</c>: copies the data folder while mail arrives. Over the operator's socket only: it names a folder of this machine.</summary>
internal static class BackupEndpoint
{
    public static void MapBackup(this WebApplication app) =>
        app.MapPost("/api/v1/backup", WriteAsync).AllowAnonymous().ExcludeFromDescription().AuditsNothing("it copies rows and changes none");

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> WriteAsync(
        BackupOrder order, HttpContext http, Backup backup, CancellationToken cancel)
    {
        if (!OperatorAuthentication.IsOperator(http)) return TypedResults.NotFound();
        try
        {
            await backup.WriteAsync(order.Folder, cancel);
            return TypedResults.NoContent();
        }
        catch (Exception refused) when (refused is BackupRefused or IOException or UnauthorizedAccessException)
        {
            return TypedResults.Problem(refused.Message, statusCode: StatusCodes.Status400BadRequest); // its reader runs this machine
        }
    }
}

/// <param name="Folder">A full path, absent or empty.</param>
internal sealed record BackupOrder(string Folder);
