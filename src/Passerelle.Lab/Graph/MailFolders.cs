using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Graph;

/// <summary>The folders of a mailbox under their well-known names.</summary>
internal static class MailFolders
{
    public static readonly (string WellKnown, string DisplayName, MailFolder Folder)[] All =
    [
        ("inbox", "Inbox", MailFolder.Inbox),
        ("drafts", "Drafts", MailFolder.Drafts),
        ("sentitems", "Sent Items", MailFolder.SentItems),
        ("deleteditems", "Deleted Items", MailFolder.Deleted),
        ("junkemail", "Junk Email", MailFolder.Junk),
    ];

    public static string IdOf(MailFolder folder) => "AAMkF" + WebEncoders.Base64UrlEncode(System.Text.Encoding.ASCII.GetBytes(folder.ToString())) + "=";

    /// <exception cref="GraphFault">404: the mailbox has no such folder.</exception>
    public static MailFolder Find(string id)
    {
        foreach (var (wellKnown, _, folder) in All)
        {
            if (id.Equals(wellKnown, StringComparison.OrdinalIgnoreCase) || id == IdOf(folder)) return folder;
        }

        throw GraphFault.NoItem();
    }

    public static JsonObject Json(MailStore store, string mailbox, MailFolder folder)
    {
        var mails = store.List(mailbox, folder);
        return new JsonObject
        {
            ["id"] = IdOf(folder),
            ["displayName"] = All.First(f => f.Folder == folder).DisplayName,
            ["parentFolderId"] = "AAMkFmsgfolderroot=",
            ["childFolderCount"] = 0,
            ["unreadItemCount"] = mails.Count(mail => !mail.IsRead),
            ["totalItemCount"] = mails.Count,
            ["sizeInBytes"] = mails.Sum(mail => (long)mail.Bytes),
            ["isHidden"] = false,
        };
    }
}
