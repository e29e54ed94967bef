using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Tokens;

/// <summary>Section <c>Tokens</c>.</summary>
internal sealed class TokensOptions
{
    /// <summary>Minutes between pressing Authorise and coming back.</summary>
    [Range(1, 60)] public int AuthoriseMinutes { get; init; } = 10;

    /// <summary>Seconds by which clocks may differ: so long before its end a token is not used any more.</summary>
    [Range(0, 600)] public int ClockSkewSeconds { get; init; } = 60;

    /// <summary>A token is renewed at most so long before its end, spread over half of it; a quarter of its life when that is less.</summary>
    [Range(1, 60)] public int RenewMinutes { get; init; } = 10;

    /// <summary>Refreshes under way at once for all apps: after an outage they return in a queue, not in a storm.</summary>
    [Range(1, 256)] public int Concurrent { get; init; } = 8;

    /// <summary>Hours after which a grant that nobody used is renewed at the latest; each app at its own moment of the last quarter.</summary>
    [Range(1, 720)] public int KeepHours { get; init; } = 24;

    /// <summary>Grants that nobody used renewed within a minute, so that a long pause of ours ends in no storm either.</summary>
    [Range(1, 10_000)] public int KeepPerMinute { get; init; } = 120;

    /// <summary>Seconds without asking after the provider has failed; doubled each time up to 15 minutes.</summary>
    [Range(1, 600)] public int FirstRetrySeconds { get; init; } = 15;
}

[OptionsValidator]
internal sealed partial class TokensOptionsValidator : IValidateOptions<TokensOptions>;
