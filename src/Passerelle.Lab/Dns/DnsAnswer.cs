using ARSoft.Tools.Net.Dns;

namespace Passerelle.Lab.Dns;

/// <param name="Code">Null: no answer at all.</param>
internal sealed record DnsAnswer(ReturnCode? Code, IReadOnlyList<DnsRecordBase> Records);
