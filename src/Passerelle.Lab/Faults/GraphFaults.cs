using Passerelle.Lab.State;

namespace Passerelle.Lab.Faults;

/// <summary>Errors of Microsoft Graph (facts §4.2).</summary>
internal static class GraphFaults
{
    private static readonly FaultPlace[] Graph = [FaultPlace.Graph];

    public static IReadOnlyList<FaultRow> Rows { get; } =
    [
        Row("InvalidAuthenticationToken", 401, "Lifetime validation failed, the token is expired.", "G4", "4.2:401"),
        Row("ErrorAccessDenied", 403, "Access is denied. Check credentials and try again.", "E5/E6/X4/G2", "4.2:403"),
        Row("Authorization_RequestDenied", 403, "Insufficient privileges to complete the operation.", "E6", "4.2:403~2"),
        Row("ErrorSendAsDenied", 403, "The user account which was used to submit this request does not have the right to send mail"
            + " on behalf of the specified sending account., Cannot submit message.", "X5", "4.2:403~3"),
        Row("ErrorInvalidUser", 404, "The requested user is invalid.", "X1", "4.2:404"),
        Row("ResourceNotFound", 404, "The requested resource was not found.", "X1", "4.2:404"),
        Row("Request_ResourceNotFound", 404, "The resource does not exist or one of its queried reference-property objects are not present.", "X1", "4.2:404"),
        Row("MailboxNotEnabledForRESTAPI", 404, "REST API is not yet supported for this mailbox.", "X1", "4.2:404-403-in-some"),
        Row("ErrorMimeContentInvalidBase64String", 400, "Invalid base64 string for MIME content.", "G4", "4.2:400"),
        Row("ErrorInvalidRecipients", 400, "At least one recipient is not valid.", "G4", "4.2:400~2"),
        Row("RequestEntityTooLarge", 413, "The request entity is too large.", "G4", "4.2:413"),
        Row("ErrorMessageSizeExceeded", 413, "The message exceeds the maximum supported size.", "G4", "4.2:413"),
        Row("ApplicationThrottled", 429, "Application is over its MailboxConcurrency limit.", "X6", "4.2:429") with { RetryAfterSeconds = 10 },
        Row("TooManyRequests", 429, "Too many requests.", "X6", "4.2:429") with { RetryAfterSeconds = 10 },
        Row("serviceNotAvailable", 503, "The service is temporarily unavailable.", "-", "4.2:503-504-507-509") with { RetryAfterSeconds = 30 },
        Row("gatewayTimeout", 504, "The gateway did not answer in time.", "-", "4.2:503-504-507-509"),
        Row("insufficientStorage", 507, "The storage quota was reached.", "-", "4.2:503-504-507-509"),
        Row("bandwidthLimitExceeded", 509, "The bandwidth limit was exceeded.", "-", "4.2:503-504-507-509") with { RetryAfterSeconds = 30 },
    ];

    private static FaultRow Row(string code, int status, string message, string step, string fact) =>
        new(code, Graph, message, step, fact, status, code);
}
