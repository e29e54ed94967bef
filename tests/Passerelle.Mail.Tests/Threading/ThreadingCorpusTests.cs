using System.Globalization;
using System.Text;
using System.Text.Json;
using Passerelle.Mail.Threading;

namespace Passerelle.Mail.Tests.Threading;

public class ThreadingCorpusTests
{
    private const string Folder = "threading-imaptest";

    [Fact, Corpus]
    public void Mails_are_threaded_as_RFC_5256_says()
    {
        var tally = new Tally(Folder, "thread");
        foreach (JsonElement one in Corpora.Json(Folder, "base-subject.json").EnumerateArray())
        {
            string input = Text(one, "input");
            BaseSubject ours = BaseSubject.Of(input);
            JsonElement wanted = one.GetProperty("expect");
            tally.Count(ours.Text == Text(wanted, "threadable") && ours.Depth == wanted.GetProperty("replyDepth").GetInt32(), () => $"{input}: {ours}");
        }
        foreach (JsonElement one in Corpora.Json(Folder, "expect.json").EnumerateArray())
        {
            List<Threadable> mails = [.. Mbox(Text(one, "file"))];
            Threads(tally, mails, one, Text(one.GetProperty("expect"), "thread"), Text(one, "file"));
        }
        foreach (JsonElement one in Corpora.Json(Folder, "jwz-outlines.json").EnumerateArray()) Outlines(tally, one);
        tally.Reaches();
    }

    /// <summary>Dovecot's second question of a file: the same after a mail is gone.</summary>
    [Theory]
    [InlineData("thread7.mbox", 2, "(1 3 2)")]
    [InlineData("thread.mbox", 1, "(2 1)")]
    public void A_thread_closes_over_a_mail_that_is_gone(string file, int gone, string wanted)
    {
        Threadable[] left = [.. Mbox(file).Where(mail => mail.Number != gone).Select((mail, at) => mail with { Number = at + 1 })];
        Assert.Equal(wanted, ThreadTree.Notation(Threader.ByReferences(left)));
    }

    private static void Threads(Tally tally, List<Threadable> mails, JsonElement one, string wanted, string file)
    {
        string ours = ThreadTree.Notation(By(Text(one, "algorithm"), mails));
        tally.Count(ours == wanted, () => $"{file}: wanted {wanted}, ours {ours}");
    }

    /// <summary>An outline names threads of mails that the corpus does not have (its list ends before the outline does): each thread
    /// all of whose mails are there is a case.</summary>
    private static void Outlines(Tally tally, JsonElement one)
    {
        JsonElement[] given = [.. one.GetProperty("messages").EnumerateArray()];
        Threadable[] mails = [.. given.Select((mail, at) => new Threadable(
            at + 1, Text(mail, "messageId"), [.. (mail.GetProperty("references").GetString() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            Text(mail, "subject"), DateTimeOffset.UnixEpoch))];
        var subjects = mails.Select(mail => mail.Subject).Append("dummy").ToHashSet(StringComparer.Ordinal);
        HashSet<string> ours = [.. By(Text(one, "algorithm"), mails).Select(thread => Outline(thread, mails, 0))];
        foreach (string wanted in Outlined(Text(one.GetProperty("expect"), "outline")))
        {
            if (wanted.Split('\n', StringSplitOptions.RemoveEmptyEntries).Any(line => !subjects.Contains(line.Trim()))) continue;
            tally.Count(ours.Contains(wanted), () => $"{Text(one, "test")}: no thread\n{wanted}");
        }
    }

    private static IReadOnlyList<ThreadTree> By(string algorithm, IReadOnlyList<Threadable> mails) => algorithm switch
    {
        "REFERENCES" => Threader.ByReferences(mails),
        "ORDEREDSUBJECT" => Threader.ByOrderedSubject(mails),
        _ => throw new InvalidOperationException(algorithm),
    };

    private static string Outline(ThreadTree thread, Threadable[] mails, int depth) =>
        $"{new string(' ', depth * 3)}{(thread.Number == 0 ? "dummy" : mails[thread.Number - 1].Subject)}\n{string.Concat(thread.Answers.Select(answer => Outline(answer, mails, depth + 1)))}";

    private static IEnumerable<string> Outlined(string outline)
    {
        var thread = new StringBuilder();
        foreach (string line in outline.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] is not ' ' && thread.Length > 0)
            {
                yield return thread.ToString();
                thread.Clear();
            }
            thread.Append(line).Append('\n');
        }
        yield return thread.ToString();
    }

    /// <summary>Sent when its "From " line says, unless it has a Date (RFC 5256 §2.2).</summary>
    private static IEnumerable<Threadable> Mbox(string file)
    {
        string[] mails = ("\n" + Encoding.Latin1.GetString(Corpora.Bytes(Folder, file)).ReplaceLineEndings("\n")).Split("\nFrom ", StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < mails.Length; i++)
        {
            string[] parts = mails[i].Split('\n', 2);
            string[] words = parts[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            string date = string.Join(' ', words.Length > 5 ? words : [.. words, "+0000"]);
            ReadMail mail = MailReader.Read(Encoding.Latin1.GetBytes(parts[1]), new ReadingContext());
            yield return new Threadable(
                i + 1, mail.MessageId, mail.References.Count > 0 ? mail.References : mail.InReplyTo is { } parent ? [parent] : [], mail.Subject,
                mail.Date ?? DateTimeOffset.ParseExact(date, "ddd MMM d HH:mm:ss yyyy zzz", CultureInfo.InvariantCulture));
        }
    }

    private static string Text(JsonElement one, string name) => one.GetProperty(name).GetString()!; // the corpus' form
}
