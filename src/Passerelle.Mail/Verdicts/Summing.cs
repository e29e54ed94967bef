using Passerelle.Mail.Verdicts.Dkim;
using Passerelle.Mail.Verdicts.Dmarc;
using Passerelle.Mail.Verdicts.Spf;

namespace Passerelle.Mail.Verdicts;

/// <summary>All that was found out about one mail.</summary>
/// <param name="Author">Domain of the author; null when there is not exactly one.</param>
internal sealed record Evidence(string? Author, int FromHeaders, LastHop? Hop, SpfOutcome? Spf, IReadOnlyList<DkimOutcome> Dkim, ArcFinding Arc)
{
    public DmarcOutcome? Dmarc { get; init; }

    /// <summary>The ARC key that nobody could answer for; null when DNS behaved.</summary>
    public string? KeyTrouble { get; init; }
}

/// <summary>What the evidence comes to. Genuine needs a proof that names the author's own domain. A forwarder breaks SPF by
/// nature and some break signatures, so missing proof alone is unproven; suspicious is what contradicts itself, what a trusted
/// server saw fail, and what the author's domain asks to refuse.</summary>
internal static class Summing
{
    public static Verdict Unreadable(string reason) => new() { Summary = VerdictSummary.Unproven, Reasons = [reason], Arc = new(ArcChain.None, null, null) };

    public static Verdict Of(Evidence evidence)
    {
        (VerdictSummary summary, string reason) = Decide(evidence);
        return new Verdict
        {
            Summary = summary,
            Reasons = [reason, .. Details(evidence)],
            Arc = evidence.Arc,
            Spf = evidence.Spf,
            Dkim = evidence.Dkim,
            Dmarc = evidence.Dmarc,
            Author = evidence.Author,
            TryAgain = summary is VerdictSummary.Unproven && MayChange(evidence),
        };
    }

    private static (VerdictSummary Summary, string Reason) Decide(Evidence evidence) => evidence switch
    {
        { FromHeaders: > 1 } => (VerdictSummary.Suspicious, "The mail has several From headers: a reader may be shown another author than was checked"),
        _ when OwnProof(evidence) is { } proof => (VerdictSummary.Genuine, proof),
        { Arc.Chain: ArcChain.TempError } => (VerdictSummary.Unproven, $"temperror: the key {evidence.KeyTrouble} could not be asked for"),
        { Arc.Seen: { } seen } => BySealer(seen, evidence.Author),
        { Dmarc: { Result: DmarcResult.TempError } } => (VerdictSummary.Unproven, $"temperror: the DNS of {evidence.Author} could not be asked"),
        { Dmarc: { Result: DmarcResult.Fail, Policy: DmarcPolicy.Reject or DmarcPolicy.Quarantine } dmarc } => (
            VerdictSummary.Suspicious, $"dmarc=fail: {evidence.Author} asks to {Asks(dmarc.Policy)} mail that nothing proves to be its own, and nothing proves this one"),
        { Arc.Chain: ArcChain.Fail } => (VerdictSummary.Unproven, "The ARC chain is broken: something changed on the way"),
        { Arc.Chain: ArcChain.Pass } => (VerdictSummary.Unproven, $"The ARC chain holds, but {evidence.Arc.Sealer} is not a sealer that we trust"),
        { Author: null } => (VerdictSummary.Unproven, "The mail does not have exactly one author"),
        _ => (VerdictSummary.Unproven, "No server vouches for this mail (no ARC set), and no signature of its author's domain reached us"),
    };

    /// <summary>A proof that reached us: the author's domain signed the whole mail, or lets this client send.</summary>
    private static string? OwnProof(Evidence evidence)
    {
        if (evidence is not { Author: { } author, Dmarc: { Result: DmarcResult.Pass or DmarcResult.None } dmarc }) return null;
        bool isWhole = evidence.Dkim.Any(signature => signature is { Result: DkimResult.Pass, Partial: false } && signature.Domain == dmarc.AlignedDkim);
        return dmarc switch
        {
            { AlignedDkim: { } signer } when isWhole => $"dkim=pass: {signer} signed the mail for {author}, and nothing was changed since",
            { AlignedSpf: { } sender } => $"spf=pass: {sender} lets {evidence.Hop?.Client} send, and it speaks for {author}",
            _ => null,
        };
    }

    private static (VerdictSummary, string) BySealer(TrustedResults seen, string? author) => seen switch
    {
        { Dmarc: "fail" } => (VerdictSummary.Suspicious, $"{seen.Sealer} saw dmarc=fail for {seen.HeaderFrom}"),
        { Dmarc: "pass" } or { Dmarc: "none" or "bestguesspass", HeaderFrom: not null } when author is null => (VerdictSummary.Unproven, "The mail does not have exactly one author"),
        { Dmarc: "pass" } when seen.HeaderFrom is null || seen.HeaderFrom != author =>
            (VerdictSummary.Suspicious, $"{seen.Sealer} checked {seen.HeaderFrom ?? "(nothing)"}, but the author is at {author}"),
        { Dmarc: "pass" } => (VerdictSummary.Genuine, $"{seen.Sealer} saw dmarc=pass for {author}"),
        // No policy is published, but the author's domain was proved all the same ("bestguesspass" is Exchange's word for that).
        { Dmarc: "none" or "bestguesspass", HeaderFrom: { } from } when from == author && ProvedBefore(seen, from) is { } proof =>
            (VerdictSummary.Genuine, $"{seen.Sealer} saw {proof} for {author}"),
        _ => (VerdictSummary.Unproven, $"{seen.Sealer} saw dmarc={seen.Dmarc ?? "(nothing)"}"),
    };

    private static string? ProvedBefore(TrustedResults seen, string author) => seen switch
    {
        { Dkim: "pass", Signer: { } signer } when DmarcCheck.IsAligned(signer, author, strict: false) => $"dkim=pass of {signer}",
        { Spf: "pass", MailFrom: { } sender } when DmarcCheck.IsAligned(sender, author, strict: false) => $"spf=pass of {sender}",
        _ => null,
    };

    private static string Asks(DmarcPolicy? policy) => policy is DmarcPolicy.Reject ? "reject" : "quarantine";

    /// <summary>What was in trouble could turn an unproven mail into a proved one: no mail waits for a DNS that can prove nothing.</summary>
    private static bool MayChange(Evidence evidence) =>
        evidence.Arc.Chain is ArcChain.TempError
        || (evidence is { Author: { } author, Dmarc.Result: DmarcResult.TempError }
            && (evidence.Dkim.Any(signature => signature.Result is DkimResult.TempError or DkimResult.Pass && DmarcCheck.IsAligned(signature.Domain, author, strict: false))
                || (evidence.Spf is { Result: SpfResult.TempError or SpfResult.Pass } spf && DmarcCheck.IsAligned(spf.Domain, author, strict: false))));

    private static IEnumerable<string> Details(Evidence evidence)
    {
        if (evidence is { Spf: { } spf, Hop: { } hop })
            yield return $"Last hop: spf={spf.Result.Word()} for {(spf.Domain.Length > 0 ? spf.Domain : "(no domain)")} from {hop.Client}";
        foreach (DkimOutcome signature in evidence.Dkim)
            yield return $"Signature of {(signature.Domain.Length > 0 ? signature.Domain : "(nobody)")}: dkim={signature.Result.Word()}{(signature.Why.Length > 0 ? $", {signature.Why}" : signature.Partial ? ", of a part of the text only" : "")}";
        if (evidence.Dmarc is { } dmarc)
            yield return $"Last hop: dmarc={dmarc.Result.Word()} for {evidence.Author}{(dmarc.Policy is { } policy ? $" (policy {policy.Word()})" : "")}";
        if (evidence.Arc.Seen is { } seen) yield return $"{seen.Sealer} sealed what it saw: spf={seen.Spf ?? "(nothing)"}, dkim={seen.Dkim ?? "(nothing)"}, dmarc={seen.Dmarc ?? "(nothing)"}";
    }
}
