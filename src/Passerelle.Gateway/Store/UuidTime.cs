using System.Buffers.Binary;

namespace Passerelle.Gateway.Store;

/// <summary>Our ids are UUIDv7: their first 48 bits are the millisecond (RFC 9562 §5.7), so a key itself finds what is younger or older.</summary>
internal static class UuidTime
{
    /// <summary>Below every id of that millisecond or later, above every earlier one.</summary>
    public static Guid FirstAt(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, at.ToUnixTimeMilliseconds()) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
