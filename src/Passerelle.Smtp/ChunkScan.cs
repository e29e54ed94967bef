namespace Passerelle.Smtp;

/// <summary>
/// Judges content that comes by number of octets, with the rules of <see cref="DotDecoder"/>. Under BINARYMIME the body may hold anything.
/// </summary>
internal struct ChunkScan(SmtpLimits limits, bool binary)
{
    private ContentBounds _bounds = new(limits, binary);
    private bool _afterCr;

    public long Bytes { get; private set; }

    /// <summary>Why this message must not be kept; null as long as nothing speaks against it.</summary>
    public readonly SmtpReply? Refusal => _bounds.Refusal;

    public void Take(ReadOnlySpan<byte> content)
    {
        var position = 0;
        while (position < content.Length && _bounds.HasLines)
        {
            if (_afterCr)
            {
                _afterCr = false;
                if (content[position] == '\n') _bounds.EndLine(Bytes + ++position);
                else _bounds.BareNewline(Bytes + position);
                continue;
            }
            var newline = content[position..].IndexOfAny((byte)'\r', (byte)'\n');
            if (newline < 0) break;
            position += newline + 1;
            if (content[position - 1] == '\r') _afterCr = true;
            else _bounds.BareNewline(Bytes + position - 1);
        }
        Bytes += content.Length;
        _bounds.Reach(Bytes);
    }

    /// <summary>Nothing comes any more: a CR at the very end is a bare one.</summary>
    public void End()
    {
        if (_afterCr) _bounds.BareNewline(Bytes);
    }
}
