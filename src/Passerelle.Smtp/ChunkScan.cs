namespace Passerelle.Smtp;

/// <summary>
/// Judges content that comes by number of octets, with the rules of <see cref="DotDecoder"/>: no bare CR or LF (RFC 5321
/// §2.3.8) and the bounds of lines and header. Under BINARYMIME the body has no lines and may hold anything; the header is
/// lines still (RFC 3030 §3).
/// </summary>
internal struct ChunkScan(SmtpLimits limits, bool binary)
{
    private long _lineStart;
    private bool _afterCr;
    private bool _inBody;

    public long Bytes { get; private set; }

    /// <summary>Why this message must not be kept; null as long as nothing speaks against it.</summary>
    public SmtpReply? Refusal { get; private set; }

    public void Take(ReadOnlySpan<byte> content)
    {
        var position = 0;
        while (position < content.Length && !(binary && _inBody))
        {
            if (_afterCr)
            {
                _afterCr = false;
                if (content[position] == '\n') EndLine(Bytes + ++position);
                else Refuse(SmtpReply.BareNewline);
                continue;
            }
            var newline = content[position..].IndexOfAny((byte)'\r', (byte)'\n');
            if (newline < 0) break;
            position += newline + 1;
            if (content[position - 1] == '\r') _afterCr = true;
            else Refuse(SmtpReply.BareNewline);
        }
        Bytes += content.Length;
        Check();
    }

    /// <summary>Nothing comes any more: a CR at the very end is a bare one.</summary>
    public void End()
    {
        if (_afterCr) Refuse(SmtpReply.BareNewline);
    }

    private void EndLine(long end)
    {
        var length = end - _lineStart;
        if (length > limits.MaxLineBytes) Refuse(DotDecoder.LineTooLong);
        if (!_inBody && end > limits.MaxHeaderBytes) Refuse(DotDecoder.HeaderTooBig);
        if (length == 2) _inBody = true;
        _lineStart = end;
    }

    private void Check()
    {
        if (Bytes > limits.MaxBytes) Refuse(SmtpReply.TooBig(limits.MaxBytes));
        else if (!(binary && _inBody) && Bytes - _lineStart > limits.MaxLineBytes) Refuse(DotDecoder.LineTooLong);
        else if (!_inBody && Bytes > limits.MaxHeaderBytes) Refuse(DotDecoder.HeaderTooBig);
    }

    private void Refuse(SmtpReply reply) => Refusal ??= reply;
}
