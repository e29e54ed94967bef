namespace Passerelle.Gateway.Access.Keys;

/// <summary>What a key may be allowed, one by one. What no scope names, no key may do.</summary>
internal static class ApiScopes
{
    public const string AppsRead = "apps:read";
    public const string MessagesRead = "messages:read";
    public const string ConversationsRead = "conversations:read";
    public const string LettersRead = "letters:read";
    public const string LettersSend = "letters:send";
    public const string LettersCancel = "letters:cancel";
    public const string TemplatesManage = "templates:manage";
    public const string WebhooksManage = "webhooks:manage";

    /// <summary>In the order in which a person reads them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [AppsRead, MessagesRead, ConversationsRead, LettersRead, LettersSend, LettersCancel, TemplatesManage, WebhooksManage];
}
