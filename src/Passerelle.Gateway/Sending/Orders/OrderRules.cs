using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Sending.Orders;

/// <summary>What an order must be before anything is looked up for it.</summary>
internal static class OrderRules
{
    public const int LongestBody = 1_000_000;

    private static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    /// <returns>What to do about it, as a sentence; null when nothing is wrong.</returns>
    public static string? ReasonAgainst(LetterOrder order, DateTimeOffset now) => order switch
    {
        { InAnswerTo: not null, To.Count: > 0 } or { InAnswerTo: not null, Cc.Count: > 0 } => "An answer goes to whom the message names: leave out to and cc, or inAnswerTo",
        { InAnswerTo: null, AppId: null } => "Say which app writes: appId",
        { InAnswerTo: null, To.Count: 0 } => "Name a recipient in to",
        { InAnswerTo: null, Attendance: not null } => "An invitation is answered with inAnswerTo",
        { InAnswerTo: null, Subject: null, Template: null } => "Give a subject",
        _ when order.To.Count + order.Cc.Count + order.Bcc.Count > MailRecipients.Most => $"A letter takes {MailRecipients.Most} recipients at most: split it",
        { Text: null, Html: null, Attendance: null, Template: null } => "Write something: text or html, or name a template",
        { Text.Length: > LongestBody } or { Html.Length: > LongestBody } => $"The text is longer than {LongestBody} characters: attach it as a file",
        { Reference.Length: > 200 } => "A reference has up to 200 characters",
        { Data.Length: > 2000 } => "Data has up to 2000 characters",
        { Unsubscribe: { Page: null, Address: null } } => "Unsubscribing needs a page or an address",
        { Unsubscribe.Page: { } page } when !page.IsAbsoluteUri || page.Scheme != "https" => "The page for unsubscribing begins with https://",
        { Unsubscribe: { OneClick: true, Page: null } } => "One click needs a page",
        { SendAt: { } at } when at > now + Furthest => "It may wait for a year at most",
        { ExpiresAt: { } ends } when ends <= (order.SendAt > now ? order.SendAt : now) => "It would expire before it could leave",
        _ => null,
    };
}
