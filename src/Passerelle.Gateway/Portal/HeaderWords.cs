namespace Passerelle.Gateway.Portal;

/// <summary>What a header is for, for people who never had to know.</summary>
internal static class HeaderWords
{
    /// <returns>Null for a header that we have no words for.</returns>
    public static string? Of(string name, Texts words)
    {
        var key = $"header.{name.ToLowerInvariant()}";
        if (words.Or(key, "") is { Length: > 0 } known) return known;
        return Families.FirstOrDefault(family => name.StartsWith(family.Prefix, StringComparison.OrdinalIgnoreCase)) is { Prefix: not null } one ? words.Or(one.Key, "") : null;
    }

    private static readonly (string Prefix, string Key)[] Families =
    [
        ("X-MS-Exchange-", "header.x-ms-exchange"),
        ("X-Microsoft-", "header.x-ms-exchange"),
        ("X-Google-", "header.x-google"),
        ("X-Gm-", "header.x-google"),
        ("X-Spam-", "header.x-spam"),
        ("Resent-", "header.resent"),
        ("List-", "header.list"),
    ];
}
