namespace Passerelle.Lab.State;

/// <summary>The lab's DNS fails for a name and what is below it.</summary>
/// <param name="Name">Lower case, without the last dot.</param>
internal sealed record DnsFault(string Name, DnsFailure Kind)
{
    public bool Hits(string name) => name == Name || name.EndsWith("." + Name, StringComparison.Ordinal);
}

internal enum DnsFailure
{
    /// <summary>The name does not exist.</summary>
    NxDomain,

    ServFail,

    /// <summary>No answer at all.</summary>
    Timeout,
}
