using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Passerelle.Gateway.Limits;

/// <summary>A client as we count it: an IPv4 address, or the network of 64 bits that one IPv6 customer has to himself.</summary>
internal readonly record struct Client(UInt128 Network)
{
    /// <summary>Whoever has no address: they share one.</summary>
    public static Client Unknown { get; }

    public static Client Of(EndPoint? remote) => Of((remote as IPEndPoint)?.Address);

    public static Client Of(IPAddress? address)
    {
        if (address is null) return Unknown;
        var bits = BinaryPrimitives.ReadUInt128BigEndian(address.MapToIPv6().GetAddressBytes());
        return new(address.IsIPv4MappedToIPv6 || address.AddressFamily is AddressFamily.InterNetwork ? bits : bits >> 64 << 64);
    }
}
