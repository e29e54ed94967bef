using System.Text.Json;

namespace Passerelle.Dev.Conformance;

/// <summary>What became of one fact.</summary>
/// <param name="State"><c>tested</c>, <c>fault-only</c> (the lab cannot come to it by itself, but plays it on order) or <c>not-done</c>.</param>
internal sealed record Judged(Fact Fact, string State, string? Test, string? Reason);

/// <summary>Holds the facts against a run of the tests, the codes that the fault book plays, and the reasons that people wrote.</summary>
internal sealed class Judgement(TestReports reports, IReadOnlySet<string> playable, IReadOnlyDictionary<string, string> reasons)
{
    public Judged Of(Fact fact) =>
        reports.TestOf(fact.Id) is { } test ? new Judged(fact, "tested", test, null)
        : reports.FailureOf(fact.Id) is { } failure ? new Judged(fact, "not-done", failure, "The test did not pass")
        : playable.Contains(fact.Id) ? new Judged(fact, "fault-only", null, "Played on order by the fault book")
        : new Judged(fact, "not-done", null, reasons.GetValueOrDefault(fact.Id) ?? "No reason was written down");

    /// <param name="path">A catalogue of the lab: an array whose rows name their fact.</param>
    public static IEnumerable<string> FactsOf(string path)
    {
        using var catalogue = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. catalogue.RootElement.EnumerateArray().Select(row => row.GetProperty("fact").GetString() ?? "")];
    }

    /// <param name="path">An object: fact id to the reason why it is not done.</param>
    public static IReadOnlyDictionary<string, string> ReasonsOf(string path) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(path)) ?? [];
}
