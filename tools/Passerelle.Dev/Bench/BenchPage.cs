using System.Globalization;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Bench;

/// <summary>The rows of a bench as a table of a page of the documentation, between the two marks that carry the bench's name.</summary>
internal static class BenchPage
{
    /// <summary>Benches whose rows are their whole table; receive compares four servers and writes its own.</summary>
    public static bool IsOf(string name) => name is "read" or "messages" or "send";

    /// <exception cref="InvalidDataException">The page has not both marks.</exception>
    public static void Write(string file, string name, IReadOnlyList<BenchRow> rows) => MarkedPage.Write(file, $"bench {name}", Table(rows));

    private static string Table(IReadOnlyList<BenchRow> rows) => string.Join('\n',
        (string[])
        [
            $"{BenchCommand.Machine}; {BenchCommand.Today}.",
            "",
            .. rows.Any(row => row.Peer is not null) ? Beside(rows) : Alone(rows),
        ]);

    private static string[] Alone(IReadOnlyList<BenchRow> rows) =>
    [
        "| what | measured | wanted |",
        "| --- | --- | --- |",
        .. rows.Select(row => string.Create(CultureInfo.InvariantCulture,
            $"| {row.Case} | {Rounded(row.Ours)} {row.Unit} | {(row.Required is { } required ? $"{required:#,0} {row.Unit}" : "")} |")),
    ];

    private static string[] Beside(IReadOnlyList<BenchRow> rows) =>
    [
        "| what | ours | peer | ratio | wanted |",
        "| --- | --- | --- | --- | --- |",
        .. rows.Select(row => string.Create(CultureInfo.InvariantCulture,
            $"| {row.Case} | {Rounded(row.Ours)} {row.Unit} | {(row.Peer is { } peer ? $"{row.PeerName} {Rounded(peer)}" : "")} | {row.Ratio:0.00} | {row.Required:0.0#} |")),
    ];

    private static string Rounded(double value) => value.ToString(value < 1 ? "0.00" : value < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}
