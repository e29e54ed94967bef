using System.Text;

namespace Passerelle.Mail.Threading;

/// <summary>One mail as threading sees it.</summary>
/// <param name="Number">How the caller knows it.</param>
/// <param name="MessageId">Null when absent.</param>
/// <param name="References">Oldest first; where a mail has none, its In-Reply-To.</param>
/// <param name="Date">Of sending; of arrival where that is missing.</param>
public sealed record Threadable(int Number, string? MessageId, IReadOnlyList<string> References, string Subject, DateTimeOffset Date);

/// <param name="Number">0 for a mail that others name and nobody has.</param>
public sealed record ThreadTree(int Number, IReadOnlyList<ThreadTree> Answers)
{
    /// <summary>As RFC 5256 §4 writes it: "(1 (2 3)(4))".</summary>
    public static string Notation(IEnumerable<ThreadTree> threads)
    {
        var text = new StringBuilder();
        foreach (ThreadTree thread in threads) Write(text.Append('('), thread).Append(')');
        return text.ToString();
    }

    private static StringBuilder Write(StringBuilder text, ThreadTree thread)
    {
        if (thread.Number > 0) text.Append(thread.Number);
        if (thread is { Number: > 0, Answers: [var only] }) return Write(text.Append(' '), only);
        if (thread is { Number: > 0, Answers.Count: > 0 }) text.Append(' ');
        foreach (ThreadTree answer in thread.Answers) Write(text.Append('('), answer).Append(')');
        return text;
    }
}

/// <summary>The two threading algorithms of RFC 5256 §3.</summary>
public static class Threader
{
    /// <summary>By base subject, each thread a first mail and its answers.</summary>
    public static IReadOnlyList<ThreadTree> ByOrderedSubject(IEnumerable<Threadable> mails) =>
        [.. mails.OrderBy(mail => mail.Date).ThenBy(mail => mail.Number)
            .GroupBy(mail => BaseSubject.Of(mail.Subject).Text, StringComparer.OrdinalIgnoreCase)
            .OrderBy(thread => thread.First().Date).ThenBy(thread => thread.First().Number)
            .Select(thread => new ThreadTree(thread.First().Number, [.. thread.Skip(1).Select(mail => new ThreadTree(mail.Number, []))]))];

    /// <summary>By References and In-Reply-To, then by base subject.</summary>
    public static IReadOnlyList<ThreadTree> ByReferences(IReadOnlyList<Threadable> mails)
    {
        var root = new Container();
        foreach (Container top in Linked(mails)) root.Take(top); // (1), (2)
        Prune(root, isRoot: true); // (3)
        Sort(root); // (4)
        GatherBySubject(root); // (5)
        Sort(root); // (6)
        return root.Trees();
    }

    private static List<Container> Linked(IReadOnlyList<Threadable> mails)
    {
        var known = new Dictionary<string, Container>(StringComparer.Ordinal);
        var all = new List<Container>();
        foreach (Threadable mail in mails)
        {
            Container own = Own(mail, known, all);
            Container? parent = null;
            foreach (string reference in mail.References)
            {
                Container next = At(reference, known, all);
                if (parent is not null && next.Parent is null && !next.Holds(parent)) parent.Take(next);
                parent = next;
            }
            own.Leave();
            if (parent is not null && !own.Holds(parent)) parent.Take(own);
        }
        return [.. all.Where(container => container.Parent is null)];
    }

    /// <summary>A second mail under an id that is taken is a mail of its own, which nothing can name.</summary>
    private static Container Own(Threadable mail, Dictionary<string, Container> known, List<Container> all)
    {
        if (mail.MessageId is not { } id || At(id, known, all) is not { Mail: null } own) all.Add(own = new Container());
        own.Mail = mail;
        return own;
    }

    private static Container At(string id, Dictionary<string, Container> known, List<Container> all)
    {
        if (known.TryGetValue(id, out Container? found)) return found;
        all.Add(known[id] = found = new Container());
        return found;
    }

    /// <summary>A missing mail gives way to its answers; at the top only to a single one, so that brothers stay together.</summary>
    private static void Prune(Container parent, bool isRoot)
    {
        foreach (Container child in parent.Children.ToList())
        {
            Prune(child, isRoot: false);
            if (child.Mail is not null) continue;
            if (child.Children.Count == 0) child.Leave();
            else if (!isRoot || child.Children.Count == 1) parent.Replace(child, child.Children);
        }
    }

    private static void Sort(Container parent)
    {
        foreach (Container child in parent.Children) Sort(child);
        parent.Children.Sort((a, b) => a.Key.CompareTo(b.Key));
    }

    private static void GatherBySubject(Container root)
    {
        var table = new Dictionary<string, Container>(StringComparer.OrdinalIgnoreCase);
        foreach (Container thread in root.Children)
        {
            string subject = thread.Subject.Text;
            if (subject.Length == 0) continue;
            if (!table.TryGetValue(subject, out Container? there)
                || (thread.Mail is null && there.Mail is not null)
                || (there is { Mail: not null, Subject.IsReplyOrForward: true } && !thread.Subject.IsReplyOrForward)) table[subject] = thread;
        }
        foreach (Container thread in root.Children.ToList())
        {
            if (!table.TryGetValue(thread.Subject.Text, out Container? there) || ReferenceEquals(there, thread)) continue;
            Merge(root, thread, there, table);
        }
    }

    private static void Merge(Container root, Container thread, Container there, Dictionary<string, Container> table)
    {
        if (there.Mail is null && thread.Mail is null)
        {
            foreach (Container child in thread.Children.ToList()) there.Take(child);
            thread.Leave();
        }
        else if (there.Mail is null || (thread.Subject.IsReplyOrForward && !there.Subject.IsReplyOrForward)) there.Take(thread);
        else
        {
            var both = new Container();
            root.Replace(there, [both]);
            both.Take(there);
            both.Take(thread);
            table[both.Subject.Text] = both;
        }
    }

    private sealed class Container
    {
        private BaseSubject? _subject;

        public Threadable? Mail { get; set; }
        public Container? Parent { get; private set; }
        public List<Container> Children { get; } = [];

        /// <summary>Of the mail, or of the first answer to one that is missing.</summary>
        public BaseSubject Subject => _subject ??= BaseSubject.Of((Mail ?? First()?.Mail)?.Subject ?? "");

        public (DateTimeOffset, int) Key => (Mail ?? First()?.Mail) is { } mail ? (mail.Date, mail.Number) : default;

        /// <summary>Whether <paramref name="other"/> is this or stands below it.</summary>
        public bool Holds(Container other)
        {
            for (Container? at = other; at is not null; at = at.Parent)
            {
                if (ReferenceEquals(at, this)) return true;
            }
            return false;
        }

        public void Take(Container child)
        {
            child.Leave();
            child.Parent = this;
            Children.Add(child);
        }

        public void Leave()
        {
            Parent?.Children.Remove(this);
            Parent = null;
        }

        public void Replace(Container child, IEnumerable<Container> by)
        {
            int at = Children.IndexOf(child);
            child.Leave();
            foreach (Container one in by.ToList())
            {
                one.Leave();
                one.Parent = this;
                Children.Insert(at++, one);
            }
        }

        public IReadOnlyList<ThreadTree> Trees() => [.. Children.Select(child => new ThreadTree(child.Mail?.Number ?? 0, child.Trees()))];

        private Container? First()
        {
            Container? at = this;
            while (at is { Mail: null }) at = at.Children.Count > 0 ? at.Children[0] : null;
            return at;
        }
    }
}
