namespace Passerelle.Mail.Bodies;

/// <summary>Keeps the first bytes that are written and forgets the rest: what expands without end costs no more than the bound.</summary>
internal sealed class BoundedStream(int bound) : MemoryStream
{
    public bool Overflowed { get; private set; }

    public override void Write(byte[] buffer, int offset, int count)
    {
        int room = (int)Math.Max(0, bound - Length);
        if (count > room) Overflowed = true;
        base.Write(buffer, offset, Math.Min(room, count));
    }

    /// <remarks>A MemoryStream that is derived from turns a span into an array anyway.</remarks>
    public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);
}
