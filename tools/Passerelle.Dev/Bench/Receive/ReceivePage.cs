using System.Globalization;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Bench.Receive;

/// <summary>The table of a page of the documentation, between its two marks.</summary>
internal static class ReceivePage
{
    /// <exception cref="InvalidDataException">The page has not both marks.</exception>
    public static void Write(string file, IReadOnlyList<Result> results) =>
        MarkedPage.Write(file, "bench receive", Table(results));

    private static string Table(IReadOnlyList<Result> results) => string.Join('\n',
        (string[])
        [
            $"{BenchCommand.Machine}; {BenchCommand.Today}; medians of {results.Max(Runs)} runs where something is required, else of {results.Min(Runs)}.",
            "",
            .. Block(results, "Mails a second", result => Times(result), "0"),
            .. Block(results, "Processor, ms a mail, all processes of the server", result => Values(result, run => run.ServerMilliseconds), "0.00"),
            .. Block(results, "p99 to 250, ms", result => [.. Names.Select(name => result.P99(name))], "0.0"),
            .. Block(results, "Memory after the run, MB", result => Values(result, run => run.Megabytes), "0"),
            .. Block(results, "Processor of the generator, ms a mail", result => Values(result, run => run.GeneratorMilliseconds), "0.00"),
        ]);

    private static readonly string[] Names = ["SQLite", "PostgreSQL", "Postfix", "Haraka"];

    private static int Runs(Result result) => result.Runs["SQLite"].Count;

    private static double[] Times(Result result) => Values(result, run => run.Rate);

    private static double[] Values(Result result, Func<Sample, double> what) => [.. Names.Select(name => result.Median(name, what))];

    private static IEnumerable<string> Block(IReadOnlyList<Result> results, string title, Func<Result, double[]> values, string format)
    {
        yield return $"### {title}";
        yield return "";
        yield return "| load | ours, SQLite | ours, PostgreSQL | Postfix | Haraka | SQLite to Postfix | SQLite to Haraka | PostgreSQL to Postfix |";
        yield return "| --- | --- | --- | --- | --- | --- | --- | --- |";
        foreach (var result in results)
        {
            var of = values(result);
            double[] ratios = [of[0] / of[2], of[0] / of[3], of[1] / of[2]];
            yield return $"| {result.Load.Name} | {string.Join(" | ", of.Select(value => value.ToString(format, CultureInfo.InvariantCulture)))} | "
                + $"{string.Join(" | ", ratios.Select(ratio => ratio.ToString("0.00", CultureInfo.InvariantCulture)))} |";
        }
        yield return "";
    }
}
