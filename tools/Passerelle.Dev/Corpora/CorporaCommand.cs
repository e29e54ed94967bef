using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Passerelle.Dev.Corpora;

/// <summary><c>./dev corpora</c>: what the tests counted in the corpora, against what is to be reached.</summary>
internal static class CorporaCommand
{
    public static Command Make()
    {
        var thresholds = new Option<string>("--thresholds") { Required = true, Description = "What is to be reached, by folder and field" };
        var counts = new Option<string>("--counts") { Required = true, Description = "JSON lines that the tests wrote" };
        var page = new Option<string?>("--page") { Description = "A Markdown page whose table is written anew" };
        var json = new Option<bool>("--json") { Description = "One JSON document instead of the table" };
        var command = new Command("corpora", "Hold a run of the tests against the corpora's thresholds") { thresholds, counts, page, json };
        command.SetAction(parsed =>
        {
            var rows = Rows(parsed.GetRequiredValue(thresholds), parsed.GetRequiredValue(counts));
            if (parsed.GetValue(page) is { } file) CorporaPage.Write(file, rows);
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(new { rows = rows.Select(row => new { row.Folder, row.Field, row.Passed, row.Total }) }, JsonSerializerOptions.Web));
            else Print(rows);
            return rows.All(row => row.IsReached) ? 0 : 1;
        });
        return command;
    }

    /// <summary>One row a threshold, in their order; a corpus that no test counted has none right of none.</summary>
    private static IReadOnlyList<CorpusRow> Rows(string thresholds, string counts)
    {
        var counted = File.ReadLines(counts).Select(line => JsonSerializer.Deserialize<Counted>(line, JsonSerializerOptions.Web))
            .OfType<Counted>().ToLookup(row => (row.Folder, row.Field));
        return [.. (JsonSerializer.Deserialize<Wanted[]>(File.ReadAllBytes(thresholds), JsonSerializerOptions.Web) ?? []).Select(wanted =>
        {
            var found = counted[(wanted.Folder, wanted.Field)].LastOrDefault();
            return new CorpusRow(wanted.Folder, wanted.Field, found?.Passed ?? 0, found?.Total ?? 0, wanted.Threshold);
        })];
    }

    private static void Print(IReadOnlyList<CorpusRow> rows)
    {
        foreach (var row in rows)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.Folder,-30} {row.Field,-24} {row.Passed,5} of {row.Total,5}  wanted {row.Threshold,4:P0}{(row.IsReached ? "" : row.Total == 0 ? "  NOT COUNTED" : "  MISSED")}"));
        Console.WriteLine($"{rows.Count} rows, {rows.Count(row => !row.IsReached)} missed");
    }

    private sealed record Wanted(string Folder, string Field, double Threshold);

    private sealed record Counted(string Folder, string Field, int Passed, int Total);
}
