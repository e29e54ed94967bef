using System.Globalization;

namespace Passerelle.Gateway.Api;

/// <summary>Every refusal of the API is a problem document (RFC 9457) whose <c>detail</c> says what to do about it.</summary>
internal static class Problems
{
    public static void AddProblems(this IServiceCollection services) => services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
    {
        var problem = context.ProblemDetails;
        if (string.IsNullOrEmpty(problem.Detail)) problem.Detail = WhatToDo(problem.Status ?? context.HttpContext.Response.StatusCode);
        problem.Instance ??= context.HttpContext.Request.Path;
    });

    private static string WhatToDo(int status) => status switch
    {
        400 => "The request cannot be read: compare its fields and their types with /api/docs",
        401 => "Sign in, or send a key that was made in Settings › API keys as Authorization: Bearer psk_…",
        403 => "The caller may not do this: ask an admin",
        404 => "There is no such thing in this organisation: check the id, and that the key is of the organisation that you mean",
        405 => "This address does not take the method: see /api/docs",
        409 => "It is in another state by now: read it again, then decide",
        413 => "The request is larger than it may be: see the bounds in /api/docs",
        415 => "Send the body as application/json, and say so in Content-Type",
        422 => "What was asked cannot be done as it is: read detail and errors",
        429 => "Too many requests: wait as Retry-After says",
        503 => "The store cannot write now: nothing was done. Ask again in a few seconds with the same Idempotency-Key",
        >= 500 => "Something failed that should not: nothing is known to have been done. Ask again with the same Idempotency-Key, and tell the operator when it stays",
        _ => string.Create(CultureInfo.InvariantCulture, $"See status {status} of RFC 9110"),
    };
}
