using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Imap;

/// <summary>Commands about the mails of the open folder (RFC 3501 §6.4; UNSELECT is RFC 3691, MOVE RFC 6851, UIDPLUS RFC 4315).</summary>
internal static class MessageCommands
{
    public static readonly HashSet<string> Names =
    [
        "CHECK", "CLOSE", "UNSELECT", "EXPUNGE", "SEARCH", "FETCH", "STORE", "COPY", "MOVE",
        "UID EXPUNGE", "UID SEARCH", "UID FETCH", "UID STORE", "UID COPY", "UID MOVE",
    ];

    /// <returns>Null when it is none of these.</returns>
    public static async ValueTask<string?> HandleAsync(ImapSession session, ImapCommand command)
    {
        if (!Names.Contains(command.Name)) return null;
        var folder = session.Need();
        switch (command.Verb)
        {
            case "CHECK":
                return ImapReplies.Completed(command.Name);
            case "CLOSE":
                if (!folder.ReadOnly) Expunge(folder, null);
                session.Open(null);
                return ImapReplies.Completed(command.Name);
            case "UNSELECT":
                session.Open(null);
                return ImapReplies.Completed(command.Name);
            case "SEARCH":
                return await SearchAsync(session, folder, command);
        }

        if (command.Verb == "FETCH") return await Fetching.RunAsync(session, folder, command);
        if (folder.ReadOnly && command.Verb is not "COPY") return ImapReplies.ReadOnly;
        switch (command.Verb)
        {
            case "EXPUNGE":
                if (command.ByUid) command.Arguments.Space();
                Expunge(folder, command.ByUid ? SequenceSet.Read(command.Arguments) : null);
                return ImapReplies.Completed("EXPUNGE");
            case "STORE":
                return Store(session, folder, command);
            default:
                return await CarryAsync(session, folder, command);
        }
    }

    private static void Expunge(SelectedFolder folder, SequenceSet? uids)
    {
        var largest = folder.Known.Count == 0 ? 0 : folder.Known[^1].Uid;
        folder.Account.Mail.Delete([.. folder.Known
            .Where(mail => mail.Flags.HasFlag(MailFlags.Deleted) && uids?.Contains(mail.Uid, largest) != false)
            .Select(mail => mail.Id)]);
    }

    private static async Task<string> SearchAsync(ImapSession session, SelectedFolder folder, ImapCommand command)
    {
        var wanted = SearchProgram.Read(command.Arguments, folder);
        var found = new List<uint>();
        for (var at = 0; at < folder.Known.Count; at++)
        {
            var mail = folder.Known[at];
            var tree = wanted.NeedsContent ? await MailTree.OfAsync(folder.Account.Mail, mail) : MailTree.Empty;
            if (tree is not null && wanted.Fits(new SearchCandidate(at + 1, mail, tree))) found.Add(command.ByUid ? mail.Uid : (uint)at + 1);
        }

        session.Wire.WriteLine("* SEARCH" + string.Concat(found.Select(number => $" {number}")));
        return ImapReplies.Completed("SEARCH");
    }

    private static string Store(ImapSession session, SelectedFolder folder, ImapCommand command)
    {
        var arguments = command.Arguments;
        arguments.Space();
        var set = SequenceSet.Read(arguments);
        arguments.Space();
        var how = arguments.Atom().ToUpperInvariant();
        arguments.Space();
        var flags = arguments.Next == '(' ? ImapText.Parse(arguments.Words(arguments.Flag)) : ImapText.Parse(Bare(arguments));
        arguments.End();
        var silent = how.EndsWith(".SILENT", StringComparison.Ordinal);
        Func<MailFlags, MailFlags> change = (silent ? how[..^7] : how) switch
        {
            "FLAGS" => _ => flags,
            "+FLAGS" => had => had | flags,
            "-FLAGS" => had => had & ~flags,
            _ => throw new ImapSyntax(),
        };
        foreach (var (number, mail) in folder.Of(set, command.ByUid))
        {
            if (folder.Account.Mail.Change(mail.Id, m => m with { Flags = change(m.Flags) }) is not { } changed) continue;
            folder.Learn(changed);
            if (!silent) session.Wire.WriteLine($"* {number} FETCH (FLAGS {ImapText.Of(changed.Flags)}{(command.ByUid ? $" UID {mail.Uid}" : "")})");
        }

        return ImapReplies.Completed("STORE");
    }

    private static List<string> Bare(ImapArguments arguments)
    {
        var flags = new List<string> { arguments.Flag() };
        while (arguments.Take(' ') && !arguments.AtEnd) flags.Add(arguments.Flag());
        return flags;
    }

    /// <summary>COPY and MOVE, all or, when one is gone by now, the others.</summary>
    private static async Task<string> CarryAsync(ImapSession session, SelectedFolder folder, ImapCommand command)
    {
        var arguments = command.Arguments;
        arguments.Space();
        var set = SequenceSet.Read(arguments);
        arguments.Space();
        var name = arguments.Text();
        arguments.End();
        if (ImapFolders.Find(name) is not { } target) return ImapReplies.NoFolder(ImapText.Utf8(name));
        var mails = folder.Of(set, command.ByUid).Select(one => one.Mail);
        List<(uint From, uint To)> carried = command.Verb == "MOVE"
            ? Move(folder, mails, target)
            : await CopyAsync(folder, mails, target);
        if (carried.Count == 0) return ImapReplies.Completed(command.Verb);
        var numbers = $"[COPYUID {folder.Account.Mail.UidValidity} {string.Join(',', carried.Select(c => c.From))} {string.Join(',', carried.Select(c => c.To))}]";
        if (command.Verb == "COPY") return $"OK {numbers} COPY completed.";
        session.Wire.WriteLine($"* OK {numbers}"); // RFC 6851 §4.3: before the EXPUNGEs
        return ImapReplies.Completed("MOVE");
    }

    private static List<(uint From, uint To)> Move(SelectedFolder folder, IEnumerable<StoredMail> mails, MailFolder target)
    {
        var carried = new List<(uint From, uint To)>();
        foreach (var mail in mails)
        {
            if (target == folder.Folder) break; // it is there already
            if (folder.Account.Mail.Change(mail.Id, m => m with { Folder = target }) is { } moved)
                carried.Add((mail.Uid, moved.Uid));
        }

        return carried;
    }

    private static async Task<List<(uint From, uint To)>> CopyAsync(SelectedFolder folder, IEnumerable<StoredMail> mails, MailFolder target)
    {
        var made = new List<(uint From, StoredMail Copy)>();
        using var batch = new MailBatch();
        foreach (var mail in mails)
        {
            if (folder.Account.Mail.Find(mail.Id) is { } here)
                made.Add((mail.Uid, await folder.Account.Mail.PrepareCopyAsync(batch, here, target, CancellationToken.None)));
        }

        batch.Keep();
        return [.. made.Select(one => (one.From, (folder.Account.Mail.Find(one.Copy.Id) ?? one.Copy).Uid))];
    }
}
