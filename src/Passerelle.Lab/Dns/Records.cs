using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

namespace Passerelle.Lab.Dns;

/// <summary>Makes the records that the lab serves.</summary>
internal static class Records
{
    /// <summary>Seconds: short, because people change a lab while they look at it.</summary>
    private const int TimeToLive = 1;
    private const int LongestString = 255;

    public static DnsRecordBase Mx(string name, ushort preference, string host) =>
        new MxRecord(DomainName.Parse(name), TimeToLive, preference, DomainName.Parse(host));

    public static DnsRecordBase A(string name, IPAddress address) => new ARecord(DomainName.Parse(name), TimeToLive, address);

    public static DnsRecordBase Ptr(string name, string host) =>
        new PtrRecord(DomainName.Parse(name), TimeToLive, DomainName.Parse(host));

    /// <summary>A text over 255 bytes goes out as several character-strings (RFC 1035 §3.3.14, RFC 7208 §3.3): given as one,
    /// the library serves only the first 255 bytes of it.</summary>
    public static DnsRecordBase Txt(string name, string text) =>
        new TxtRecord(DomainName.Parse(name), TimeToLive, text.Chunk(LongestString).Select(part => new string(part)));
}
