using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Access;

/// <summary>Section <c>Access</c>.</summary>
internal sealed class AccessOptions
{
    /// <summary>Hours that a signed-in browser stays signed in.</summary>
    [Range(1, 24 * 90)] public int SessionHours { get; init; } = 24 * 14;

    /// <summary>Failures of one account within the window before it must wait.</summary>
    [Range(1, 100)] public int FailuresPerAccount { get; init; } = 5;

    /// <summary>Failures from one address within the window before it must wait.</summary>
    [Range(1, 1000)] public int FailuresPerAddress { get; init; } = 20;

    /// <summary>Times that one link for a mailbox's owner may lead to the provider within the window before it must wait.</summary>
    [Range(1, 1000)] public int OpeningsPerOwnerLink { get; init; } = 10;

    /// <summary>Orders that one API key may give in a minute.</summary>
    [Range(1, 100_000)] public int OrdersPerKeyMinute { get; init; } = 1200;

    /// <summary>Wrong API keys from one address (IPv6: one network of 64 bits) in a minute before none is looked at.</summary>
    [Range(1, 10_000)] public int WrongKeysPerMinute { get; init; } = 30;

    /// <summary>Minutes that a failure counts; also the longest wait.</summary>
    [Range(1, 1440)] public int FailureWindowMinutes { get; init; } = 15;
}

[OptionsValidator]
internal sealed partial class AccessOptionsValidator : IValidateOptions<AccessOptions>;
