using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Events;

/// <summary>Section <c>Events</c>: alarms and how they are told.</summary>
internal sealed class EventsOptions
{
    /// <summary>Seconds between two looks at what is broken.</summary>
    [Range(1, 60)] public int WatchSeconds { get; init; } = 15;

    /// <summary>Hours after which an alarm that still stands is told again.</summary>
    [Range(1, 720)] public int RemindHours { get; init; } = 24;

    /// <summary>Minutes after which an answer of a person that no server has taken is told to who wrote it.</summary>
    [Range(1, 1440)] public int LateAnswerMinutes { get; init; } = 5;

    /// <summary>Hours without mail that are never an alarm, whatever the habit.</summary>
    [Range(1, 720)] public int SilentHours { get; init; } = 24;

    /// <summary>Silence is an alarm when it lasts so many times longer than the longest pause of the four weeks before it.</summary>
    [Range(1, 100)] public int SilentTimes { get; init; } = 2;

    /// <summary>Webhook calls at a time.</summary>
    [Range(1, 64)] public int ParallelWebhooks { get; init; } = 4;

    /// <summary>Webhooks that are called at the same time; each takes a few events a round.</summary>
    [Range(1, 256)] public int ParallelReceivers { get; init; } = 16;

    /// <summary>Seconds for one call, answer included.</summary>
    [Range(1, 60)] public int WebhookSeconds { get; init; } = 15;

    /// <summary>Days that a delivery that ended is kept with its answers, dead ones too.</summary>
    [Range(1, 365)] public int KeepDeliveriesDays { get; init; } = 30;

    /// <summary>Attempts of one webhook call; with the back-off below about a day.</summary>
    [Range(1, 100)] public int MaxWebhookAttempts { get; init; } = 30;

    /// <summary>Seconds before the second attempt; three times longer each time, an hour at most.</summary>
    [Range(1, 3600)] public int WebhookRetrySeconds { get; init; } = 5;
}

[OptionsValidator]
internal sealed partial class EventsOptionsValidator : IValidateOptions<EventsOptions>;
