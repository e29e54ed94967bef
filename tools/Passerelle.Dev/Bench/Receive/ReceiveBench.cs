using System.Diagnostics;
using Passerelle.Dev.Run;
using Passerelle.Dev.Soak;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Bench.Receive;

/// <summary>All runs of one load, by the name of the receiver.</summary>
internal sealed record Result(Load Load, IReadOnlyDictionary<string, IReadOnlyList<Sample>> Runs)
{
    public double Median(string receiver, Func<Sample, double> what) => Quantile([.. Runs[receiver].Select(what)], 0.5);

    /// <summary>Of the probe's mails of all runs together.</summary>
    public double P99(string receiver) => Quantile([.. Runs[receiver].SelectMany(run => run.Waits)], 0.99);

    private static double Quantile(double[] values, double part)
    {
        Array.Sort(values);
        return values.Length == 0 ? double.NaN : values[Math.Min((int)(values.Length * part), values.Length - 1)];
    }
}

/// <summary>
/// Our receiver on SQLite and on PostgreSQL, Postfix and Haraka under the same load, one after the other and round about, so that
/// whatever else the machine does meets all of them.
/// </summary>
internal static class ReceiveBench
{
    private static readonly Pace Whole = new(HeartRuns: 5, Runs: 3, Warm: TimeSpan.FromSeconds(8), Run: TimeSpan.FromSeconds(1.5));
    private static readonly Pace Quick = new(HeartRuns: 3, Runs: 3, Warm: TimeSpan.FromSeconds(2.5), Run: TimeSpan.FromSeconds(0.6));

    public static IReadOnlyList<string> Names { get; } = ["SQLite", "PostgreSQL", "Postfix", "Haraka"];

    /// <summary>What a minute has room for.</summary>
    public static IReadOnlyList<string> QuickNames { get; } = ["SQLite", "Postfix", "Haraka"];

    /// <param name="only">Of <see cref="Names"/>.</param>
    /// <exception cref="DevFault">A peer is missing, or a mail was not taken.</exception>
    public static async Task<IReadOnlyList<Result>> RunAsync(bool quick, IReadOnlyList<string> only, TextWriter progress, CancellationToken cancel)
    {
        await using var lab = await LabFixture.StartAsync(cancel); // its DNS answers our readers
        var microsoft = MicrosoftSide.Of(lab.Endpoints);
        var all = new List<IReceiver>();
        try
        {
            foreach (var name in Names.Where(only.Contains)) all.Add(await StartAsync(name, microsoft, progress, cancel));
            foreach (var receiver in all) Processes.Equalise(receiver.Roots);
            var pace = quick ? Quick : Whole;
            foreach (var receiver in all)
            {
                progress.WriteLine($"Warming {receiver.Name} ...");
                await WarmAsync(receiver, pace.Warm, cancel);
            }
            var results = new List<Result>();
            foreach (var load in quick ? Heart : Loads)
            {
                progress.WriteLine($"{load.Name} ...");
                var wanted = all.Where(receiver => !quick || ReceiveRows.AsksFor(load, receiver.Name)).ToList();
                results.Add(await MeasureAsync(load, wanted, [.. all.OfType<PasserelleReceiver>()], pace, cancel));
            }
            return results;
        }
        finally
        {
            foreach (var receiver in all) await receiver.DisposeAsync();
        }
    }

    private static async Task<IReceiver> StartAsync(string name, MicrosoftSide microsoft, TextWriter progress, CancellationToken cancel) => name switch
    {
        "SQLite" => await PasserelleReceiver.StartAsync(microsoft, null, cancel),
        "PostgreSQL" => await PasserelleReceiver.StartAsync(microsoft, await ThrowAwayPostgres.StartAsync(), cancel),
        "Postfix" => await PostfixReceiver.StartAsync(),
        _ => await HarakaReceiver.StartAsync(progress, cancel),
    };

    /// <summary>The first mails of a process that compiles as it runs are no measure.</summary>
    private static async Task WarmAsync(IReceiver receiver, TimeSpan time, CancellationToken cancel)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time;)
        {
            foreach (var load in Heart) await load.RunAsync(receiver, 400, cancel);
        }
    }

    private static async Task<Result> MeasureAsync(
        Load load, IReadOnlyList<IReceiver> wanted, IReadOnlyList<PasserelleReceiver> ours, Pace pace, CancellationToken cancel)
    {
        var samples = wanted.ToDictionary(receiver => receiver.Name, _ => new List<Sample>());
        var counts = new Dictionary<string, int>();
        foreach (var receiver in wanted) counts[receiver.Name] = pace.Count(load, await RunAsync(receiver, load.Few));
        for (var run = 0; run < pace.RunsOf(load); run++)
        {
            foreach (var receiver in wanted) samples[receiver.Name].Add(await RunAsync(receiver, counts[receiver.Name]));
        }
        return new Result(load, samples.ToDictionary(pair => pair.Key, IReadOnlyList<Sample> (pair) => pair.Value));

        async Task<Sample> RunAsync(IReceiver receiver, int count)
        {
            foreach (var own in ours) await own.RestAsync(cancel); // nobody measures while we still read
            var sample = await load.RunAsync(receiver, count, cancel);
            receiver.Clear();
            return sample;
        }
    }

    /// <summary>What something is required of.</summary>
    private static IReadOnlyList<Load> Heart => [new(20, Reused: false, 5000), new(20, Reused: true, 5000)];

    private static IReadOnlyList<Load> Loads =>
    [
        .. from bytes in (int[])[5000, 200_000]
           from reused in (bool[])[false, true]
           from sessions in (int[])[1, 20, 100, 500]
           select new Load(sessions, reused, bytes),
    ];

    /// <param name="HeartRuns">Of the loads that something is required of.</param>
    /// <param name="Run">How long each receiver is at work in one run, about: the faster one gets more mails.</param>
    private sealed record Pace(int HeartRuns, int Runs, TimeSpan Warm, TimeSpan Run)
    {
        public int RunsOf(Load load) => Heart.Contains(load) ? HeartRuns : Runs;

        public int Count(Load load, Sample first) => Math.Clamp((int)(first.Rate * Run.TotalSeconds), load.Few, load.Most);
    }
}
