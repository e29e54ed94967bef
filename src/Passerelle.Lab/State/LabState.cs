using System.Collections.Immutable;

namespace Passerelle.Lab.State;

/// <summary>Everything that one lab is, as data: immutable, so a reader never sees half a change and a snapshot is a
/// reference. Written to <c>labs/{name}.json</c> as it stands here.</summary>
internal sealed record LabState
{
    /// <summary>1 to 40 of a-z, 0-9 and '-'; unique in the host.</summary>
    public required string Name { get; init; }

    /// <summary>How far this lab's clock runs ahead of the host's; only grows.</summary>
    public TimeSpan Ahead { get; init; }

    /// <summary>Its servers show this clock (RFC 9110 §6.6.1); else the host's, and a client does not notice that time was moved.</summary>
    public bool ShowsClock { get; init; }

    public ImmutableArray<LabDirectory> Directories { get; init; } = [];
    public ImmutableArray<OutsideDomain> OutsideDomains { get; init; } = [];

    /// <summary>What goes wrong on purpose; the first that fits happens.</summary>
    public ImmutableArray<Fault> Faults { get; init; } = [];

    /// <summary>Names for which the lab's DNS fails.</summary>
    public ImmutableArray<DnsFault> DnsFaults { get; init; } = [];

    /// <summary>Authorization codes that were redeemed, with the lab time until which they must be remembered.</summary>
    public ImmutableDictionary<string, DateTimeOffset> RedeemedCodes { get; init; } =
        ImmutableDictionary<string, DateTimeOffset>.Empty;

    /// <summary>Device codes by their id.</summary>
    public ImmutableDictionary<string, DeviceGrant> DeviceGrants { get; init; } = ImmutableDictionary<string, DeviceGrant>.Empty;

    /// <summary>Issuers that applications may federate with.</summary>
    public ImmutableArray<OutsideIssuer> Issuers { get; init; } = [];

    /// <summary>The directory of personal Microsoft accounts (facts §1.1): every lab has its own, under the one id.</summary>
    public LabDirectory Personal { get; init; } = new()
    {
        Id = Resources.PersonalDirectory,
        DisplayName = "Microsoft account",
        UserConsent = UserConsent.Always,
        SecurityDefaults = false, // a matter of organisations
    };

    public LabDirectory? Directory(Guid id) =>
        id == Resources.PersonalDirectory ? Personal : Directories.FirstOrDefault(d => d.Id == id);

    public DnsFailure? DnsFailureOf(string name) => DnsFaults.FirstOrDefault(fault => fault.Hits(name))?.Kind;

    public LabDirectory? DirectoryOfDomain(string domain) => Directories.FirstOrDefault(d => d.Owns(domain));

    public LabDirectory? DirectoryOfUser(string address) =>
        Directories.FirstOrDefault(d => d.UserByAddress(address) is not null) ?? (Personal.UserByAddress(address) is null ? null : Personal);

    public OutsideDomain? OutsideOfDomain(string domain) =>
        OutsideDomains.FirstOrDefault(o => o.Name.Equals(domain, StringComparison.OrdinalIgnoreCase));

    /// <summary>Replaces the directory with the same id, or adds it.</summary>
    public LabState With(LabDirectory directory) => directory.Id == Resources.PersonalDirectory ? this with { Personal = directory } : this with { Directories = Directories.Put(directory, d => d.Id) };

    /// <summary>Replaces the outside domain with the same name, or adds it.</summary>
    public LabState With(OutsideDomain domain) => this with { OutsideDomains = OutsideDomains.Put(domain, d => d.Name) };
}
