using System.Globalization;
using System.Text;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Imap;

/// <summary>FETCH and UID FETCH (RFC 3501 §6.4.5 and §7.4.2).</summary>
internal static class Fetching
{
    public static async Task<string> RunAsync(ImapSession session, SelectedFolder folder, ImapCommand command)
    {
        command.Arguments.Space();
        var set = SequenceSet.Read(command.Arguments);
        command.Arguments.Space();
        var items = FetchItem.ReadAll(command.Arguments);
        command.Arguments.End();
        if (command.ByUid && items.TrueForAll(item => item.Name != "UID")) items.Insert(0, new FetchItem("UID"));
        var needsContent = items.Exists(item => item.NeedsContent);
        var marksRead = !folder.ReadOnly && items.Exists(item => !item.Peek);
        foreach (var (number, mail) in folder.Of(set, command.ByUid))
        {
            var tree = needsContent ? await MailTree.OfAsync(folder.Account.Mail, mail) : MailTree.Empty;
            if (tree is null) continue; // deleted since: its EXPUNGE follows
            var shown = marksRead ? Read(folder, mail) : mail;
            IEnumerable<FetchItem> wanted = shown.Flags != mail.Flags && items.TrueForAll(item => item.Name != "FLAGS")
                ? items.Append(new FetchItem("FLAGS"))
                : items;
            Write(session.Wire, number, shown, tree, wanted);
            await session.Wire.FlushAsync();
        }

        return ImapReplies.Completed("FETCH");
    }

    private static StoredMail Read(SelectedFolder folder, StoredMail mail)
    {
        if (mail.Flags.HasFlag(MailFlags.Seen)) return mail;
        var read = folder.Account.Mail.Change(mail.Id, m => m.With(MailFlags.Seen, true));
        if (read is null || read.Folder != mail.Folder) return mail;
        folder.Learn(read);
        return read;
    }

    private static void Write(ImapWire wire, int number, StoredMail mail, MailTree tree, IEnumerable<FetchItem> items)
    {
        wire.Write($"* {number} FETCH (");
        var first = true;
        foreach (var item in items)
        {
            if (!first) wire.Write(" ");
            first = false;
            wire.Write(item.Name + " ");
            if (item.Section is { } section) Content(wire, Cut(section.Of(tree), item.Partial));
            else wire.Write(Value(item.Name, mail, tree));
        }

        wire.WriteLine(")");
    }

    private static string Value(string name, StoredMail mail, MailTree tree) => name switch
    {
        "UID" => mail.Uid.ToString(CultureInfo.InvariantCulture),
        "FLAGS" => ImapText.Of(mail.Flags),
        "INTERNALDATE" => ImapText.Date(mail.ReceivedAt),
        "RFC822.SIZE" => mail.Bytes.ToString(CultureInfo.InvariantCulture),
        "ENVELOPE" => Envelope.Of(tree.Message),
        "BODY" => new BodyStructure(tree, extended: false).ToString(),
        _ => new BodyStructure(tree, extended: true).ToString(),
    };

    private static byte[]? Cut(byte[]? content, (uint From, uint Count)? partial)
    {
        if (content is null || partial is not { } cut) return content;
        var from = (int)Math.Min(cut.From, content.Length);
        return content.AsSpan(from, (int)Math.Min(cut.Count, content.Length - from)).ToArray();
    }

    private static void Content(ImapWire wire, byte[]? content)
    {
        if (content is null)
        {
            wire.Write("NIL");
            return;
        }

        wire.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{{content.Length}}}\r\n")));
        wire.Write(content);
    }
}
