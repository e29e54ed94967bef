using System.Globalization;

namespace Passerelle.Dev.Bench.Receive;

/// <summary>Linux's own account of process trees (proc(5)).</summary>
internal static class Processes
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on

    /// <summary>Seconds of processor that the trees have used, children that have ended included.</summary>
    public static double Seconds(IReadOnlyList<int> roots) => Trees(roots).Sum(process => process.Ticks) / TicksPerSecond;

    /// <summary>Proportional set size: a page that several processes share is counted once.</summary>
    public static double Megabytes(IReadOnlyList<int> roots) => Trees(roots).Sum(process => Kilobytes(process.Id)) / 1024.0;

    /// <summary>Seconds of processor that children of this process used which have ended: the generator's.</summary>
    public static double SecondsOfEndedChildren() => Stat(Environment.ProcessId) is { } self ? self.EndedChildren / TicksPerSecond : 0;

    /// <summary>Gives the trees the weight that this process has among others: a daemon makes a session of its own, which the
    /// scheduler's autogroups would treat apart (sched(7)).</summary>
    public static void Equalise(IReadOnlyList<int> roots)
    {
        if (!File.Exists("/proc/self/autogroup")) return;
        var weight = File.ReadAllText("/proc/self/autogroup").Trim().Split(' ')[^1];
        if (weight == "0") return;
        foreach (var root in roots) File.WriteAllText($"/proc/{root}/autogroup", weight);
    }

    private static List<One> Trees(IReadOnlyList<int> roots)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Stat(id) : null)
            .OfType<One>().ToLookup(process => process.Parent);
        var found = roots.Select(Stat).OfType<One>().ToList();
        for (var i = 0; i < found.Count; i++) found.AddRange(children[found[i].Id]);
        return found;
    }

    /// <returns>Null: it has ended.</returns>
    private static One? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' '); // the name before may hold anything
            return new One(id, int.Parse(fields[1], CultureInfo.InvariantCulture), Sum(fields[11..13]), Sum(fields[13..15]));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Sum(IEnumerable<string> fields) => fields.Sum(field => long.Parse(field, CultureInfo.InvariantCulture));

    private static double Kilobytes(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/smaps_rollup").FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line[4..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // ended meanwhile
        }
    }

    private sealed record One(int Id, int Parent, long Own, long EndedChildren)
    {
        public long Ticks => Own + EndedChildren;
    }
}
