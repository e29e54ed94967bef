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
    private const int Runs = 5;
    private const int QuickRuns = 3;

    public static IReadOnlyList<string> Names { get; } = ["SQLite", "PostgreSQL", "Postfix", "Haraka"];

    /// <param name="only">Of <see cref="Names"/>.</param>
    /// <exception cref="DevFault">A peer is missing, or a mail was not taken.</exception>
    public static async Task<IReadOnlyList<Result>> RunAsync(bool quick, IReadOnlyCollection<string> only, TextWriter progress, CancellationToken cancel)
    {
        await using var lab = await LabFixture.StartAsync(cancel); // its DNS answers our readers
        var microsoft = MicrosoftSide.Of(lab.Endpoints);
        var all = new List<IReceiver>();
        try
        {
            foreach (var name in Names.Where(only.Contains)) all.Add(await StartAsync(name, microsoft, progress, cancel));
            foreach (var receiver in all) Processes.Equalise(receiver.Roots);
            foreach (var receiver in all) await WarmAsync(receiver, quick ? 300 : 2000, cancel);
            var results = new List<Result>();
            foreach (var load in quick ? Quick : Whole)
            {
                progress.WriteLine($"{load.Name} ...");
                var wanted = all.Where(receiver => !quick || ReceiveRows.AsksFor(load, receiver.Name)).ToList();
                results.Add(await MeasureAsync(load, wanted, [.. all.OfType<PasserelleReceiver>()], quick ? QuickRuns : Runs, cancel));
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
    private static async Task WarmAsync(IReceiver receiver, int mails, CancellationToken cancel)
    {
        await new Load(20, Reused: false, 5000, mails).RunAsync(receiver, cancel);
        await new Load(20, Reused: true, 5000, mails).RunAsync(receiver, cancel);
    }

    private static async Task<Result> MeasureAsync(
        Load load, IReadOnlyList<IReceiver> wanted, IReadOnlyList<PasserelleReceiver> ours, int runs, CancellationToken cancel)
    {
        var samples = wanted.ToDictionary(receiver => receiver.Name, _ => new List<Sample>());
        for (var run = 0; run < runs; run++)
        {
            foreach (var receiver in wanted)
            {
                foreach (var own in ours) await own.RestAsync(cancel); // nobody measures while we still read
                samples[receiver.Name].Add(await load.RunAsync(receiver, cancel));
                receiver.Clear();
            }
        }
        return new Result(load, samples.ToDictionary(pair => pair.Key, IReadOnlyList<Sample> (pair) => pair.Value));
    }

    /// <summary>What something is required of.</summary>
    private static IReadOnlyList<Load> Quick => [new(20, Reused: false, 5000, 600), new(20, Reused: true, 5000, 1000)];

    private static IReadOnlyList<Load> Whole =>
    [
        .. from bytes in (int[])[5000, 200_000]
           from reused in (bool[])[false, true]
           from sessions in (int[])[1, 20, 100, 500]
           select new Load(sessions, reused, bytes, Count(sessions, bytes)),
    ];

    /// <summary>Enough for a second or more of the slowest; every session has several.</summary>
    private static int Count(int sessions, int bytes) => (sessions, bytes) switch
    {
        (1, 5000) => 600,
        (1, _) => 200,
        (500, 5000) => 3000,
        (_, 5000) => 2500,
        (500, _) => 1000,
        _ => 400,
    };
}
