using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Cluster;

/// <summary>Section <c>Cluster</c>: several machines on one PostgreSQL.</summary>
internal sealed class ClusterOptions
{
    public bool Enabled { get; init; }

    /// <summary>How this node is called; no two may bear one name. Null: the name of the machine.</summary>
    [RegularExpression("[A-Za-z0-9][A-Za-z0-9.-]{0,62}")] public string? Node { get; init; }

    /// <summary>Where the other nodes reach this one: an address of a private network, for what nodes say to each other is not encrypted.</summary>
    [Required] public string Address { get; init; } = "127.0.0.1";

    [Range(1, 65535)] public int Port { get; init; } = 11111;

    /// <summary>Milliseconds between two looks at each other node; one that says nothing for four times as long is declared dead, and what it owned goes to those that live; one whose process has ended is found out at once.</summary>
    [Range(500, 60_000)] public int ProbeMilliseconds { get; init; } = 2000;

    public string Name => Node ?? Environment.MachineName;
}

[OptionsValidator]
internal sealed partial class ClusterOptionsValidator : IValidateOptions<ClusterOptions>;
