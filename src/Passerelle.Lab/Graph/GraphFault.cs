using System.Globalization;
using System.Text.Json.Nodes;
using Passerelle.Lab.Identity;

namespace Passerelle.Lab.Graph;

/// <summary>A refusal of Graph (facts §4.2). Thrown where it is found and answered in one place, <see cref="GraphService"/>.</summary>
internal sealed class GraphFault(int status, string code, string message) : Exception(message)
{
    public int Status => status;
    public string Code => code;
    public int? RetryAfterSeconds { get; init; }

    public static GraphFault Unauthenticated(string message) => new(StatusCodes.Status401Unauthorized, "InvalidAuthenticationToken", message);

    /// <summary>A call about the directory without the permission for it.</summary>
    public static GraphFault Denied() =>
        new(StatusCodes.Status403Forbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");

    /// <summary>A call about mail without the permission for it, or outside the application's mailboxes.</summary>
    public static GraphFault AccessDenied() =>
        new(StatusCodes.Status403Forbidden, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");

    public static GraphFault NotFound(string id) => new(StatusCodes.Status404NotFound, "Request_ResourceNotFound",
        $"Resource '{id}' does not exist or one of its queried reference-property objects are not present.");

    public static GraphFault Bad(string message) => new(StatusCodes.Status400BadRequest, "Request_BadRequest", message);

    public static GraphFault Conflict(string message) =>
        new(StatusCodes.Status409Conflict, "Request_MultipleObjectsWithSameKeyValue", message);

    public static GraphFault NoSegment(string segment) =>
        new(StatusCodes.Status400BadRequest, "BadRequest", $"Resource not found for the segment '{segment}'.");

    public static GraphFault NoMethod(string method) => new(StatusCodes.Status405MethodNotAllowed, "Request_BadRequest",
        $"Specified HTTP method is not allowed for the request target: {method}.");

    public static GraphFault NoUser(string id) => new(StatusCodes.Status404NotFound, "ErrorInvalidUser", $"The requested user '{id}' is invalid.");

    public static GraphFault NoMailbox() =>
        new(StatusCodes.Status404NotFound, "MailboxNotEnabledForRESTAPI", "REST API is not yet supported for this mailbox.");

    public static GraphFault NoItem() =>
        new(StatusCodes.Status404NotFound, "ErrorItemNotFound", "The specified object was not found in the store.");

    public static GraphFault Throttled(int seconds) => new(
        StatusCodes.Status429TooManyRequests, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.")
    { RetryAfterSeconds = seconds };

    /// <param name="now">Lab time.</param>
    public GraphAnswer ToAnswer(StsTrace trace, DateTimeOffset now) => new(status, new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["code"] = code,
            ["message"] = Message,
            ["innerError"] = new JsonObject
            {
                ["date"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
                ["request-id"] = trace.TraceId.ToString(),
                ["client-request-id"] = trace.CorrelationId.ToString(),
            },
        },
    })
    { RetryAfterSeconds = RetryAfterSeconds };
}
