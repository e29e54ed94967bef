using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Operations;

/// <summary>Section <c>Operations</c>.</summary>
internal sealed class OperationsOptions
{
    /// <summary>Seconds between two counts of the backlog.</summary>
    [Range(1, 300)] public int BacklogSeconds { get; init; } = 5;

    /// <summary>Days for which a second copy of a mail is recognised after its message has gone.</summary>
    [Range(30, 36_500)] public int SecondCopyDays { get; init; } = 400;

    /// <summary>Hours between two prunings of an organisation.</summary>
    [Range(1, 720)] public int PruneHours { get; init; } = 24;

    /// <summary>Hours for which the file of an export can be downloaded; then it is deleted.</summary>
    [Range(1, 720)] public int ExportHours { get; init; } = 24;

    /// <summary>Days for which an ended job of keeping is listed.</summary>
    [Range(1, 36_500)] public int JobDays { get; init; } = 400;
}

[OptionsValidator]
internal sealed partial class OperationsOptionsValidator : IValidateOptions<OperationsOptions>;
