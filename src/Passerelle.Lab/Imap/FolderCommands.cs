using System.Globalization;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Imap;

/// <summary>Commands about folders, for those who have signed in (RFC 3501 §6.3; NAMESPACE is RFC 2342).</summary>
internal static class FolderCommands
{
    public static readonly HashSet<string> Names =
    [
        "NAMESPACE", "LIST", "LSUB", "STATUS", "SELECT", "EXAMINE", "APPEND", "IDLE", "SUBSCRIBE", "UNSUBSCRIBE", "CREATE", "DELETE", "RENAME",
    ];

    /// <returns>Null when it is none of these.</returns>
    public static async ValueTask<string?> HandleAsync(ImapSession session, ImapAccount account, ImapCommand command)
    {
        switch (command.Name)
        {
            case "NAMESPACE":
                session.Wire.WriteLine("* NAMESPACE ((\"\" \"/\")) NIL NIL");
                return ImapReplies.Completed(command.Name);
            case "LIST" or "LSUB":
                return List(session, command);
            case "STATUS":
                return Status(session, account, command.Arguments);
            case "SELECT" or "EXAMINE":
                return Select(session, account, command);
            case "APPEND":
                return await AppendAsync(session, account, command.Arguments);
            case "IDLE":
                return await Idling.RunAsync(session, command.Arguments);
            case "SUBSCRIBE" or "UNSUBSCRIBE":
                return ImapReplies.Completed(command.Name); // LSUB lists every folder all the same
            case "CREATE" or "DELETE" or "RENAME":
                return ImapReplies.FixedFolders;
            default:
                return null;
        }
    }

    private static string List(ImapSession session, ImapCommand command)
    {
        command.Arguments.Space();
        var reference = command.Arguments.Text();
        command.Arguments.Space();
        foreach (var line in ImapFolders.Lines(command.Name, reference, command.Arguments.Pattern())) session.Wire.WriteLine(line);
        return ImapReplies.Completed(command.Name);
    }

    private static string Status(ImapSession session, ImapAccount account, ImapArguments arguments)
    {
        arguments.Space();
        var name = arguments.Text();
        arguments.Space();
        var wanted = arguments.Words(arguments.Atom);
        if (ImapFolders.Find(name) is not { } folder) return ImapReplies.NoFolder(ImapText.Utf8(name));
        var (mails, next) = account.Mail.Numbered(account.Mailbox, folder);
        var said = wanted.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.ToUpperInvariant()} {item.ToUpperInvariant() switch
        {
            "MESSAGES" => mails.Count,
            "RECENT" => 0,
            "UIDNEXT" => next,
            "UIDVALIDITY" => account.Mail.UidValidity,
            "UNSEEN" => mails.Count(mail => !mail.Flags.HasFlag(MailFlags.Seen)),
            _ => throw new ImapSyntax(),
        }}"));
        session.Wire.WriteLine($"* STATUS {ImapText.Quoted(name)} ({string.Join(' ', said)})");
        return ImapReplies.Completed("STATUS");
    }

    private static string Select(ImapSession session, ImapAccount account, ImapCommand command)
    {
        command.Arguments.Space();
        var name = command.Arguments.Text();
        session.Open(null); // RFC 3501 §6.3.1: also when the new one cannot be opened
        if (ImapFolders.Find(name) is not { } folder) return ImapReplies.NoFolder(ImapText.Utf8(name));
        var readOnly = command.Name == "EXAMINE";
        var opened = new SelectedFolder(account, folder, readOnly);
        session.Open(opened);
        var unseen = opened.Known.Select((mail, at) => (mail, at)).FirstOrDefault(one => !one.mail.Flags.HasFlag(MailFlags.Seen), (null!, -1)).at;
        session.Wire.WriteLine($"* {opened.Known.Count} EXISTS");
        session.Wire.WriteLine("* 0 RECENT");
        session.Wire.WriteLine($"* FLAGS {ImapText.AllFlags}");
        session.Wire.WriteLine($"* OK [PERMANENTFLAGS {(readOnly ? "()" : ImapText.AllFlags)}] Permanent flags");
        if (unseen >= 0) session.Wire.WriteLine($"* OK [UNSEEN {unseen + 1}] Is the first unseen message");
        session.Wire.WriteLine($"* OK [UIDVALIDITY {account.Mail.UidValidity}] UIDVALIDITY value");
        session.Wire.WriteLine($"* OK [UIDNEXT {opened.UidNext}] The next unique identifier value");
        return $"OK [READ-{(readOnly ? "ONLY" : "WRITE")}] {command.Name} completed.";
    }

    /// <summary>RFC 3501 §6.3.11, with the number of UIDPLUS (RFC 4315 §3).</summary>
    private static async Task<string> AppendAsync(ImapSession session, ImapAccount account, ImapArguments arguments)
    {
        arguments.Space();
        var name = arguments.Text();
        arguments.Space();
        var flags = MailFlags.None;
        if (arguments.Next == '(')
        {
            flags = ImapText.Parse(arguments.Words(arguments.Flag));
            arguments.Space();
        }

        DateTimeOffset? at = null;
        if (arguments.Next == '"')
        {
            at = ImapDates.Moment(arguments.Text());
            arguments.Space();
        }

        var raw = arguments.LiteralBytes();
        arguments.End();
        if (ImapFolders.Find(name) is not { } folder) return ImapReplies.NoFolder(ImapText.Utf8(name));
        using var batch = new MailBatch();
        var made = await account.Mail.PrepareAsync(batch, account.Mailbox, folder, flags, at, raw, CancellationToken.None);
        batch.Keep();
        var kept = account.Mail.Find(made.Id) ?? made;
        account.Exchange.Log.Add("imap", account.Mailbox, $"APPEND {name}", kept.MessageId);
        return $"OK [APPENDUID {account.Mail.UidValidity} {kept.Uid}] APPEND completed.";
    }
}
