using System.Text.RegularExpressions;
using Passerelle.Lab.Identity;

namespace Passerelle.Lab.Graph;

/// <summary>One request below <c>/v1.0</c>, alone or out of a <c>$batch</c>.</summary>
internal sealed partial record GraphRequest
{
    public required string Method { get; init; }

    /// <summary>Decoded segments; a key in parentheses is a segment of its own: <c>applications(appId='x')</c> is
    /// <c>applications</c>, <c>appId=x</c>.</summary>
    public required string[] Path { get; init; }

    public required IReadOnlyDictionary<string, string> Query { get; init; }

    /// <summary>A header by name; null when it was not sent.</summary>
    public required Func<string, string?> Header { get; init; }

    /// <summary>Reads the body, once; at most so many bytes.</summary>
    /// <exception cref="GraphFault">413: there are more.</exception>
    public required Func<int, CancellationToken, Task<byte[]>> Read { get; init; }

    /// <summary>Where the caller found us, such as <c>https://localhost:443/v1.0</c>: links must lead back to it.</summary>
    public required string Base { get; init; }

    public required StsTrace Trace { get; init; }

    /// <param name="path">Below the version, decoded.</param>
    public static string[] Split(string path) =>
    [
        .. path.Split('/', StringSplitOptions.RemoveEmptyEntries).SelectMany(segment => Keyed().Match(segment) is { Success: true } keyed
            ? keyed.Groups[2].Value is { Length: > 0 } key ? [Bare(keyed.Groups[1].Value), key.Replace("'", "", StringComparison.Ordinal)] : [Bare(keyed.Groups[1].Value)]
            : new[] { Bare(segment) }),
    ];

    /// <summary>The SDK writes some actions with their namespace.</summary>
    private static string Bare(string segment) => segment.StartsWith("microsoft.graph.", StringComparison.Ordinal) ? segment[16..] : segment;

    [GeneratedRegex(@"^([\w.$]+)\((.*)\)$")]
    private static partial Regex Keyed();
}
