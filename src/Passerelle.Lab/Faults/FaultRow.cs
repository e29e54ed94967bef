using Passerelle.Lab.State;

namespace Passerelle.Lab.Faults;

/// <summary>One failure that can be injected by its code.</summary>
/// <param name="Code">What an order names: an AADSTS number, or a key that is unique in the catalogue.</param>
/// <param name="Places">Where it can be played.</param>
/// <param name="Answer">As on the wire: the OAuth or Graph message, the whole SMTP reply.</param>
/// <param name="Step">The step of the guide that is wrong (facts §0), such as <c>E4/G1</c>; "-" where none is.</param>
/// <param name="Fact">Id of the row in the facts' index; empty for what the facts list no row for.</param>
internal sealed record FaultRow(
    string Code, IReadOnlyList<FaultPlace> Places, string Answer, string Step, string Fact, int? Status = null, string? Error = null)
{
    /// <summary>Seconds of <c>Retry-After</c>; null without the header.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>By any part of code, error, answer or fact, or by a step of the guide.</summary>
    public bool Matches(string wanted) =>
        Step.Split('/', '-', ' ').Contains(wanted, StringComparer.OrdinalIgnoreCase)
        || new[] { Code, "AADSTS" + Code, Error ?? "", Answer, Fact }.Any(text => text.Contains(wanted, StringComparison.OrdinalIgnoreCase));
}
