using System.Collections.Frozen;

namespace Passerelle.Mail.Verdicts.Dmarc;

/// <summary>Under which names the world registers domains: the Public Suffix List (publicsuffix.org, MPL-2.0, its text is
/// Data/public_suffix_list.dat). The organisational domain of RFC 7489 §3.2 is one label more.</summary>
public static class PublicSuffixes
{
    private enum Rule : byte
    {
        Suffix,
        Wildcard,
        Exception,
    }

    /// <summary>Names that never are in the global DNS, so nobody registers below them (RFC 6761, 6762, 7686). Those for
    /// documentation are treated like any other.</summary>
    private static readonly FrozenSet<string> NotInTheDns = FrozenSet.Create("local", "localhost", "invalid", "onion");

    private static readonly Lazy<FrozenDictionary<string, Rule>> Rules = new(Load);

    /// <returns>In the spelling given (A-labels or Unicode), lower case; null for a public suffix itself and for what is no
    /// domain that anybody could register.</returns>
    public static string? OrganisationalDomain(string domain)
    {
        string spelled = domain.ToLowerInvariant();
        string[] written = spelled.Split('.');
        string[] labels = DomainNames.Fold(spelled).Split('.');
        if (labels.Length != written.Length || labels.Any(label => label.Length == 0) || NotInTheDns.Contains(labels[^1])) return null;
        int suffix = SuffixLabels(labels);
        return suffix < labels.Length ? string.Join('.', written[^(suffix + 1)..]) : null;
    }

    /// <summary>The longest rule prevails, an exception over all, "*" where none matches (publicsuffix.org/list).</summary>
    private static int SuffixLabels(string[] labels)
    {
        for (int first = 0; first < labels.Length; first++)
        {
            string name = string.Join('.', labels[first..]);
            int length = labels.Length - first;
            bool known = Rules.Value.TryGetValue(name, out Rule rule);
            if (known && rule is Rule.Exception) return length - 1;
            if (known && rule is Rule.Suffix) return length;
            string above = string.Join('.', labels[(first + 1)..]);
            if (Rules.Value.TryGetValue("*." + above, out _)) return length;
        }
        return 1;
    }

    private static FrozenDictionary<string, Rule> Load()
    {
        using Stream data = typeof(PublicSuffixes).Assembly.GetManifestResourceStream("public_suffix_list.dat")
            ?? throw new InvalidOperationException("The Public Suffix List is not in the assembly");
        using var reader = new StreamReader(data);
        var rules = new Dictionary<string, Rule>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            string text = line.Split(' ', '\t')[0];
            if (text.Length == 0 || text.StartsWith("//", StringComparison.Ordinal)) continue;
            switch (text[0])
            {
                case '!':
                    rules[DomainNames.Fold(text[1..])] = Rule.Exception;
                    break;
                case '*':
                    rules["*." + DomainNames.Fold(text[2..])] = Rule.Wildcard;
                    break;
                default:
                    rules[DomainNames.Fold(text)] = Rule.Suffix;
                    break;
            }
        }
        return rules.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
