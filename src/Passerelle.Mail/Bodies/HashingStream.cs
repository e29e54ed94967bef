using System.Security.Cryptography;

namespace Passerelle.Mail.Bodies;

/// <summary>Counts and hashes what is written, keeps its beginning only: an attachment never lies in memory a second time.</summary>
internal sealed class HashingStream : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _start = new byte[TrueTypes.Needed];
    private long _length;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => _length;
    public override long Position { get => _length; set => throw new NotSupportedException(); }

    /// <summary>The first bytes, by which a file is known.</summary>
    public ReadOnlySpan<byte> Start => _start.AsSpan(0, (int)Math.Min(_length, _start.Length));

    /// <summary>64 lower-case hex digits.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hash.AppendData(buffer);
        if (_length < _start.Length) buffer[..(int)Math.Min(buffer.Length, _start.Length - _length)].CopyTo(_start.AsSpan((int)_length));
        _length += buffer.Length;
    }

    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }
}
