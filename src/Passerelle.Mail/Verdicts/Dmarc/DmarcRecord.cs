using System.Globalization;

namespace Passerelle.Mail.Verdicts.Dmarc;

public enum DmarcPolicy
{
    None,
    Quarantine,
    Reject,
}

/// <summary>What a strict reader finds wrong with a record. We read it all the same where it still says what to do.</summary>
internal enum DmarcFault
{
    Empty,
    BadVersion,
    NoPolicy,
    BadValue,
}

/// <summary>What a domain asks for (RFC 7489 §6.3; the letter case of values by RFC 9989 §4.7).</summary>
/// <param name="Policy">p=.</param>
/// <param name="Subdomains">sp=, or p= where it is not given.</param>
internal sealed record DmarcRecord(DmarcPolicy Policy, DmarcPolicy Subdomains, bool StrictDkim, bool StrictSpf)
{
    private const string Version = "DMARC1";

    /// <summary>The version comes first, and its value is exact (§6.3).</summary>
    public static bool IsOne(string text) => TagsOf(text) is [("v", Version), ..];

    /// <summary>A bad value of a tag that only refines counts as not given (§6.3).</summary>
    /// <returns>Null when it asks for nothing: no usable policy, and nobody to report to (§6.6.3 step 6).</returns>
    public static DmarcRecord? Read(string text)
    {
        List<(string Name, string Value)> tags = TagsOf(text);
        if (tags is not [("v", Version), ..]) return null;
        DmarcPolicy? policy = PolicyOf(Find(tags, "p")), below = Find(tags, "sp") is { } sp ? PolicyOf(sp) : policy;
        if (policy is null || below is null)
        {
            if (!(Find(tags, "rua") ?? "").Contains(':')) return null;
            policy = below = DmarcPolicy.None;
        }
        return new DmarcRecord(policy.Value, below.Value, IsMode(Find(tags, "adkim"), "s"), IsMode(Find(tags, "aspf"), "s"));
    }

    /// <returns>The first fault; null for a record without one.</returns>
    public static DmarcFault? FaultOf(string text)
    {
        List<(string Name, string Value)> tags = TagsOf(text);
        if (tags.Count == 0) return DmarcFault.Empty;
        if (tags is not [("v", Version), ..]) return DmarcFault.BadVersion;
        if (tags.Exists(tag => !IsGood(tag.Name, tag.Value))) return DmarcFault.BadValue;
        return Find(tags, "p") is null ? DmarcFault.NoPolicy : null;
    }

    private static bool IsGood(string name, string value) => name switch
    {
        "p" or "sp" => PolicyOf(value) is not null,
        "adkim" or "aspf" => IsMode(value, "r") || IsMode(value, "s"),
        "rf" => value.Split(':').All(format => format.Trim().ToLowerInvariant() is "afrf" or "iodef"),
        "ri" => uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        "pct" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int share) && share <= 100,
        _ => true,
    };

    /// <summary>Abbreviations are understood, as OpenDMARC does: nobody writes p=r and means anything else.</summary>
    private static DmarcPolicy? PolicyOf(string? value) => value?.ToLowerInvariant() switch
    {
        null or "" => null,
        var word when "none".StartsWith(word, StringComparison.Ordinal) => DmarcPolicy.None,
        var word when "quarantine".StartsWith(word, StringComparison.Ordinal) => DmarcPolicy.Quarantine,
        var word when "reject".StartsWith(word, StringComparison.Ordinal) => DmarcPolicy.Reject,
        _ => null,
    };

    private static bool IsMode(string? value, string mode) => string.Equals(value, mode, StringComparison.OrdinalIgnoreCase);

    private static string? Find(List<(string Name, string Value)> tags, string name) =>
        tags.Find(tag => tag.Name == name) is { Name: not null } found ? found.Value : null;

    /// <summary>In their order, names in lower case; what has no "=" is passed over.</summary>
    private static List<(string Name, string Value)> TagsOf(string text) =>
        [.. text.Split(';').Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2)
            .Select(pair => (pair[0].Trim().ToLowerInvariant(), pair[1].Trim()))];
}
