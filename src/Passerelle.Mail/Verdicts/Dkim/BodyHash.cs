using System.Security.Cryptography;

namespace Passerelle.Mail.Verdicts.Dkim;

/// <summary>Hashes a body as it is read, canonicalised on the way (RFC 6376 §3.4.3, §3.4.4): no body is too long for it.</summary>
internal sealed class BodyHash(HashAlgorithmName algorithm, bool relaxed, long? limit, bool lfEndsLines) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(algorithm);
    private readonly byte[] _buffer = new byte[8192];
    private int _buffered, _lineEnds;
    private bool _space, _carriageReturn, _any;

    /// <summary>Octets of the canonical body, whether or not the limit let them in.</summary>
    public long Length { get; private set; }

    public static (byte[] Hash, long Length) Of(Stream raw, HeaderSection header, HashAlgorithmName algorithm, bool relaxed, long? limit)
    {
        using var hash = new BodyHash(algorithm, relaxed, limit, header.LfEndsLines);
        raw.Position = header.BodyStart;
        byte[] piece = new byte[64 * 1024];
        while (raw.Read(piece) is > 0 and var read) hash.Add(piece.AsSpan(0, read));
        return (hash.End(), hash.Length);
    }

    public void Dispose() => _hash.Dispose();

    private void Add(ReadOnlySpan<byte> piece)
    {
        foreach (byte octet in piece)
        {
            if (octet == '\n' && (_carriageReturn || lfEndsLines))
            {
                EndLine();
                continue;
            }
            if (_carriageReturn) Content((byte)'\r');
            _carriageReturn = octet == '\r';
            if (!_carriageReturn) Content(octet);
        }
    }

    private byte[] End()
    {
        if (_carriageReturn) Content((byte)'\r');
        // Lines that are empty at the end do not count; a body that is not empty ends in one CRLF, and with "simple" an empty one is a CRLF.
        if (_any || !relaxed) Write("\r\n"u8);
        Flush();
        return _hash.GetHashAndReset();
    }

    private void EndLine()
    {
        _carriageReturn = false;
        _space = false; // white space at the end of a line; only ever set when relaxed
        _lineEnds++;
    }

    private void Content(byte octet)
    {
        if (relaxed && octet is (byte)' ' or (byte)'\t')
        {
            _space = true;
            return;
        }
        for (; _lineEnds > 0; _lineEnds--) Write("\r\n"u8);
        if (_space) Write(" "u8);
        _space = false;
        _any = true;
        Write([octet]);
    }

    private void Write(ReadOnlySpan<byte> octets)
    {
        foreach (byte octet in octets)
        {
            if (Length++ >= (limit ?? long.MaxValue)) continue;
            if (_buffered == _buffer.Length) Flush();
            _buffer[_buffered++] = octet;
        }
    }

    private void Flush()
    {
        _hash.AppendData(_buffer, 0, _buffered);
        _buffered = 0;
    }
}
