namespace Passerelle.Mail;

/// <summary>A mail as MimeKit may have it: a header that is long is one line, and none is longer than the bound. MimeKit copies what it has of a
/// header again for every 64 bytes that are added line by line, for every 4 KB otherwise, and shows a header only when it has ended: a mail that is
/// one folded header of 50 MB would never come to an end. Offsets stay what they are: line ends become blanks.</summary>
/// <param name="raw">Seekable; left open.</param>
internal sealed class LongHeaders(Stream raw, int longest) : Stream
{
    /// <summary>Bytes of a header that may be folded; hardly a mail has one that is longer.</summary>
    private const int Usual = 8 * 1024;

    private readonly List<(long From, long To)> _folds = [];
    private bool _inHeader, _isOpen;
    private long _begun;
    private byte _last;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => raw.Length;
    public override long Position { get => raw.Position; set => raw.Position = value; }

    /// <summary>What is read from here on is of one header, as far as is known.</summary>
    public void Begin() => (_inHeader, _isOpen, _begun) = (true, false, raw.Position);

    /// <summary>What is read from here on is content.</summary>
    public void End() => _inHeader = false;

    /// <exception cref="BoundBrokenException">The header goes on and on.</exception>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc cref="Read(byte[], int, int)"/>
    public override int Read(Span<byte> buffer)
    {
        long at = raw.Position;
        int read = raw.Read(buffer);
        Span<byte> block = buffer[..read];
        if (_inHeader && read > 0)
        {
            if (at - _begun > longest) throw new BoundBrokenException($"A header longer than {longest} bytes");
            if (at - _begun > Usual) Watch(block, at);
            _last = block[^1];
        }
        foreach (var (from, to) in _folds) Unfold(block, from - at, to - at);
        return read;
    }

    /// <summary>All of a block that is a header and nothing else: MimeKit drops nothing of it, only its lines become one.</summary>
    /// <returns>With every line end before a blank as blanks.</returns>
    public static byte[] Unfolded(byte[] headers)
    {
        if (headers.Length <= Usual) return headers;
        for (int i = 0; i < headers.Length - 1; i++)
        {
            if (headers[i] is not (byte)'\n' || headers[i + 1] is not ((byte)' ' or (byte)'\t')) continue;
            headers[i] = (byte)' ';
            if (i > 0 && headers[i - 1] is (byte)'\r') headers[i - 1] = (byte)' ';
        }
        return headers;
    }

    /// <summary>Adds the folds of the block to what is known, up to the end of the header where it ends within.</summary>
    private void Watch(ReadOnlySpan<byte> block, long at)
    {
        if (_last is (byte)'\n' && block[0] is not ((byte)' ' or (byte)'\t'))
        {
            _begun = at; // it had just ended
            return;
        }
        int first = -1, last = -1;
        for (int i = block.IndexOf((byte)'\n'); i >= 0; i = Next(block, i))
        {
            if ((i + 1 < block.Length ? block[i + 1] : Following()) is not (' ' or '\t')) break;
            last = i;
            if (first < 0) first = i > 0 && block[i - 1] is (byte)'\r' ? i - 1 : i;
        }
        if (first < 0) return;
        if (_isOpen) _folds[^1] = (_folds[^1].From, at + last + 1);
        else _folds.Add((at + first, at + last + 1));
        _isOpen = true;
    }

    private static int Next(ReadOnlySpan<byte> block, int line) => block[(line + 1)..].IndexOf((byte)'\n') is >= 0 and var step ? line + 1 + step : -1;

    /// <returns>The byte behind what was read; -1 at the end.</returns>
    private int Following()
    {
        int next = raw.ReadByte();
        if (next >= 0) raw.Position--;
        return next;
    }

    private static void Unfold(Span<byte> block, long from, long to)
    {
        if (to <= 0 || from >= block.Length) return;
        Span<byte> folded = block[(int)Math.Max(0, from)..(int)Math.Min(block.Length, to)];
        folded.Replace((byte)'\n', (byte)' ');
        folded.Replace((byte)'\r', (byte)' ');
    }

    public override long Seek(long offset, SeekOrigin origin) => raw.Seek(offset, origin);
    public override void Flush() { }
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
