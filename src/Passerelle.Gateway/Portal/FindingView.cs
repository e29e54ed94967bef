using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Portal;

/// <summary>A finding in the reader's language.</summary>
/// <param name="What">What happened, in one sentence; empty where only the other side's words say it.</param>
/// <param name="Do">Who must do what; empty when nothing is wrong.</param>
/// <param name="Where">The step of the set-up by name; empty when nothing is wrong.</param>
/// <param name="Seen">The one line where there is no sentence.</param>
/// <param name="Raw">The other side's answer as it came; folded away.</param>
public sealed record FindingView(string What, string Do, string Where, string Seen, string Raw)
{
    /// <summary>facts/microsoft365.md §0.</summary>
    internal static IReadOnlyList<string> Steps { get; } =
    [
        "E1", "E2", "E3", "E4", "E4b", "E5", "E6", "E7", "E8", "E9", "E10", "X1", "X2", "X3", "X4", "X5", "X6",
        "F1", "F2", "F3", "F4", "F5", "F6", "G1", "G2", "G3", "G4",
    ];

    internal static FindingView Of(Finding finding, Texts texts)
    {
        var isOpen = finding.Fix.Length > 0;
        return new(
            finding.What is { } what ? Sentences.In(what) : "",
            isOpen ? texts["doctor.fix", Sentences.In(finding.Owner), Sentences.FixOf(finding)] : "",
            isOpen && Steps.Contains(finding.SetupStep) ? texts["finding.where", finding.SetupStep, texts[$"step.{finding.SetupStep}"]] : "",
            finding.What is null ? finding.Detail : "",
            finding.Raw);
    }
}
