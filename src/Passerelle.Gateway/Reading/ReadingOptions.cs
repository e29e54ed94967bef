using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Reading;

/// <summary>Section <c>Reading</c>.</summary>
internal sealed class ReadingOptions
{
    /// <summary>The DNS server that is asked for keys and policies, <c>address:port</c>; empty: the system's.</summary>
    public string Resolver { get; init; } = "";

    /// <summary>Seconds for one question to the DNS.</summary>
    [Range(1, 60)] public int DnsSeconds { get; init; } = 5;

    /// <summary>Answers of the DNS that are kept in memory at most.</summary>
    [Range(100, 1_000_000)] public int DnsCacheEntries { get; init; } = 20_000;

    /// <summary>Sealers (d= of an ARC set) whose word on a mail's authenticity we believe. Empty: microsoft.com, outlook.com, google.com.</summary>
    public IReadOnlyList<string> TrustedSealers { get; init; } = [];

    /// <summary>Receipts read at a time.</summary>
    [Range(1, 256)] public int Parallel { get; init; } = 8;

    /// <summary>Readings of one receipt: after the last a verdict stays unproven, and a mail that breaks the reading is unreadable.</summary>
    [Range(1, 20)] public int MaxAttempts { get; init; } = 5;

    /// <summary>Seconds before the second reading; each further one waits three times as long.</summary>
    [Range(1, 600)] public int RetrySeconds { get; init; } = 5;
}

[OptionsValidator]
internal sealed partial class ReadingOptionsValidator : IValidateOptions<ReadingOptions>;
