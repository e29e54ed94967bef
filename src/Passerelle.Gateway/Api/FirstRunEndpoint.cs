using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;

namespace Passerelle.Gateway.Api;

/// <summary><c>POST /api/v1/first-run</c>: the page's form for scripts, over the operator's socket only.</summary>
internal static class FirstRunEndpoint
{
    public static void MapFirstRun(this WebApplication app) => app.MapPost("/api/v1/first-run", RunAsync).AllowAnonymous().AuditsNothing("it writes its own entry: nobody is a caller yet");

    private static async Task<Results<NoContent, NotFound, Conflict, ValidationProblem, ProblemHttpResult>> RunAsync(
        FirstRunForm form, HttpContext http, FirstRun firstRun, CancellationToken cancel)
    {
        if (!OperatorAuthentication.IsOperator(http)) return TypedResults.NotFound();
        return await firstRun.CompleteAsync(form, "operator", "en", cancel) switch
        {
            FirstRunOutcome.Done => TypedResults.NoContent(),
            FirstRunOutcome.AlreadyDone => TypedResults.Conflict(),
            FirstRunOutcome.Invalid invalid => TypedResults.ValidationProblem(
                invalid.Problems.ToDictionary(problem => problem.Key, problem => new[] { problem.Value })),
            FirstRunOutcome.Later later => TypedResults.Problem($"Too many wrong tokens: wait {later.Wait.TotalSeconds:0} s", statusCode: StatusCodes.Status429TooManyRequests),
            _ => TypedResults.Problem("The token is not the one in the data folder's first-run-token file", statusCode: StatusCodes.Status403Forbidden),
        };
    }
}
