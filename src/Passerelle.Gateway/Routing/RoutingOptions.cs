using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Routing;

/// <summary>Section <c>Routing</c>.</summary>
internal sealed class RoutingOptions
{
    /// <summary>Messages of different conversations routed at a time.</summary>
    [Range(1, 256)] public int Parallel { get; init; } = 8;

    /// <summary>Routings of one message that may fail before it is kept for people.</summary>
    [Range(1, 20)] public int MaxAttempts { get; init; } = 5;

    /// <summary>Seconds before the second routing; three times longer each time.</summary>
    [Range(1, 600)] public int RetrySeconds { get; init; } = 5;

    /// <summary>HTTP calls of flows at a time.</summary>
    [Range(1, 256)] public int ParallelCalls { get; init; } = 8;

    /// <summary>Attempts of one HTTP call before the flow is told that it failed.</summary>
    [Range(1, 20)] public int MaxCallAttempts { get; init; } = 4;

    /// <summary>Seconds before the second attempt of a call; three times longer each time.</summary>
    [Range(1, 600)] public int CallRetrySeconds { get; init; } = 5;

    /// <summary>Seconds after which a call whose worker said nothing is made again; more than a request may last.</summary>
    [Range(10, 900)] public int CallLeaseSeconds { get; init; } = 60;
}

[OptionsValidator]
internal sealed partial class RoutingOptionsValidator : IValidateOptions<RoutingOptions>;
