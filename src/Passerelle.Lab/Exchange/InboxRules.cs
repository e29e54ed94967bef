using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>What the rules of a mailbox want done with a mail that is delivered to it (facts/microsoft365.md §6.1).</summary>
internal sealed record InboxOutcome(MailFolder Folder)
{
    public IReadOnlyList<string> RedirectTo { get; init; } = [];
    public IReadOnlyList<string> ForwardTo { get; init; } = [];
    public IReadOnlyList<string> ForwardAsAttachmentTo { get; init; } = [];
}

internal static class InboxRules
{
    public const string LoopHeader = "X-MS-Exchange-Inbox-Rules-Loop";

    /// <param name="folder">Where the mail would lie without rules; junk is not looked at by them.</param>
    public static InboxOutcome Run(LabUser user, byte[] raw, MailFolder folder)
    {
        var outcome = new InboxOutcome(folder);
        if (user.Mailbox is not { InboxRules.IsEmpty: false } mailbox || folder != MailFolder.Inbox) return outcome;
        var headers = MessageIds.Headers(raw);
        if (headers.Any(header => header.Field.Equals(LoopHeader, StringComparison.OrdinalIgnoreCase)
            && header.Value.Trim().Equals(user.Address, StringComparison.OrdinalIgnoreCase))) return outcome;

        var subject = headers["Subject"] ?? "";
        var from = headers["From"] ?? "";
        foreach (var rule in mailbox.InboxRules.Where(rule => rule.Enabled).OrderBy(rule => rule.Priority))
        {
            if (!Contains(rule.SubjectContainsWords, subject) || !Contains(rule.FromContains, from)) continue;
            outcome = Act(rule, outcome);
            if (rule.StopProcessingRules) break;
        }

        return outcome;
    }

    private static InboxOutcome Act(InboxRule rule, InboxOutcome outcome) => new(rule switch
    {
        { DeleteMessage: true } => MailFolder.Deleted,
        { MoveToFolder: { } name } => FolderNamed(name) ?? outcome.Folder,
        _ => outcome.Folder,
    })
    {
        RedirectTo = [.. outcome.RedirectTo, .. rule.RedirectTo],
        ForwardTo = [.. outcome.ForwardTo, .. rule.ForwardTo],
        ForwardAsAttachmentTo = [.. outcome.ForwardAsAttachmentTo, .. rule.ForwardAsAttachmentTo],
    };

    /// <summary>As the cmdlets name it, with or without the mailbox in front (<c>support:\Junk Email</c>).</summary>
    public static MailFolder? FolderNamed(string name) => name[(name.LastIndexOf('\\') + 1)..].ToLowerInvariant() switch
    {
        "inbox" => MailFolder.Inbox,
        "junk email" => MailFolder.Junk,
        "deleted items" => MailFolder.Deleted,
        _ => null,
    };

    private static bool Contains(IReadOnlyList<string> words, string text) =>
        words.Count == 0 || words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
