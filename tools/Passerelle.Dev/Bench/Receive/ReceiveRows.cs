namespace Passerelle.Dev.Bench.Receive;

/// <summary>The results as rows, each beside its peer; what is required of the case at the product's heart stands with it.</summary>
internal static class ReceiveRows
{
    private static readonly string[] Stores = ["SQLite", "PostgreSQL"];
    private static readonly string[] Peers = ["Postfix", "Haraka"];

    public static IReadOnlyList<BenchRow> Of(IReadOnlyList<Result> results) =>
        [.. results.SelectMany(result => Stores.Where(result.Runs.ContainsKey).SelectMany(store => Of(result, store)))];

    /// <summary>Whether something is required that this receiver is part of.</summary>
    public static bool AsksFor(Load load, string receiver) => Stores.SelectMany(store => Peers.Select(peer => (store, peer)))
        .Any(pair => (pair.store == receiver || pair.peer == receiver) && Required(load, pair.store, pair.peer) is not null);

    private static IEnumerable<BenchRow> Of(Result result, string store)
    {
        var name = $"{result.Load.Name}, {store}";
        var runs = result.Runs[store].Count;
        string[] peers = [.. Peers.Where(result.Runs.ContainsKey)];
        foreach (var peer in peers)
        {
            yield return new BenchRow(name, "mails/s", Rate(store), Required(result.Load, store, peer), runs, Rate(peer), peer);
        }
        var quarter = store == "SQLite" && IsHeart(result.Load) ? 0.25 : (double?)null;
        foreach (var peer in peers)
        {
            yield return new BenchRow($"{name}: processor", "ms/mail", Cpu(store), peer == "Postfix" ? quarter : null, runs, Cpu(peer), peer);
            yield return new BenchRow($"{name}: p99 to 250", "ms", result.P99(store), null, runs, result.P99(peer), peer);
            yield return new BenchRow($"{name}: memory", "MB", Memory(store), null, runs, Memory(peer), peer);
        }
        yield return new BenchRow($"{name}: processor of the generator", "ms/mail", result.Median(store, run => run.GeneratorMilliseconds), null, runs);

        double Rate(string receiver) => result.Median(receiver, run => run.Rate);
        double Cpu(string receiver) => result.Median(receiver, run => run.ServerMilliseconds);
        double Memory(string receiver) => result.Median(receiver, run => run.Megabytes);
    }

    /// <summary>20 sessions, 5 KB.</summary>
    private static bool IsHeart(Load load) => load is { Sessions: 20, Bytes: 5000 };

    private static double? Required(Load load, string store, string peer) => IsHeart(load)
        ? (store, peer, load.Reused) switch
        {
            ("SQLite", "Postfix", false) => 3,
            ("SQLite", "Postfix", true) => 5,
            ("SQLite", "Haraka", false) => 4,
            ("PostgreSQL", "Postfix", false) => 2,
            _ => null,
        }
        : null;
}
