using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Doctor;

/// <summary>Section <c>Doctor</c>.</summary>
internal sealed class DoctorOptions
{
    /// <summary>The DNS server that is asked for MX records, <c>address:port</c>; empty: the system's.</summary>
    public string Resolver { get; init; } = "";

    /// <summary>The port that the world delivers to; another one only where a lab plays the world.</summary>
    [Range(1, 65535)] public int InboundPort { get; init; } = 25;

    /// <summary>The port on which the mailbox's own server takes mail; another one only where a lab plays Exchange.</summary>
    [Range(1, 65535)] public int ExchangePort { get; init; } = 25;

    /// <summary>Seconds for one probe.</summary>
    [Range(1, 60)] public int ProbeSeconds { get; init; } = 10;

    /// <summary>Minutes that Microsoft may take to apply a change; only after them is silence a finding.</summary>
    [Range(1, 1440)] public int PropagationMinutes { get; init; } = 60;

    /// <summary>Seconds that a mail may take from the mailbox to us; only after them is the silence of the doctor's own mail a finding.</summary>
    [Range(1, 3600)] public int ForwardingSeconds { get; init; } = 900;
}

[OptionsValidator]
internal sealed partial class DoctorOptionsValidator : IValidateOptions<DoctorOptions>;
