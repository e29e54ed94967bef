using System.Net;

namespace Passerelle.Gateway.Outbound;

/// <summary>Which addresses are out in the world (IANA special-purpose registries, RFC 6890 and its updates).</summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", // Teredo, documentation, 6to4: a private IPv4 hides in some
        }.Select(IPNetwork.Parse),
    ];

    public static bool Contains(IPAddress address)
    {
        var bare = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (bare.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6 && !GlobalUnicast.Contains(bare)) return false;
        return !Array.Exists(Special, range => range.Contains(bare));
    }
}
