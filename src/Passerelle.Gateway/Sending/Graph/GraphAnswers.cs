using System.Globalization;
using System.Net;
using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Sending.Graph;

/// <summary>
/// What Microsoft Graph answers to a letter, and what it makes of it (https://learn.microsoft.com/graph/errors; facts/microsoft365.md §4.2).
/// A complete refusal or a request to wait says that nothing was sent; trouble inside the service says nothing at all.
/// </summary>
internal static class GraphAnswers
{
    private const string TokenRefused = "graph-sign-in";
    private const int LongestMessage = 300;
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    public static async Task<SendOutcome> ReadAsync(HttpResponseMessage answer, DateTimeOffset now, CancellationToken cancel)
    {
        if (answer.StatusCode == HttpStatusCode.Accepted)
        {
            var id = answer.Headers.TryGetValues("request-id", out var ids) ? $", request-id {string.Join(' ', ids)}" : "";
            return new SendOutcome.Accepted($"Microsoft Graph answered 202 Accepted{id}", []) { Last = SubmissionStep.Reply };
        }
        var (code, message) = await ErrorAsync(answer, cancel);
        var words = $"Microsoft Graph answered {(int)answer.StatusCode} {code} {message}".TrimEnd();
        return Of((int)answer.StatusCode, code, words, Pause(answer, now)) with { Last = SubmissionStep.Reply };
    }

    public static bool IsTokenRefused(SendOutcome outcome) => outcome is SendOutcome.Blocked { Finding.Check: TokenRefused };

    /// <summary>From the words that an attempt keeps back to what they blame.</summary>
    /// <returns>Null: they are not Graph's, or nobody must act.</returns>
    public static Finding? Find(string words) =>
        words.Split(' ', 6) is ["Microsoft", "Graph", "answered", var status, .. var rest] && int.TryParse(status, CultureInfo.InvariantCulture, out var number)
        && Of(number, rest.FirstOrDefault() ?? "", words, null) is SendOutcome.Blocked blocked
            ? blocked.Finding
            : null;

    /// <param name="code">Of the error; empty when the answer has none.</param>
    internal static SendOutcome Of(int status, string code, string words, TimeSpan? pause) => (status, code) switch
    {
        (401, _) => Blocked(NotLetIn, words),
        (403, "ErrorSendAsDenied") => Blocked(SendAsDenied, words),
        (403, "ErrorMessageSubmissionBlocked") => Blocked(Restricted, words),
        (403, _) => Blocked(AccessDenied, words),
        (404, _) => Blocked(NoMailbox, words),
        (507, _) => Blocked(Full, words),
        (429 or 503 or 509, _) => new SendOutcome.Deferred(words, pause),
        (408, _) => new SendOutcome.Unclear(words),
        ( >= 400 and < 500, _) => new SendOutcome.Refused(words),
        _ => new SendOutcome.Unclear(words), // it may have been sent before the trouble began
    };

    /// <summary>The way itself stands: only sending shows when it is mended.</summary>
    private static SendOutcome.Blocked Blocked(Cause cause, string words) => new(Causes.Find(cause, words)) { BreaksApp = false };

    private static Cause NotLetIn { get; } = new(
        TokenRefused, "G3", Cause.Mailbox, "Authorise again: Microsoft Graph does not take the token", Reaction.SignIn)
    { What = "Microsoft Graph does not accept the token" };

    private static Cause AccessDenied { get; } = new(
        GraphRights.Check, "E5", Cause.Entra,
        "API permissions › Microsoft Graph › Mail.Send, with consent; if it is there, an application access policy or a role of RBAC for Applications keeps the application from this mailbox", Reaction.Configure)
    {
        What = "Microsoft Graph does not let the app send as this mailbox",
    };

    private static Cause SendAsDenied { get; } = new(
        "sender", "X5", Cause.Exchange, "Let the signed-in account send as the mailbox (Send As), or authorise as the mailbox itself", Reaction.Configure)
    { What = "The account that signed in may not send as the mailbox" };

    private static Cause Restricted { get; } = new(
        "sending-limit", "X6", Cause.Exchange, "Defender › Restricted entities and the sending limits of the organisation say why", Reaction.Configure)
    { What = "Exchange has restricted the mailbox for what it sent" };

    private static Cause NoMailbox { get; } = new(
        "mailbox", "X1", Cause.Exchange, "Compare the Email ID with the mailbox's address; give the mailbox an Exchange Online licence", Reaction.Configure)
    { What = "Microsoft Graph finds no mailbox of that address" };

    private static Cause Full { get; } = new("mailbox", "X1", Cause.Exchange, "Make room in the mailbox: Sent Items are full", Reaction.Configure) { What = "The mailbox is full" };

    private static TimeSpan? Pause(HttpResponseMessage answer, DateTimeOffset now)
    {
        var asked = answer.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - now : null;
        return asked is { } pause && pause > TimeSpan.Zero ? (pause < LongestPause ? pause : LongestPause) : null;
    }

    private static async Task<(string Code, string Message)> ErrorAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancel), cancellationToken: cancel);
            var error = body.RootElement.GetProperty("error");
            var message = error.TryGetProperty("message", out var text) ? text.GetString() ?? "" : "";
            return (error.GetProperty("code").GetString() ?? "", message.Length > LongestMessage ? message[..LongestMessage] : message);
        }
        catch (Exception strange) when (strange is JsonException or KeyNotFoundException or InvalidOperationException or IOException or HttpRequestException)
        {
            return ("", ""); // the status alone decides
        }
    }
}
