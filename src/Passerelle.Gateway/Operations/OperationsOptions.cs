using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Operations;

/// <summary>Section <c>Operations</c>.</summary>
internal sealed class OperationsOptions
{
    /// <summary>Seconds between two counts of the backlog.</summary>
    [Range(1, 300)] public int BacklogSeconds { get; init; } = 5;
}

[OptionsValidator]
internal sealed partial class OperationsOptionsValidator : IValidateOptions<OperationsOptions>;
