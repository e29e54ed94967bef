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

    /// <summary>Where clamd looks for malware: <c>host:port</c>, or the full path of its Unix socket; empty: nobody looks.</summary>
    [RegularExpression("/.{1,106}|[^/]+:[0-9]{1,5}", ErrorMessage = "Reading:ClamAv is host:port, or the full path of clamd's Unix socket.")]
    public string ClamAv { get; init; } = "";

    /// <summary>Where rspamd judges spam, e.g. <c>http://127.0.0.1:11333</c>; empty: nobody does.</summary>
    [RegularExpression("https?://[^/]+/?", ErrorMessage = "Reading:Rspamd is the address of rspamd's normal worker, such as http://127.0.0.1:11333.")]
    public string Rspamd { get; init; } = "";

    /// <summary>Seconds for one scan.</summary>
    [Range(1, 600)] public int ScanSeconds { get; init; } = 30;

    /// <summary>Minutes that mail waits for a scanner that gives no answer, before <see cref="WhenUnscanned"/> decides.</summary>
    [Range(0, 10_080)] public int ScanWaitMinutes { get; init; } = 60;

    /// <summary>What happens then: <c>pass</c> passes it on as not scanned, <c>wait</c> goes on trying.</summary>
    [RegularExpression(PassOn + "|" + GoOn, ErrorMessage = "Reading:WhenUnscanned is pass or wait.")]
    public string WhenUnscanned { get; init; } = PassOn;

    public const string PassOn = "pass";
    public const string GoOn = "wait";
}

[OptionsValidator]
internal sealed partial class ReadingOptionsValidator : IValidateOptions<ReadingOptions>;
