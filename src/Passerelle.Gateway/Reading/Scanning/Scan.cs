namespace Passerelle.Gateway.Reading.Scanning;

/// <summary>What the scanners that are configured said of one mail.</summary>
/// <param name="Malware">Null: none is configured.</param>
/// <param name="Spam">Null: none is configured.</param>
internal sealed record Scan(MalwareFinding? Malware, SpamFinding? Spam)
{
    /// <summary>Why it should be asked again; null when there is nothing to ask. What is infected needs no second opinion.</summary>
    public string? Trouble => (Malware, Spam) switch
    {
        (MalwareFinding.Infected, _) => null,
        (MalwareFinding.Later later, _) => later.Reason,
        (_, SpamFinding.Later later) => later.Reason,
        _ => null,
    };

    public string? Signature => (Malware as MalwareFinding.Infected)?.Signature;

    public bool IsSpam => Spam is SpamFinding.Judged { IsSpam: true };

    /// <summary>For the column <c>malware</c>.</summary>
    public string MalwareWord => Malware switch
    {
        null => "",
        MalwareFinding.Clean => "clean",
        MalwareFinding.Infected => Messages.Message.Infected,
        _ => NotScanned,
    };

    /// <summary>For the column <c>spam</c>.</summary>
    public string SpamWord => Spam switch
    {
        null => "",
        SpamFinding.Judged { IsSpam: true } => "spam",
        SpamFinding.Judged => "ham",
        _ => NotScanned,
    };

    /// <summary>Why a mail is suspicious, first; what else was found, last.</summary>
    public IReadOnlyList<string> Reasons(IReadOnlyList<string> others)
    {
        List<string> reasons = [];
        if (Signature is { } signature) reasons.Add($"ClamAV found {signature}");
        if (Spam is SpamFinding.Judged { IsSpam: true } spam) reasons.Add(spam.Words);
        reasons.AddRange(others);
        if (Spam is SpamFinding.Judged { IsSpam: false } ham) reasons.Add(ham.Words);
        if (Malware is MalwareFinding.TooLarge) reasons.Add(TooLarge);
        if (Malware is MalwareFinding.Later { Reason: var noMalware }) reasons.Add($"Not scanned: {noMalware}");
        if (Spam is SpamFinding.Later { Reason: var noSpam }) reasons.Add($"Not scanned: {noSpam}");
        return reasons;
    }

    private const string NotScanned = "not-scanned";
    private const string TooLarge = "Not scanned: the mail is larger than ClamAV takes";
}
