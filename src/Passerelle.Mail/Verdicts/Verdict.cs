using Passerelle.Mail.Verdicts.Dkim;
using Passerelle.Mail.Verdicts.Dmarc;
using Passerelle.Mail.Verdicts.Spf;

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

    /// <summary>Of the last hop; null where it is not known who delivered.</summary>
    public SpfOutcome? Spf { get; init; }

    /// <summary>The signatures that reached us, top first; null for a mail past the bounds.</summary>
    public IReadOnlyList<DkimOutcome>? Dkim { get; init; }

    /// <summary>By what reached us, so a forwarded mail may fail it honestly; null where it cannot be known.</summary>
    public DmarcOutcome? Dmarc { get; init; }

    /// <summary>Domain of the one author, ASCII, lower case; null when there is not exactly one.</summary>
    public string? Author { get; init; }
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
public sealed record TrustedResults(int Instance, string Sealer, string? Dmarc, string? Spf, string? Dkim, string? HeaderFrom)
{
    /// <summary>The domain that SPF was asked for; null where it says none.</summary>
    public string? MailFrom { get; init; }

    /// <summary>Signing domain of the DKIM result; null where it says none.</summary>
    public string? Signer { get; init; }
}

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
