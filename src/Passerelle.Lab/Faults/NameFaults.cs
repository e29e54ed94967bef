using Passerelle.Lab.State;

namespace Passerelle.Lab.Faults;

/// <summary>What a name server may say instead of the truth (RFC 1035 §4.1.1).</summary>
internal static class NameFaults
{
    public const string NameError = "NXDOMAIN";
    public const string ServerFailure = "SERVFAIL";
    public const string Refused = "REFUSED";
    public const string NoRecords = "NODATA";

    /// <summary>As <see cref="NoRecords"/>, for mail exchangers only.</summary>
    public const string NoMx = "NOMX";

    private static readonly FaultPlace[] Dns = [FaultPlace.Dns];

    public static IReadOnlyList<FaultRow> Rows { get; } =
    [
        new(NameError, Dns, "The name does not exist", "F6", ""),
        new(ServerFailure, Dns, "The server failed", "F6", ""),
        new(Refused, Dns, "The server refuses to answer", "F6", ""),
        new(NoRecords, Dns, "The name has no record of any type", "F6", ""),
        new(NoMx, Dns, "The name has no MX", "F6", ""),
    ];
}
