using System.Text.RegularExpressions;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Imap;

/// <summary>The folders of a mailbox under Exchange's names. Quarantine is none: only an administrator sees it.</summary>
internal static class ImapFolders
{
    public static readonly (string Name, MailFolder Folder, string Use)[] All =
    [
        ("Deleted Items", MailFolder.Deleted, @"\Trash "),
        ("INBOX", MailFolder.Inbox, ""),
        ("Junk Email", MailFolder.Junk, @"\Junk "),
        ("Sent Items", MailFolder.SentItems, @"\Sent "),
    ];

    public static MailFolder? Find(string name)
    {
        foreach (var known in All)
        {
            if (known.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return known.Folder;
        }

        return null;
    }

    /// <summary>Lines of LIST or LSUB (RFC 3501 §7.2.2, special uses of RFC 6154).</summary>
    /// <param name="pattern">With <c>*</c> and <c>%</c>; there are no folders below others.</param>
    public static IEnumerable<string> Lines(string verb, string reference, string pattern)
    {
        if (pattern.Length == 0) return [$"* {verb} (\\Noselect) \"/\" \"\""];
        var wanted = Regex.Escape(reference + pattern).Replace(@"\*", ".*", StringComparison.Ordinal).Replace("%", "[^/]*", StringComparison.Ordinal);
        var fits = new Regex($"^(?:{wanted})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        return All.Where(folder => fits.IsMatch(folder.Name))
            .Select(folder => $"* {verb} ({folder.Use}\\HasNoChildren) \"/\" {ImapText.Quoted(folder.Name)}");
    }
}
