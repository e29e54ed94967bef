using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Passerelle.Mail.Verdicts.Spf;

/// <summary>What the letters stand for (RFC 7208 §7.2).</summary>
/// <param name="Sender">Never without a local part; "postmaster" stands in for it.</param>
/// <param name="Domain">That is being evaluated; changes with include and redirect.</param>
internal sealed record SpfMacroValues(IPAddress Ip, string Sender, string Domain, string Helo)
{
    /// <summary>%{p}, asked only where it is used.</summary>
    public string ValidatedName { get; init; } = "unknown";

    /// <summary>%{r}: our own name.</summary>
    public string Receiver { get; init; } = "unknown";

    /// <summary>%{t}.</summary>
    public DateTimeOffset Now { get; init; }
}

/// <summary>Macro strings (RFC 7208 §7): their syntax and their expansion.</summary>
internal static partial class SpfMacro
{
    private const string OnlyInExplanations = "crt";

    /// <param name="inExplanation">c, r and t, spaces and any length are allowed there only.</param>
    public static bool IsValid(string text, bool inExplanation = false)
    {
        foreach (Match piece in Pieces().Matches(text))
        {
            if (piece.Groups["bad"].Success) return false;
            if (!inExplanation && piece.Groups["letter"] is { Success: true, Value: var letter }
                && OnlyInExplanations.Contains(letter, StringComparison.OrdinalIgnoreCase)) return false;
            if (piece.Groups["count"] is { Length: > 0, Value: var count } && count.Trim('0').Length == 0) return false; // "1*DIGIT", not zero
            if (piece.Groups["text"].Success && piece.Value.Any(c => c is > '~' or < ' ' || (c == ' ' && !inExplanation))) return false;
        }
        return true;
    }

    /// <summary>domain-spec of RFC 7208 §7.1: ends with a top label that is not a number, or with a macro.</summary>
    public static bool IsDomainSpec(string text)
    {
        if (text.Length == 0 || !IsValid(text)) return false;
        Match last = Pieces().Matches(text)[^1];
        return !last.Groups["text"].Success || EndsInTopLabel().IsMatch(last.Value);
    }

    public static bool Uses(string text, char letter) => Pieces().Matches(text)
        .Any(piece => piece.Groups["letter"] is { Success: true, Value: var used } && char.ToLowerInvariant(used[0]) == letter);

    /// <param name="text">Valid by <see cref="IsValid"/>.</param>
    public static string Expand(string text, SpfMacroValues values) => Pieces().Replace(text, piece => piece.Value switch
    {
        "%%" => "%",
        "%_" => " ",
        "%-" => "%20",
        _ when piece.Groups["letter"].Success => Expand(piece, values),
        _ => piece.Value,
    });

    private static string Expand(Match piece, SpfMacroValues values)
    {
        char letter = piece.Groups["letter"].Value[0];
        string[] parts = Value(char.ToLowerInvariant(letter), values).Split(piece.Groups["delimiters"] is { Length: > 0, Value: var given } ? given.ToCharArray() : ['.']);
        if (piece.Groups["reversed"].Length > 0) Array.Reverse(parts);
        // More digits than any name has labels mean all of them.
        int count = piece.Groups["count"].Length is > 0 and < 4 ? int.Parse(piece.Groups["count"].ValueSpan, provider: null) : int.MaxValue;
        string kept = string.Join('.', count < parts.Length ? parts[^count..] : parts);
        return char.IsAsciiLetterUpper(letter) ? Uri.EscapeDataString(kept) : kept;
    }

    private static string Value(char letter, SpfMacroValues values) => letter switch
    {
        's' => values.Sender,
        'l' => values.Sender[..values.Sender.LastIndexOf('@')],
        'o' => values.Sender[(values.Sender.LastIndexOf('@') + 1)..],
        'd' => values.Domain,
        'i' => Dotted(values.Ip),
        'p' => values.ValidatedName,
        'v' => values.Ip.AddressFamily is AddressFamily.InterNetworkV6 ? "ip6" : "in-addr",
        'h' => values.Helo,
        'c' => values.Ip.ToString(),
        'r' => values.Receiver,
        _ => values.Now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>IPv6 as dotted nibbles (RFC 7208 §7.3).</summary>
    private static string Dotted(IPAddress ip) => ip.AddressFamily is not AddressFamily.InterNetworkV6
        ? ip.ToString()
        : string.Join('.', Convert.ToHexStringLower(ip.GetAddressBytes()).AsEnumerable());

    [GeneratedRegex(@"(?<text>[^%]+)|%[%_\-]|%\{(?<letter>[slodiphcrtvSLODIPHCRTV])(?<count>[0-9]*)(?<reversed>[rR]?)(?<delimiters>[.\-+,/_=]*)\}|(?<bad>%)", RegexOptions.ExplicitCapture)]
    private static partial Regex Pieces();

    [GeneratedRegex(@"\.([A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*|[A-Za-z0-9]+-[A-Za-z0-9\-]*[A-Za-z0-9])\.?$", RegexOptions.ExplicitCapture)]
    private static partial Regex EndsInTopLabel();
}
