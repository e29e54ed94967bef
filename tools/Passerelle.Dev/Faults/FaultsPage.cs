using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Passerelle.Dev.Faults;

/// <summary>The results as a page of the documentation and as a table in a terminal.</summary>
internal static class FaultsPage
{
    public static string Of(IReadOnlyList<FaultResult> results)
    {
        var page = new StringBuilder();
        page.AppendLine("# What the doctor names").AppendLine();
        page.AppendLine("Written by `./dev faults --page docs/faults.md`. For every row a fresh lab directory with everything right and a connected app");
        page.AppendLine("of a gateway, which has carried a mail; then the fault; then `passerelle doctor APP --json` as a process of its own. The doctor knows");
        page.AppendLine("what the gateway holds and nothing of the lab. *Expected* is the step of the set-up (and those that count as well).").AppendLine();
        page.AppendLine(Summary(results)).AppendLine();
        page.AppendLine("| fault | expected | found | who | what the doctor says to do |");
        page.AppendLine("|---|---|---|---|---|");
        foreach (var result in results)
        {
            page.AppendLine(CultureInfo.InvariantCulture,
                $"| {result.Row.Title} | {Expected(result.Row)} | {(result.IsNamed ? result.FoundStep : $"**{(result.FoundStep.Length > 0 ? result.FoundStep : "–")}**")} | {result.Row.Owner} | {Cell(result)} |");
        }
        return page.ToString().ReplaceLineEndings("\n");
    }

    public static string Table(IReadOnlyList<FaultResult> results)
    {
        var table = new StringBuilder();
        foreach (var result in results)
        {
            table.AppendLine(CultureInfo.InvariantCulture,
                $"{(result.IsNamed ? "+" : "!")} {result.Row.Id,-26} {Expected(result.Row),-12} {result.FoundStep,-4} {result.Seconds,5:0.0} s  {Short(result.Words)}");
        }
        return table.Append(Summary(results)).ToString();
    }

    private static string Summary(IReadOnlyList<FaultResult> results) => string.Create(CultureInfo.InvariantCulture,
        $"{results.Count(result => result.IsNamed)} of {results.Count} named.");

    private static string Expected(FaultRow row) => string.Join(", ", [row.ExpectedStep, .. row.AlsoAccept ?? []]);

    /// <summary>Ports and ids differ from run to run; what to do does not.</summary>
    private static string Cell(FaultResult result) => (result.Fix.Length > 0 ? Stable(result.Fix) : Short(result.Words)).Replace("|", "\\|", StringComparison.Ordinal);

    private static string Stable(string text) => Regex.Replace(
        Regex.Replace(Regex.Replace(text, @"(localhost|127\.0\.0\.1):\d+", "$1"), "[0-9a-f]{32}@[a-z0-9.-]+", "the forwarding address"),
        @"contoso-f\d+\.example", "contoso.example");

    private static string Short(string words) => words.Length > 160 ? words[..160] + "…" : words;
}
