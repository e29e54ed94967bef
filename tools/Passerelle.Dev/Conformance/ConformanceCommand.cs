using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Conformance;

/// <summary><c>./dev lab-conformance</c>: what of the facts the lab is shown to do.</summary>
internal static class ConformanceCommand
{
    /// <summary>Of the required facts, the part that may be not done.</summary>
    private const double Allowed = 0.10;

    public static Command Make()
    {
        var index = new Option<string>("--index") { Required = true, Description = "The facts' index (facts/index.json)" };
        var report = new Option<string[]>("--report") { Required = true, Description = "A report of the tests, as -xml writes it" };
        var catalogue = new Option<string[]>("--catalogue") { Description = "A catalogue of what the fault book plays" };
        var reasons = new Option<string>("--reasons") { Required = true, Description = "Why a fact is not done, by id" };
        var json = new Option<bool>("--json") { Description = "One JSON document instead of the table" };
        var command = new Command("conformance", "Hold the facts against a run of the tests") { index, report, catalogue, reasons, json };
        command.SetAction(async (parsed, cancel) =>
        {
            IEnumerable<string> played = await PlayedAsync(cancel);
            var judgement = new Judgement(
                TestReports.Read(parsed.GetValue(report) ?? [], TestReports.Facts),
                (parsed.GetValue(catalogue) ?? []).SelectMany(Judgement.FactsOf).Concat(played).ToHashSet(),
                Judgement.ReasonsOf(parsed.GetValue(reasons)!)); // required
            Judged[] rows = [.. Fact.ReadAll(parsed.GetValue(index)!).Select(judgement.Of)]; // required
            if (parsed.GetValue(json)) Console.WriteLine(Json(rows));
            else Print(rows);
            return Missing(rows) <= Allowed ? 0 : 1;
        });
        return command;
    }

    /// <summary>What a running lab says that its fault book plays.</summary>
    private static async Task<IEnumerable<string>> PlayedAsync(CancellationToken cancel)
    {
        await using LabFixture lab = await LabFixture.StartAsync(cancel);
        return [.. (await new LabFaults(lab.Control, "any").CatalogueAsync(null, cancel)).Select(row => row.Fact).Where(fact => fact.Length > 0)];
    }

    private static double Missing(IReadOnlyCollection<Judged> rows)
    {
        var required = rows.Count(row => row.Fact.Required);
        return required == 0 ? 0 : (double)rows.Count(row => row is { Fact.Required: true, State: "not-done" }) / required;
    }

    private static string Json(IEnumerable<Judged> rows) => JsonSerializer.Serialize(new
    {
        rows = rows.Select(row => new { id = row.Fact.Id, state = row.State, test = row.Test, reason = row.Reason }),
    });

    private static void Print(IReadOnlyCollection<Judged> rows)
    {
        Console.WriteLine($"{"section",-52} {"tested",7} {"faults",7} {"open",5}");
        foreach (var section in rows.GroupBy(row => row.Fact.Section))
        {
            Console.WriteLine($"{Short(section.Key, 52),-52} {section.Count(r => r.State == "tested"),7} "
                + $"{section.Count(r => r.State == "fault-only"),7} {section.Count(r => r.State == "not-done"),5}");
        }

        Console.WriteLine();
        foreach (Judged row in rows.Where(row => row.State == "not-done"))
            Console.WriteLine($"{(row.Fact.Required ? "required" : "optional")}  {row.Fact.Id}: {row.Reason}{(row.Test is null ? "" : $" ({row.Test})")}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Not done: {Missing(rows):P1} of the required facts; at most {Allowed:P0}"));
    }

    private static string Short(string text, int length) => text.Length <= length ? text : text[..length];
}
