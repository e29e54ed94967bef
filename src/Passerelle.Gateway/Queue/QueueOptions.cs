using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Queue;

/// <summary>Section <c>Queue</c>: how long and how often work is tried, and how much may leave unasked.</summary>
internal sealed class QueueOptions
{
    /// <summary>Seconds that a letter may stay claimed or submitting before it is taken from its worker.</summary>
    [Range(30, 3600)] public int SubmittingSeconds { get; init; } = 600;

    /// <summary>Attempts before a letter is dead; with the back-off below about two days.</summary>
    [Range(1, 1000)] public int MaxAttempts { get; init; } = 48;

    /// <summary>Seconds before the second attempt; three times longer each time, spread by a quarter either way.</summary>
    [Range(1, 3600)] public int FirstRetrySeconds { get; init; } = 60;

    [Range(1, 86400)] public int LongestRetrySeconds { get; init; } = 3600;

    /// <summary>Automatic letters to one correspondent within an hour.</summary>
    [Range(0, 10_000)] public int AutomaticPerCorrespondentHour { get; init; } = 3;

    /// <summary>Automatic letters to one correspondent within 24 hours.</summary>
    [Range(0, 10_000)] public int AutomaticPerCorrespondentDay { get; init; } = 10;

    /// <summary>Automatic letters of one app within an hour.</summary>
    [Range(0, 1_000_000)] public int AutomaticPerAppHour { get; init; } = 100;
}

[OptionsValidator]
internal sealed partial class QueueOptionsValidator : IValidateOptions<QueueOptions>;
