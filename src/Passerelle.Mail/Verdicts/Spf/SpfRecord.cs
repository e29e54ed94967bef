using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Passerelle.Mail.Verdicts.Spf;

internal enum SpfMechanism
{
    All,
    Include,
    A,
    Mx,
    Ptr,
    Ip4,
    Ip6,
    Exists,
}

/// <param name="Then">The result when it matches.</param>
/// <param name="DomainSpec">Null: the domain being evaluated.</param>
/// <param name="Network">Of ip4 and ip6 only.</param>
internal sealed record SpfDirective(SpfResult Then, SpfMechanism Mechanism, string? DomainSpec, IPAddress? Network, int Prefix4 = 32, int Prefix6 = 128)
{
    /// <summary>Whether it asks the DNS and so counts against the limit of RFC 7208 §4.6.4.</summary>
    public bool Asks => Mechanism is not (SpfMechanism.All or SpfMechanism.Ip4 or SpfMechanism.Ip6);
}

/// <summary>One SPF record, read whole before any of it is evaluated: an error anywhere is an error (RFC 7208 §4.6).</summary>
internal sealed partial record SpfRecord(IReadOnlyList<SpfDirective> Directives, string? Redirect, string? Explanation)
{
    private const string Version = "v=spf1";

    /// <summary>RFC 7208 §4.5.</summary>
    public static bool IsOne(string text) =>
        text.StartsWith(Version, StringComparison.OrdinalIgnoreCase) && (text.Length == Version.Length || text[Version.Length] == ' ');

    /// <returns>Null when it breaks the grammar of RFC 7208 §12.</returns>
    public static SpfRecord? Parse(string text)
    {
        var directives = new List<SpfDirective>();
        string? redirect = null, explanation = null;
        foreach (string term in text[Version.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Modifier().Match(term) is { Success: true } modifier)
            {
                string value = modifier.Groups["value"].Value;
                bool isGood = modifier.Groups["name"].Value.ToLowerInvariant() switch
                {
                    "redirect" => redirect is null && SpfMacro.IsDomainSpec(redirect = value),
                    "exp" => explanation is null && SpfMacro.IsDomainSpec(explanation = value),
                    _ => SpfMacro.IsValid(value), // unknown ones are ignored (§6)
                };
                if (!isGood) return null;
            }
            else if (DirectiveOf(term) is { } directive) directives.Add(directive);
            else return null;
        }
        return new SpfRecord(directives, redirect, explanation);
    }

    private static SpfDirective? DirectiveOf(string term)
    {
        if (Directive().Match(term) is not { Success: true } match) return null;
        SpfResult then = match.Groups["qualifier"].Value switch
        {
            "-" => SpfResult.Fail,
            "~" => SpfResult.SoftFail,
            "?" => SpfResult.Neutral,
            _ => SpfResult.Pass,
        };
        string rest = match.Groups["rest"].Value;
        return match.Groups["name"].Value.ToLowerInvariant() switch
        {
            "all" => rest.Length == 0 ? new(then, SpfMechanism.All, null, null) : null,
            "include" => Named(then, SpfMechanism.Include, rest),
            "exists" => Named(then, SpfMechanism.Exists, rest),
            "ptr" => rest.Length == 0 ? new(then, SpfMechanism.Ptr, null, null) : Named(then, SpfMechanism.Ptr, rest),
            "a" => Hosts(then, SpfMechanism.A, rest),
            "mx" => Hosts(then, SpfMechanism.Mx, rest),
            "ip4" => Range(then, SpfMechanism.Ip4, rest),
            _ => Range(then, SpfMechanism.Ip6, rest),
        };
    }

    private static SpfDirective? Named(SpfResult then, SpfMechanism mechanism, string rest) =>
        rest.StartsWith(':') && SpfMacro.IsDomainSpec(rest[1..]) ? new(then, mechanism, rest[1..], null) : null;

    private static SpfDirective? Hosts(SpfResult then, SpfMechanism mechanism, string rest)
    {
        Match match = DualPrefix().Match(rest);
        string name = match.Groups["name"].Value;
        if (name.Length > 0 && !(name[0] == ':' && SpfMacro.IsDomainSpec(name[1..]))) return null;
        return Prefix(match.Groups["four"], 32) is { } four && Prefix(match.Groups["six"], 128) is { } six
            ? new(then, mechanism, name.Length > 0 ? name[1..] : null, null, four, six)
            : null;
    }

    private static SpfDirective? Range(SpfResult then, SpfMechanism mechanism, string rest)
    {
        bool four = mechanism is SpfMechanism.Ip4;
        Match match = SinglePrefix().Match(rest);
        if (!match.Success || Prefix(match.Groups["prefix"], four ? 32 : 128) is not { } prefix) return null;
        string text = match.Groups["address"].Value;
        if (four ? !DottedQuad().IsMatch(text) : !text.Contains(':') || text.AsSpan().IndexOfAny("%[]") >= 0) return null;
        return IPAddress.TryParse(text, out IPAddress? network) && network.AddressFamily == (four ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6)
            ? new(then, mechanism, null, network, prefix, prefix)
            : null;
    }

    /// <returns>Null for a length that is out of range or written with leading zeros.</returns>
    private static int? Prefix(Group digits, int most) =>
        !digits.Success ? most
        : digits.Value is ['0', _, ..] || !int.TryParse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length > most ? null
        : length;

    [GeneratedRegex(@"^(?<name>[A-Za-z][A-Za-z0-9\-_.]*)=(?<value>.*)$", RegexOptions.Singleline)]
    private static partial Regex Modifier();

    [GeneratedRegex(@"^(?<qualifier>[+\-?~]?)(?<name>all|include|exists|ptr|a|mx|ip4|ip6)(?<rest>([:/].*)?)$", RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Directive();

    [GeneratedRegex(@"^(?<name>.*?)(/(?<four>[0-9]+))?(//(?<six>[0-9]+))?$", RegexOptions.Singleline)]
    private static partial Regex DualPrefix();

    [GeneratedRegex(@"^:(?<address>[^/]+)(/(?<prefix>[0-9]+))?$", RegexOptions.Singleline)]
    private static partial Regex SinglePrefix();

    [GeneratedRegex(@"^(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}$")]
    private static partial Regex DottedQuad();
}
