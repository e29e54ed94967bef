using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Doctor;

namespace Passerelle.Gateway.Portal;

/// <summary>One line of the verification: the resource that names it, and right, wrong or waiting.</summary>
internal sealed record VerifyStep(string Word, string Result)
{
    public VerifyStep(string word, bool done) : this(word, done ? Hop.Right : Hop.Waiting)
    {
    }
}

/// <summary>The hops of a verification, both ways, and how they and findings look.</summary>
internal static class VerifySteps
{
    public static IReadOnlyList<VerifyStep> Of(Verification verification) =>
    [
        new("verify.forwarded", verification.Received),
        new("verify.read", verification.Received),
        verification.Journey?.Line switch
        {
            { State: "held" } => new("verify.held", Hop.Waiting),
            { State: "kept" } => new("verify.kept", Hop.Right),
            { State: "quarantined" } => new("verify.quarantined", Hop.Wrong),
            var line => new("verify.routed", line?.State == "routed"),
        },
        verification.Journey?.Line switch
        {
            { AnswerState: "dead" or "unclear" or "blocked" } => new("verify.answered", Hop.Wrong),
            _ => new("verify.answered", verification.Answered),
        },
    ];

    public static string Sign(string result) => result switch
    {
        Hop.Right => "✓",
        Hop.Wrong => "✕",
        Hop.Waiting => "…",
        _ => "?",
    };

    /// <summary>What cannot be proved from here is never green.</summary>
    public static string ClassOf(Finding finding) => (finding.Result, finding.Evidence) switch
    {
        (Finding.Wrong, _) => Hop.Wrong,
        (Finding.Excess, _) => Hop.Waiting,
        (Finding.Right, not Finding.NotProvableHere) => Hop.Right,
        _ => Hop.Unknown,
    };
}
