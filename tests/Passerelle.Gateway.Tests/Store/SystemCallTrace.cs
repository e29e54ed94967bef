using System.Globalization;
using System.Text.RegularExpressions;

namespace Passerelle.Gateway.Tests.Store;

/// <summary>What <c>strace -f -y</c> saw of a process: enough to prove that bytes were flushed before they were answered.</summary>
/// <remarks>kill -9 proves nothing of the kind: the page cache survives it.</remarks>
internal sealed partial class SystemCallTrace
{
    private readonly List<Call> _calls = [];

    /// <summary>Put before the traced command: <c>strace … -o FILE</c>. Skips where there is no strace; fails under CI.</summary>
    public static string[] Command(string file)
    {
        if (!File.Exists("/usr/bin/strace"))
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "strace is not installed (apt-get install strace)");
            Assert.Fail("strace is not installed");
        }
        return
        [
            "/usr/bin/strace", "-f", "-tt", "-y", "-s", "5000", "--seccomp-bpf",
            "-e", "trace=pwrite64,pwritev,write,writev,fdatasync,fsync,sendto,sendmsg,?rename,?renameat,?renameat2,?link,?linkat",
            "-o", file,
        ];
    }

    public static SystemCallTrace Read(string file)
    {
        var trace = new SystemCallTrace();
        var unfinished = new Dictionary<int, Call>();
        foreach (var (number, line) in File.ReadLines(file).Index())
        {
            if (Begun().Match(line) is { Success: true } begun) trace.Begin(begun, number, unfinished);
            else if (Resumed().Match(line) is { Success: true } resumed && unfinished.Remove(Thread(resumed), out var call)) call.End(number, resumed.Groups["result"].Value);
        }
        return trace;
    }

    /// <summary>Follows one acknowledged item from its bytes to its answer.</summary>
    /// <param name="item">Text that stands in its bytes, often enough to be whole on some page.</param>
    /// <param name="log">End of the path of the file that must be flushed.</param>
    /// <param name="answer">Text of its answer, on any pipe or socket.</param>
    /// <returns>Null when the log was flushed after the bytes were written and before the answer left; else what was not so.</returns>
    public string? Doubt(string item, string log, string answer)
    {
        if (_calls.Find(call => call.IsWrite && !call.Path.StartsWith('/') && call.Data.Contains(answer, StringComparison.Ordinal)) is not { } answered)
            return $"{item} was never answered";
        if (_calls.Find(call => call.IsWrite && call.Path.EndsWith(log, StringComparison.Ordinal) && call.Data.Contains(item, StringComparison.Ordinal)) is not { } written)
            return $"{item} was never written";
        if (FlushBehind(written) is not { Succeeded: true } flushed) return $"{item} was never flushed";
        return flushed.Ended < answered.Began ? null : $"{item} was answered before its flush returned";
    }

    /// <returns>How many flushes made these items durable: one for each group of writes.</returns>
    public int FlushesFor(IEnumerable<string> items, string log) => items
        .Select(item => FlushBehind(_calls.First(call => call.IsWrite && call.Path.EndsWith(log, StringComparison.Ordinal) && call.Data.Contains(item, StringComparison.Ordinal))))
        .Distinct().Count();

    /// <summary>Follows a mail that was spooled: its bytes, its name and the folders above are on the disk before its row is written.</summary>
    /// <param name="item">Text that stands in its bytes.</param>
    /// <param name="row">Text that stands in its row.</param>
    /// <param name="spool">The spool's folder.</param>
    public string? DoubtOfFile(string item, string row, string log, string spool)
    {
        if (_calls.FindLast(call => call.IsWrite && call.Path.StartsWith(spool, StringComparison.Ordinal) && call.Data.Contains(item, StringComparison.Ordinal)) is not { } bytes)
            return $"{item} was never spooled";
        if (_calls.Find(call => call.IsWrite && call.Path.EndsWith(log, StringComparison.Ordinal) && call.Data.Contains(row, StringComparison.Ordinal)) is not { } written)
            return $"{row} was never written";
        if (_calls.Find(call => call.IsNaming && call.Data.Contains($"\"{bytes.Path}\"", StringComparison.Ordinal)) is not { } named)
            return $"{item} was never given its place";
        var place = PathIn().Matches(named.Data).Last().Groups["path"].Value;
        if (!FlushedBetween(bytes.Path, bytes, named)) return $"the bytes of {item} were not flushed before they were given their place";
        if (!FlushedBetween(Path.GetDirectoryName(place)!, named, written)) return $"the name of {item} was not flushed before its row"; // a full path
        foreach (var above in new[] { spool, Path.GetDirectoryName(spool)! }) // a full path, too
        {
            if (!_calls.Exists(call => call.IsFlush && call.Path == above && call.Succeeded && call.Ended < written.Began)) return $"{above} was never flushed";
        }
        return null;
    }

    /// <summary>The same thread's: another one's flush may have begun before our commit was complete.</summary>
    private Call? FlushBehind(Call written) =>
        _calls.Find(call => call.IsFlush && call.Path == written.Path && call.Thread == written.Thread && call.Began > written.Ended);

    private bool FlushedBetween(string path, Call after, Call before) =>
        _calls.Exists(call => call.IsFlush && call.Path == path && call.Succeeded && call.Began > after.Ended && call.Ended < before.Began);

    private void Begin(Match begun, int number, Dictionary<int, Call> unfinished)
    {
        var rest = begun.Groups["rest"].Value;
        var call = new Call(Thread(begun), begun.Groups["name"].Value, begun.Groups["path"].Value, rest, number);
        _calls.Add(call);
        if (rest.EndsWith("<unfinished ...>", StringComparison.Ordinal)) unfinished[call.Thread] = call;
        else call.End(number, rest[(rest.LastIndexOf(" = ", StringComparison.Ordinal) + 3)..]);
    }

    private static int Thread(Match match) => int.Parse(match.Groups["thread"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<thread>\d+)\s+\S+ (?<name>\w+)\((\d+<(?<path>[^>]*)>)?(?<rest>.*)$")]
    private static partial Regex Begun();

    [GeneratedRegex("\"(?<path>/[^\"]*)\"")]
    private static partial Regex PathIn();

    [GeneratedRegex(@"^(?<thread>\d+)\s+\S+ <\.\.\. \w+ resumed>.*= (?<result>[^=]*)$")]
    private static partial Regex Resumed();

    /// <param name="Began">Line of the trace; the end has its own.</param>
    private sealed record Call(int Thread, string Name, string Path, string Data, int Began)
    {
        public int Ended { get; private set; } = int.MaxValue;
        public bool Succeeded { get; private set; }
        public bool IsFlush => Name is "fsync" or "fdatasync";
        public bool IsNaming => Name.StartsWith("rename", StringComparison.Ordinal) || Name.StartsWith("link", StringComparison.Ordinal);
        public bool IsWrite => Name.Contains("write", StringComparison.Ordinal) || Name.StartsWith("send", StringComparison.Ordinal);

        public void End(int line, string result) => (Ended, Succeeded) = (line, !result.StartsWith('-'));
    }
}
