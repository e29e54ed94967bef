namespace Passerelle.Mail.Verdicts.Dmarc;

public enum DmarcResult
{
    None,
    Pass,
    Fail,
    TempError,
    PermError,
}

/// <summary>What the author's domain asks of mail in its name, and whether this mail meets it.</summary>
/// <param name="Policy">That applies to this author; null when the domain publishes none.</param>
/// <param name="Domain">The organisational domain of the author.</param>
/// <param name="AlignedDkim">The signing domain that speaks for the author; null when none does.</param>
/// <param name="AlignedSpf">Likewise the envelope's.</param>
public sealed record DmarcOutcome(DmarcResult Result, DmarcPolicy? Policy, string Domain, string? AlignedDkim = null, string? AlignedSpf = null)
{
    /// <summary>p= of the record.</summary>
    public DmarcPolicy? Published { get; init; }

    /// <summary>Some identifier that was proved speaks for the author, whether or not the domain asks for it.</summary>
    public bool IsAligned => AlignedDkim is not null || AlignedSpf is not null;
}

/// <summary>DMARC (RFC 7489): organisational domains by the Public Suffix List. A set of several records counts as none and
/// the organisational domain is asked then too (RFC 9989 §4.10, where the two differ).</summary>
public sealed class DmarcCheck(IDns dns)
{
    /// <param name="author">Domain of the one From address.</param>
    /// <param name="signers">d= of the signatures that hold.</param>
    /// <param name="envelopes">Domains that SPF passed for.</param>
    public async Task<DmarcOutcome> CheckAsync(
        string author, IReadOnlyList<string> signers, IReadOnlyList<string> envelopes, CancellationToken cancel)
    {
        string from = DomainNames.Fold(author), organisation = OrganisationOf(from);
        DmarcRecord? record;
        bool inherited = false;
        try
        {
            record = await RecordAsync(from, cancel);
            if (record is null && organisation != from) (record, inherited) = (await RecordAsync(organisation, cancel), true);
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            return new DmarcOutcome(DmarcResult.TempError, null, organisation);
        }

        string? dkim = signers.FirstOrDefault(signer => IsAligned(signer, from, record?.StrictDkim ?? false));
        string? spf = envelopes.FirstOrDefault(envelope => IsAligned(envelope, from, record?.StrictSpf ?? false));
        if (record is null) return new DmarcOutcome(DmarcResult.None, null, organisation, dkim, spf);
        DmarcResult result = dkim is not null || spf is not null ? DmarcResult.Pass : DmarcResult.Fail;
        return new DmarcOutcome(result, inherited ? record.Subdomains : record.Policy, organisation, dkim, spf) { Published = record.Policy };
    }

    /// <summary>§3.1: the same domain, or in the relaxed mode the same organisation.</summary>
    public static bool IsAligned(string identifier, string author, bool strict)
    {
        string one = DomainNames.Fold(identifier), other = DomainNames.Fold(author);
        return one.Length > 0 && (one == other || (!strict && OrganisationOf(one) == OrganisationOf(other)));
    }

    private static string OrganisationOf(string domain) => PublicSuffixes.OrganisationalDomain(domain) ?? domain;

    private async Task<DmarcRecord?> RecordAsync(string domain, CancellationToken cancel)
    {
        string name = $"_dmarc.{domain}";
        if (!DomainNames.CanExist(name)) return null;
        List<string> found = [.. (await dns.TxtAsync(name, cancel)).Where(DmarcRecord.IsOne)];
        return found is [var only] ? DmarcRecord.Read(only) : null;
    }
}

public static class DmarcWords
{
    /// <summary>The words of RFC 8601 §2.7.3.</summary>
    public static string Word(this DmarcResult result) => result.ToString().ToLowerInvariant();

    public static string Word(this DmarcPolicy policy) => policy.ToString().ToLowerInvariant();
}
