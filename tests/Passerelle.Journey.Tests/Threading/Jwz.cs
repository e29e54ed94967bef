using System.Text.RegularExpressions;
using MimeKit;

namespace Passerelle.Journey.Tests.Threading;

/// <summary>
/// Threads of mails as Netscape, Grendel and most readers since make them: Jamie Zawinski, "message threading"
/// (https://www.jwz.org/doc/threading.html), step by step from that description. It shares nothing with our own threading.
/// </summary>
internal static partial class Jwz
{
    /// <returns>The root set: one thread each.</returns>
    public static IReadOnlyList<JwzContainer> Thread(IEnumerable<MimeMessage> mails)
    {
        var table = new Dictionary<string, JwzContainer>();
        foreach (var mail in mails) Place(table, mail); // step 1
        var root = table.Values.Where(container => container.Parent is null).ToList(); // steps 2 and 3
        return BySubject(Prune(root, atRoot: true)); // steps 4 and 5; 6 and 7 are about their order
    }

    private static void Place(Dictionary<string, JwzContainer> table, MimeMessage mail)
    {
        var id = mail.MessageId is { Length: > 0 } own && !(table.TryGetValue(own, out var taken) && taken.Mail is not null) ? own : Guid.CreateVersion7().ToString();
        var container = Of(table, id); // 1A
        container.Mail = mail;
        JwzContainer? before = null;
        foreach (var reference in References(mail)) // 1B
        {
            var named = Of(table, reference);
            if (before is not null && named.Parent is null && named != before && !named.Holds(before)) before.Add(named);
            before = named;
        }
        if (before is null || before == container || container.Holds(before)) return;
        before.Add(container); // 1C: what the mail itself says goes before what others guessed
    }

    /// <summary>References, and where there is none the first id of In-Reply-To.</summary>
    private static IEnumerable<string> References(MimeMessage mail) =>
        mail.References.Count > 0 ? mail.References : mail.InReplyTo is { Length: > 0 } answered ? [answered] : Array.Empty<string>();

    private static JwzContainer Of(Dictionary<string, JwzContainer> table, string id) =>
        table.TryGetValue(id, out var container) ? container : table[id] = new JwzContainer();

    /// <summary>Empty containers go; their children take their place, at the root only an only child does.</summary>
    private static List<JwzContainer> Prune(List<JwzContainer> level, bool atRoot)
    {
        var kept = new List<JwzContainer>();
        foreach (var container in level.ToList())
        {
            container.Children = Prune(container.Children, atRoot: false);
            if (container.Mail is not null || (atRoot && container.Children.Count > 1)) kept.Add(container);
            else
            {
                foreach (var child in container.Children) child.Parent = container.Parent;
                kept.AddRange(container.Children);
            }
        }
        return kept;
    }

    private static List<JwzContainer> BySubject(List<JwzContainer> root)
    {
        var table = new Dictionary<string, JwzContainer>();
        foreach (var container in root) // 5B
        {
            var subject = Bare(container.Subject);
            if (subject.Length == 0) continue;
            if (!table.TryGetValue(subject, out var old)
                || (old.Mail is not null && container.Mail is null)
                || (IsReply(old.Subject) && !IsReply(container.Subject))) table[subject] = container;
        }
        var threads = root.ToList();
        foreach (var container in root) // 5C
        {
            if (!table.TryGetValue(Bare(container.Subject), out var that) || that == container) continue;
            threads.Remove(container);
            if (that.Mail is null && container.Mail is null)
            {
                foreach (var child in container.Children.ToList()) that.Add(child);
            }
            else if (that.Mail is null || (!IsReply(that.Subject) && IsReply(container.Subject))) that.Add(container);
            else
            {
                var both = new JwzContainer();
                threads[threads.IndexOf(that)] = both;
                table[Bare(container.Subject)] = both;
                both.Add(that);
                both.Add(container);
            }
        }
        return threads;
    }

    private static bool IsReply(string subject) => Reply().IsMatch(subject);

    private static string Bare(string subject) => Reply().Replace(subject, "").Trim();

    [GeneratedRegex(@"^(?:\s*Re(?:\[\d+\])?:)+\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Reply();
}

/// <summary>A mail, or the place of one that nobody has.</summary>
internal sealed class JwzContainer
{
    public MimeMessage? Mail { get; set; }
    public JwzContainer? Parent { get; set; }
    public List<JwzContainer> Children { get; set; } = [];

    public string Subject => (Mail ?? Children.FirstOrDefault()?.Mail)?.Subject ?? "";

    public void Add(JwzContainer child)
    {
        child.Parent?.Children.Remove(child);
        child.Parent = this;
        Children.Add(child);
    }

    public bool Holds(JwzContainer other) => Children.Contains(other) || Children.Exists(child => child.Holds(other));

    /// <summary>All mails of it, parents first.</summary>
    public IEnumerable<MimeMessage> Mails() => (Mail is null ? [] : new[] { Mail }).Concat(Children.SelectMany(child => child.Mails()));
}
