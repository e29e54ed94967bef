namespace Passerelle.Mail.Verdicts;

public enum VerdictSummary
{
    Unproven,
    Genuine,
    Suspicious,
}

/// <summary>Forward-aware authenticity of one mail.</summary>
public sealed record Verdict
{
    public required VerdictSummary Summary { get; init; }

    /// <summary>Sentences for the journey page, the decisive one first.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    public required ArcFinding Arc { get; init; }

    /// <summary>DNS was in trouble: the same question may be answered later, so the caller asks again.</summary>
    public bool TryAgain { get; init; }

    /// <summary>Words of RFC 8601 about the last hop; null where not evaluated.</summary>
    public string? Spf { get; init; }
    public string? Dkim { get; init; }
    public string? Dmarc { get; init; }
}

public enum ArcChain
{
    None,
    Pass,
    Fail,
    TempError,
}

/// <summary>The ARC chain (RFC 8617), and what the first server that we trust saw when the mail reached it.</summary>
/// <param name="Sealer">d= of the newest seal, lower case; null without a chain.</param>
/// <param name="Seen">Null when no set of the chain is by a sealer that we trust.</param>
public sealed record ArcFinding(ArcChain Chain, string? Sealer, TrustedResults? Seen);

/// <summary>ARC-Authentication-Results of a trusted sealer. Words of RFC 8601 §2.7, lower case; null where it says nothing.</summary>
/// <param name="Instance">i= of the set.</param>
/// <param name="HeaderFrom">header.from of its DMARC result: a domain, lower case.</param>
public sealed record TrustedResults(int Instance, string Sealer, string? Dmarc, string? Spf, string? Dkim, string? HeaderFrom);

public static class VerdictWords
{
    public static string Word(this VerdictSummary summary) => summary switch
    {
        VerdictSummary.Genuine => "genuine",
        VerdictSummary.Suspicious => "suspicious",
        _ => "unproven",
    };

    public static string Word(this ArcChain chain) => chain switch
    {
        ArcChain.Pass => "pass",
        ArcChain.Fail => "fail",
        ArcChain.TempError => "temperror",
        _ => "none",
    };
}
