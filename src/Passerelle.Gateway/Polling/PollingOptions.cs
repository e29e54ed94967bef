using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Polling;

/// <summary>Section <c>Polling</c>.</summary>
internal sealed class PollingOptions
{
    /// <summary>Seconds between two looks at a mailbox.</summary>
    [Range(1, 86_400)] public int EverySeconds { get; init; } = 300;

    /// <summary>Seconds that forwarding may take before a mail counts as lost (Exchange queues and retries).</summary>
    [Range(0, 86_400)] public int GraceSeconds { get; init; } = 900;

    /// <summary>Mails judged in one look; the rest at the next.</summary>
    [Range(1, 1000)] public int Most { get; init; } = 100;

    /// <summary>Seconds for one answer of the IMAP server.</summary>
    [Range(1, 600)] public int ReplySeconds { get; init; } = 60;

    /// <summary>Minutes that Exchange may take to write the copy of a sent mail; one that is missing then was not sent.</summary>
    [Range(0, 1440)] public int SentItemsMinutes { get; init; } = 15;

    /// <summary>Mailboxes looked at side by side.</summary>
    [Range(1, 64)] public int Parallel { get; init; } = 4;
}

[OptionsValidator]
internal sealed partial class PollingOptionsValidator : IValidateOptions<PollingOptions>;
