using System.Globalization;
using System.Text.Json;
using Passerelle.Dev.Run;
using Passerelle.Mail;

namespace Passerelle.Dev.Soak.Read;

/// <summary>Every file of the corpora is read as it is, cut off at random points and with random bytes flipped. Each file is a line in
/// the results, so a stopped soak goes on behind the last one.</summary>
internal sealed class ReadSoak(string results, string corpora, int seed, TextWriter progress)
{
    public const int Times = 50;
    private const int ProgressEvery = 100;

    /// <summary>For all reads of one file. What has not ended by then is left behind on its thread.</summary>
    private static readonly TimeSpan GivenUp = TimeSpan.FromMinutes(30);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly Guid Reader = typeof(MailReader).Assembly.ManifestModule.ModuleVersionId;

    public async Task RunAsync(TimeSpan atMost, CancellationToken cancel)
    {
        if (!Directory.Exists(corpora)) throw new DevFault($"{corpora} is absent: there is nothing to read");
        Directory.CreateDirectory(Path.GetDirectoryName(results)!); // a full path to a file has a folder
        var done = (await DoneAsync(cancel)).Select(record => record.File).ToHashSet(StringComparer.Ordinal);
        string[] files = [.. Files()];
        var left = files.Where(file => !done.Contains(file)).ToList();
        var until = TimeProvider.System.GetUtcNow() + atMost;
        for (var i = 0; i < left.Count && TimeProvider.System.GetUtcNow() < until; i++)
        {
            cancel.ThrowIfCancellationRequested();
            await File.AppendAllLinesAsync(results, [JsonSerializer.Serialize(await ReadAsync(left[i], cancel), Json)], CancellationToken.None);
            if ((i + 1) % ProgressEvery == 0 || i + 1 == left.Count)
                await progress.WriteLineAsync($"{files.Length - left.Count + i + 1} of {files.Length} files");
        }
    }

    public async Task<SoakResult> ResultAsync(CancellationToken cancel)
    {
        var done = await DoneAsync(cancel);
        var (slowest, largest) = (done.MaxBy(one => one.SlowestMilliseconds), done.MaxBy(one => one.LargestGrowthMegabytes));
        var figures = string.Create(CultureInfo.InvariantCulture,
            $"{done.Count} of {Files().Count()} files, each whole, cut {Times} times and with bytes flipped {Times} times (seed {seed}); slowest {slowest?.SlowestMilliseconds:0} ms ({slowest?.File}); largest growth {largest?.LargestGrowthMegabytes:0} MB");
        return new(
            "read", done.Sum(one => one.Reads), done.Sum(one => one.Faults), done.Sum(one => one.Different), done.Sum(one => one.Hangs + one.Growths),
            [figures, .. done.SelectMany(one => one.Notes.Select(note => $"{one.File}: {note}"))]);
    }

    private IEnumerable<string> Files() => Directory.EnumerateFiles(corpora, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(corpora, file).Replace('\\', '/')).Order(StringComparer.Ordinal);

    /// <summary>On a thread of its own, which may be left behind.</summary>
    private async Task<ReadRecord> ReadAsync(string file, CancellationToken cancel)
    {
        var whole = await File.ReadAllBytesAsync(Path.Combine(corpora, file), cancel);
        var reading = Task.Factory.StartNew(() => Read(file, whole), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (await Task.WhenAny(reading, Task.Delay(GivenUp, cancel)) == reading) return await reading;
        cancel.ThrowIfCancellationRequested(); // stopped by a person: the file is read again by the next run
        return new ReadRecord
        {
            File = file,
            Seed = seed,
            Reader = Reader,
            Reads = 1,
            SlowestMilliseconds = GivenUp.TotalMilliseconds,
            LargestGrowthMegabytes = 0,
            Faults = 0,
            Different = 0,
            Hangs = 1,
            Growths = 0,
            Notes = ["it does not come to an end"],
        };
    }

    private ReadRecord Read(string file, byte[] whole)
    {
        List<Outcome> outcomes = [.. Variants(new FileDamage(file, seed), whole).Select((variant, i) => Try(variant.Raw, variant.What, twice: i < 2))];
        return new ReadRecord
        {
            File = file,
            Seed = seed,
            Reader = Reader,
            Reads = outcomes.Count,
            SlowestMilliseconds = outcomes.Max(one => one.Took.TotalMilliseconds),
            LargestGrowthMegabytes = outcomes.Max(one => one.Grew) / 1048576.0,
            Faults = outcomes.Count(one => one.Fault is not null),
            Different = outcomes.Count(one => one.Differs),
            Hangs = outcomes.Count(one => one.Took > Meter.Longest),
            Growths = outcomes.Count(one => one.Grew > Meter.MostBytes),
            Notes = [.. outcomes.Where(one => one.IsFinding).Select(one => one.ToString())],
        };
    }

    private static Outcome Try(byte[] raw, string what, bool twice)
    {
        try
        {
            var (took, grew) = Meter.Measure(() => OneRead.Of(raw));
            return new Outcome(what, took, grew, null, twice && OneRead.Of(raw) != OneRead.Of(raw));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return new Outcome(what, TimeSpan.Zero, 0, $"{fault.GetType().Name}: {fault.Message}", false);
        }
    }

    private sealed record Outcome(string What, TimeSpan Took, long Grew, string? Fault, bool Differs)
    {
        public bool IsFinding => Fault is not null || Differs || Took > Meter.Longest || Grew > Meter.MostBytes;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{What}: {Fault ?? $"{Took.TotalSeconds:0.0} s, {Grew >> 20} MB"}{(Differs ? ", read twice it is two messages" : "")}");
    }

    private static IEnumerable<(byte[] Raw, string What)> Variants(FileDamage damage, byte[] whole)
    {
        yield return (whole, "whole");
        if (damage.Enclose(whole) is { } enclosed) yield return (enclosed, "enclosed");
        var number = 0;
        foreach (var damaged in damage.Of(whole, Times))
        {
            yield return (damaged, $"damage {++number}");
            if (damage.Enclose(damaged) is { } mail) yield return (mail, $"damage {number}, enclosed");
        }
    }

    private async Task<List<ReadRecord>> DoneAsync(CancellationToken cancel) => File.Exists(results)
        ? [.. (await File.ReadAllLinesAsync(results, cancel)).Select(line => JsonSerializer.Deserialize<ReadRecord>(line, Json)!).Where(one => one.Seed == seed && one.Reader == Reader)] // no line is null
        : [];
}
