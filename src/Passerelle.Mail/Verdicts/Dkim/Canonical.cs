using System.Text;
using System.Text.RegularExpressions;

namespace Passerelle.Mail.Verdicts.Dkim;

/// <summary>Header canonicalisation (RFC 6376 §3.4.1, §3.4.2).</summary>
internal static partial class Canonical
{
    /// <summary>Without CRLF at its end.</summary>
    public static string Field(HeaderField field, bool relaxed) => relaxed
        ? $"{field.Name.ToLowerInvariant()}:{WhiteSpace().Replace(field.Value.Replace("\r\n", "", StringComparison.Ordinal), " ").Trim(' ')}"
        : field.Raw;

    /// <summary>The bytes that a signature with b= is made over (§3.7): the fields that h= names, then the signature's own field
    /// with an empty b=.</summary>
    /// <param name="names">In the order of h=; each takes the lowest field of that name that none has taken yet (§5.4.2).</param>
    public static byte[] Signed(IReadOnlyList<HeaderField> fields, IEnumerable<string> names, HeaderField signature, bool relaxed)
    {
        var text = new StringBuilder();
        var left = fields.Where(field => !ReferenceEquals(field, signature)).GroupBy(field => field.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => new Stack<HeaderField>(group), StringComparer.OrdinalIgnoreCase);
        foreach (string name in names)
            if (left.TryGetValue(name, out Stack<HeaderField>? same) && same.TryPop(out HeaderField? next)) text.Append(Field(next, relaxed)).Append("\r\n");
        text.Append(Field(Unsigned(signature), relaxed));
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    /// <summary>The field with nothing behind b=.</summary>
    private static HeaderField Unsigned(HeaderField signature)
    {
        int colon = signature.Raw.IndexOf(':') + 1;
        return signature with { Raw = signature.Raw[..colon] + SignatureTag().Replace(signature.Raw[colon..], "${tag}", 1) };
    }

    [GeneratedRegex(@"[ \t]+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"(?<=^|;)(?<tag>\s*b\s*=)[^;]*")]
    private static partial Regex SignatureTag();
}
