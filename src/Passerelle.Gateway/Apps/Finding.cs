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
    /// <summary>What happened, in one sentence; null where only the other side's words say it.</summary>
    public Phrase? What { get; init; }

    /// <summary><see cref="Fix"/> with its values apart; null when nothing is wrong.</summary>
    public Phrase? How { get; init; }

    /// <summary>The other side's answer as it came, trace id included; empty when it said nothing.</summary>
    public string Raw { get; init; } = "";

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

    /// <summary>Nothing is wrong there.</summary>
    public static Finding Fine(string step, string evidence, Phrase what) =>
        new("", step, Right, evidence, what.ToString(), "", "") { What = what };

    /// <summary>Something is wrong: a person must act.</summary>
    /// <param name="raw">The other side's words, when it said something.</param>
    public static Finding Faulty(string step, string evidence, Phrase what, string owner, Phrase how, string raw = "") =>
        Told(step, Wrong, evidence, what, owner, how, raw);

    /// <summary>Nothing is broken, and more is done than anything needs: somebody had better change it.</summary>
    public static Finding TooMuch(string step, string evidence, Phrase what, string owner, Phrase how) =>
        Told(step, Excess, evidence, what, owner, how, "");

    /// <summary>Nobody can say from here, or not yet.</summary>
    public static Finding Open(string step, string evidence, Phrase what, string owner = "", Phrase? how = null, string raw = "") =>
        Told(step, Unknown, evidence, what, owner, how, raw);

    private static Finding Told(string step, string result, string evidence, Phrase what, string owner, Phrase? how, string raw) =>
        new("", step, result, evidence, raw.Length == 0 ? what.ToString() : $"{what} {raw}", owner, how?.ToString() ?? "")
        {
            What = what,
            How = how,
            Raw = raw,
        };
}
