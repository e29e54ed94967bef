using System.CommandLine;
using System.Text.Json;
using Passerelle.Dev.Conformance;

namespace Passerelle.Dev.Guide;

/// <summary><c>./dev guide</c>: every step and field of the guide, where it works, and the test that shows it.</summary>
internal static class GuideCommand
{
    /// <summary>Of all rows, how many may be left out, each with its reason.</summary>
    private const int MayBeLeftOut = 6;

    public static Command Make()
    {
        var rows = new Option<string>("--rows") { Required = true, Description = "The guide's rows (seed/rows.json)" };
        var places = new Option<string>("--places") { Required = true, Description = "Where each row works, or why it is left out" };
        var report = new Option<string[]>("--report") { Required = true, Description = "A report of the tests, as -xml writes it" };
        var json = new Option<bool>("--json") { Description = "One JSON document instead of the table" };
        var command = new Command("guide", "Hold the guide against a run of the tests") { rows, places, report, json };
        command.SetAction(parsed =>
        {
            var judged = Judge(parsed.GetValue(rows)!, parsed.GetValue(places)!, TestReports.Read(parsed.GetValue(report) ?? [], "Guide")); // required
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(new { rows = judged }, JsonSerializerOptions.Web));
            else Print(judged);
            return judged.Any(row => row.IsMissing) || judged.Count(row => row.State == Place.LeftOut) > MayBeLeftOut ? 1 : 0;
        });
        return command;
    }

    private static IReadOnlyList<GuideRow> Judge(string rows, string places, TestReports reports)
    {
        using var guide = JsonDocument.Parse(File.ReadAllBytes(rows));
        var known = JsonSerializer.Deserialize<Dictionary<string, Place>>(File.ReadAllBytes(places), JsonSerializerOptions.Web) ?? [];
        return [.. guide.RootElement.EnumerateArray().Select(row =>
        {
            var id = row.GetProperty("id").GetString() ?? "";
            var place = known.GetValueOrDefault(id) ?? new Place("", Place.LeftOut, "No place was written down");
            return new GuideRow(id, row.GetProperty("text").GetString() ?? "", place.Where, place.State, reports.TestOf(id), place.Reason);
        })];
    }

    private static void Print(IReadOnlyList<GuideRow> rows)
    {
        foreach (var row in rows)
        {
            Console.WriteLine($"{row.Id,3} {row.State,-8} {row.Where,-44} {row.Test ?? (row.IsMissing ? "NO TEST PASSED" : row.Reason)}");
            Console.WriteLine($"             {row.Text}");
        }
        Console.WriteLine($"{rows.Count} rows, {rows.Count(row => row.State == Place.LeftOut)} left out, {rows.Count(row => row.IsMissing)} without a test that passed");
    }

    /// <param name="State"><c>works</c> (our side), <c>lab</c> (the twin of Microsoft's side) or <c>left-out</c>.</param>
    private sealed record Place(string Where, string State, string? Reason = null)
    {
        public const string LeftOut = "left-out";
    }

    private sealed record GuideRow(string Id, string Text, string Where, string State, string? Test, string? Reason)
    {
        internal bool IsMissing => State == Place.LeftOut ? string.IsNullOrEmpty(Reason) : Test is null;
    }
}
