namespace Passerelle.Gateway.Receiving;

/// <summary>
/// UUIDv7 that ascend even within one millisecond (RFC 9562 §6.2, method 1: the 12 bits after the version count), because
/// the order of receipts is the order in which a conversation is answered.
/// </summary>
internal sealed class ReceiptIds(TimeProvider time)
{
    private const int MostInOneMillisecond = 0x1000;
    private readonly Lock _gate = new();
    private long _millisecond;
    private int _count;

    public Guid Next()
    {
        long millisecond;
        int count;
        lock (_gate)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (now > _millisecond) (_millisecond, _count) = (now, 0);
            else if (++_count == MostInOneMillisecond) (_millisecond, _count) = (_millisecond + 1, 0); // a clock set back, too
            (millisecond, count) = (_millisecond, _count);
        }
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(millisecond)).TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[6] = (byte)(0x70 | (count >> 8));
        bytes[7] = (byte)count;
        return new Guid(bytes, bigEndian: true);
    }
}
