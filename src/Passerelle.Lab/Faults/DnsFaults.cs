using System.Globalization;
using System.Net;
using ARSoft.Tools.Net.Dns;
using Passerelle.Lab.Dns;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Faults;

/// <summary>Puts faults between a question to the lab's DNS and the truth. The name, or a domain above it, is the subject.</summary>
internal static class DnsFaults
{
    public static async Task<DnsAnswer> JudgeAsync(
        FaultBook book, Twin? lab, string name, RecordType type, DnsAnswer truth, CancellationToken cancel)
    {
        if (lab is null || FaultBook.Take(lab, FaultPlace.Dns, new FaultSubject(Domain: name)) is not { } fault) return truth;
        await book.WaitAsync(fault, cancel);
        if (fault.Silent) return new DnsAnswer(null, []);
        if (fault.Reply is { } record) return Parse(name, record) is { } other ? Instead(truth, type, other) : truth;
        return fault.Code switch
        {
            NameFaults.NameError => new DnsAnswer(ReturnCode.NxDomain, []),
            NameFaults.ServerFailure => new DnsAnswer(ReturnCode.ServerFailure, []),
            NameFaults.Refused => new DnsAnswer(ReturnCode.Refused, []),
            NameFaults.NoRecords => new DnsAnswer(ReturnCode.NoError, []),
            NameFaults.NoMx when type == RecordType.Mx => new DnsAnswer(ReturnCode.NoError, []),
            _ => truth,
        };
    }

    /// <summary>One record: <c>MX 10 host</c>, <c>A address</c> or <c>TXT text</c>; null when it is none.</summary>
    public static DnsRecordBase? Parse(string name, string record) => record.Split(' ', 3) switch
    {
        ["MX", var preference, var host] when ushort.TryParse(preference, CultureInfo.InvariantCulture, out var number) => Records.Mx(name, number, host),
        ["A", var address] when IPAddress.TryParse(address, out var ip) => Records.A(name, ip),
        ["TXT", .. var text] when text.Length > 0 => Records.Txt(name, string.Join(' ', text)),
        _ => null,
    };

    /// <summary>Only questions for that type are answered otherwise.</summary>
    private static DnsAnswer Instead(DnsAnswer truth, RecordType type, DnsRecordBase other) =>
        other.RecordType == type ? new DnsAnswer(ReturnCode.NoError, [other]) : truth;
}
