using System.Text.Json.Serialization;

namespace Passerelle.Gateway.Apps;

/// <summary>One result of a check of the set-up, in words that say who must do what.</summary>
/// <param name="Check">Name of the check, e.g. <c>client-secret</c>.</param>
/// <param name="SetupStep">Set-up step: E1–E10, X1–X6, F1–F6, G1–G4.</param>
/// <param name="Result">right, wrong, excess or unknown.</param>
/// <param name="Evidence">seen, probed or not-provable-here. The last is never shown green.</param>
/// <param name="Detail">What was seen, with the other side's own words.</param>
/// <param name="Owner">Who can mend it: the role, as the other side names it.</param>
/// <param name="Fix">The next action, one sentence; empty when nothing is wrong.</param>
internal sealed record Finding(
    string Check, string SetupStep, string Result, string Evidence, string Detail, string Owner, string Fix)
{
    /// <summary>Who must do what, then what was seen: the one line that a person reads first.</summary>
    [JsonIgnore] // the parts are there
    public string Sentence => Fix.Length == 0 ? Detail : $"{Owner}: {Fix.TrimEnd('.')}. {Detail}";

    public const string Right = "right";
    public const string Wrong = "wrong";
    public const string Excess = "excess";
    public const string Unknown = "unknown";
    public const string Seen = "seen";
    public const string Probed = "probed";
    public const string NotProvableHere = "not-provable-here";
}
