using System.Net;
using ARSoft.Tools.Net.Dns;
using Passerelle.Lab.Dns;
using Passerelle.Lab.Faults;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>What the labs publish about their mail: MX, SPF, DKIM, DMARC and ARC keys, worked out from their state at each
/// question, so that nothing can be stale.</summary>
internal sealed class LabZone(Labs labs, Exchanges exchanges, MailKey key, FaultBook faults) : IZone
{
    private const string Edge = ".mail.protection.outlook.com";
    private const string ArcKey = $"{MailKey.ArcSelector}._domainkey.{MailKey.ArcDomain}";
    private static readonly string[] Hosts = [.. SubmissionHost.All, RelayClient.Helo.ToLowerInvariant()];

    public IReadOnlyList<DnsRecordBase>? Find(string name) =>
        Fixed(name) ?? Domain(name) ?? Route(name) ?? Below(name);

    /// <summary>The truth unless a fault says otherwise, noted in the log of the lab that the name belongs to.</summary>
    public async Task<DnsAnswer> AnswerAsync(string name, RecordType type)
    {
        Twin? lab = LabOf(name);
        DnsAnswer answer = await DnsFaults.JudgeAsync(faults, lab, name, type, Stated(name, type), CancellationToken.None);
        lab?.Journal.Add("dns", name, $"{type.ToString().ToUpperInvariant()}: {answer.Code?.ToString() ?? "no answer"}, {answer.Records.Count} records");
        return answer;
    }

    /// <summary>Whose name it is: by its domain or one above it, or by the route that a lab has to it.</summary>
    private Twin? LabOf(string name)
    {
        for (var domain = name; domain.Contains('.'); domain = domain[(domain.IndexOf('.') + 1)..])
        {
            if (labs.Domain(domain)?.Lab is { } owner) return owner;
            if (labs.All.FirstOrDefault(lab => exchanges.Of(lab).Settings.RouteOf(domain) is not null) is { } router) return router;
        }

        return null;
    }

    /// <summary>The truth of a lab whose names may be ill by its own state.</summary>
    private DnsAnswer Stated(string name, RecordType type) =>
        labs.All.Select(lab => lab.State.DnsFailureOf(name)).FirstOrDefault(failure => failure is not null) switch
        {
            DnsFailure.NxDomain => new DnsAnswer(ReturnCode.NxDomain, []),
            DnsFailure.ServFail => new DnsAnswer(ReturnCode.ServerFailure, []),
            DnsFailure.Timeout => new DnsAnswer(null, []),
            _ => ((IZone)this).Truth(name, type),
        };

    private DnsRecordBase[]? Fixed(string name) => name switch
    {
        ArcKey => [Records.Txt(name, key.PublicRecord)],
        "1.0.0.127.in-addr.arpa" => [Records.Ptr(name, RelayClient.Helo)],
        "25.113.0.203.in-addr.arpa" => [.. labs.All.SelectMany(lab => lab.State.OutsideDomains).Select(o => Records.Ptr(name, $"mail.{o.Name}"))],
        "spf.protection.outlook.com" => [Records.Txt(name, "v=spf1 ip4:127.0.0.1 -all")],
        _ when IsInitialKey(name) => [Records.Txt(name, key.PublicRecord)],
        _ when Hosts.Contains(name) => [Records.A(name, IPAddress.Loopback)],
        _ when name.EndsWith(Edge, StringComparison.Ordinal) && IsEdge(name[..^Edge.Length]) => [Records.A(name, IPAddress.Loopback)],
        _ => null,
    };

    private DnsRecordBase[]? Domain(string name) => labs.Domain(name) switch
    {
        DomainPlace.Verified =>
        [
            Records.Mx(name, 0, name.Replace('.', '-') + Edge),
            Records.Txt(name, "v=spf1 ip4:127.0.0.1 include:spf.protection.outlook.com -all"),
        ],
        DomainPlace.Outside =>
        [
            Records.Mx(name, 10, $"mail.{name}"),
            Records.Txt(name, $"v=spf1 ip4:{FirstReceipt.OutsideAddress} -all"),
        ],
        _ => null,
    };

    /// <summary>A gateway's inbound domain: the route that somebody set says where its receiver is.</summary>
    private DnsRecordBase[]? Route(string name)
    {
        if (RouteOf(name) is not null) return [Records.Mx(name, 10, $"mx.{name}")];
        return name.StartsWith("mx.", StringComparison.Ordinal) && RouteOf(name[3..]) is { } target
            ? [Records.A(name, target.EndPoint.Address)]
            : null;
    }

    /// <summary>The names below a domain of a lab.</summary>
    private DnsRecordBase[]? Below(string name)
    {
        if (Inside(name, $"{MailKey.DkimSelector}._domainkey.") is not null) return [Records.Txt(name, key.PublicRecord)];
        if (Inside(name, "_dmarc.") is not null) return [Records.Txt(name, "v=DMARC1; p=reject; sp=reject; pct=100")];
        if (Inside(name, "mail.") is DomainPlace.Outside) return [Records.A(name, IPAddress.Loopback)];
        return Inside(name, "_domainkey.") is null ? null : [];
    }

    private DomainPlace? Inside(string name, string label) =>
        name.StartsWith(label, StringComparison.Ordinal) ? labs.Domain(name[label.Length..]) : null;

    private LoopbackTarget? RouteOf(string domain) =>
        labs.All.Select(lab => exchanges.Of(lab).Settings.RouteOf(domain)).FirstOrDefault(target => target is not null);

    /// <summary>The DKIM key of an initial domain: <c>selector2-{name}-onmicrosoft-com._domainkey.{name}.onmicrosoft.com</c>.</summary>
    private bool IsInitialKey(string name) => name.Split("._domainkey.") is [var selector, var domain]
        && InitialDomain.Owner(labs, domain) is not null && selector == InitialDomain.SelectorOf(domain);

    private bool IsEdge(string dashed) =>
        labs.All.SelectMany(lab => lab.State.Directories).SelectMany(directory => directory.Domains)
            .Any(domain => domain.Replace('.', '-') == dashed);
}
