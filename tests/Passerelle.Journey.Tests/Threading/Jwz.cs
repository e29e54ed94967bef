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
        var roots = table.Values.Where(container => container.Parent is null).ToList(); // steps 2 and 3
        return GroupedBySubject(Pruned(roots, isRoot: true)); // steps 4 and 5; 6 and 7 are about their order
    }

    /// <summary>Step 1.</summary>
    private static void Place(Dictionary<string, JwzContainer> table, MimeMessage mail)
    {
        var container = Of(table, mail.MessageId is { Length: > 0 } id && table.GetValueOrDefault(id)?.Mail is null ? id : $"nameless {table.Count}"); // 1A
        container.Mail = mail;
        JwzContainer? last = null;
        foreach (var reference in References(mail)) // 1B: never over a link that is there, never in a circle
        {
            var named = Of(table, reference);
            if (last is not null && named.Parent is null && !Encircle(last, named)) last.Adopt(named);
            last = named;
        }
        if (last is not null && !Encircle(last, container)) last.Adopt(container); // 1C: what the mail itself says goes before what others said
    }

    /// <summary>References, and where there is none the id of In-Reply-To.</summary>
    private static IEnumerable<string> References(MimeMessage mail) =>
        mail.References.Count > 0 ? mail.References : mail.InReplyTo is { Length: > 0 } answered ? [answered] : Array.Empty<string>();

    private static JwzContainer Of(Dictionary<string, JwzContainer> table, string id) =>
        table.TryGetValue(id, out var container) ? container : table[id] = new JwzContainer();

    private static bool Encircle(JwzContainer parent, JwzContainer child) => parent == child || parent.LiesBelow(child);

    /// <summary>Step 4: empty containers go, and their children take their place; at the root only an only child does.</summary>
    private static List<JwzContainer> Pruned(IEnumerable<JwzContainer> level, bool isRoot)
    {
        var kept = new List<JwzContainer>();
        foreach (var container in level.ToList())
        {
            var children = Pruned(container.Children, isRoot: false);
            if (container.Mail is not null || (isRoot && children.Count > 1))
            {
                container.Become(children);
                kept.Add(container);
            }
            else
            {
                kept.AddRange(children);
            }
        }
        if (isRoot) kept.ForEach(root => root.Parent = null);
        return kept;
    }

    /// <summary>Step 5.</summary>
    private static List<JwzContainer> GroupedBySubject(List<JwzContainer> roots)
    {
        var table = new Dictionary<string, JwzContainer>();
        foreach (var root in roots.Where(root => Bare(root.Subject).Length > 0)) // 5B
        {
            var subject = Bare(root.Subject);
            if (!table.TryGetValue(subject, out var old) || (root.Mail is null && old.Mail is not null) || (IsReply(old.Subject) && !IsReply(root.Subject)))
                table[subject] = root;
        }
        var threads = roots.ToList();
        foreach (var root in roots) // 5C
        {
            if (!table.TryGetValue(Bare(root.Subject), out var other) || other == root) continue;
            threads.Remove(root);
            if (other.Mail is null && root.Mail is null) root.Children.ToList().ForEach(other.Adopt);
            else if (other.Mail is null || (IsReply(root.Subject) && !IsReply(other.Subject))) other.Adopt(root);
            else
            {
                var both = table[Bare(root.Subject)] = new JwzContainer();
                threads[threads.IndexOf(other)] = both;
                both.Adopt(other);
                both.Adopt(root);
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
    public List<JwzContainer> Children { get; private set; } = [];

    public string Subject => (Mail ?? Children.FirstOrDefault()?.Mail)?.Subject ?? "";

    public void Adopt(JwzContainer child)
    {
        child.Parent?.Children.Remove(child);
        child.Parent = this;
        Children.Add(child);
    }

    public void Become(List<JwzContainer> children)
    {
        foreach (var child in children) child.Parent = this;
        Children = children;
    }

    public bool LiesBelow(JwzContainer other) => Parent is not null && (Parent == other || Parent.LiesBelow(other));

    /// <summary>All mails of it, parents first.</summary>
    public IEnumerable<MimeMessage> Mails() => (Mail is null ? [] : new[] { Mail }).Concat(Children.SelectMany(child => child.Mails()));
}
