namespace Passerelle.Smtp;

/// <summary>
/// Takes the dots out of message content (RFC 5321 §4.5.2) and finds its end, whatever the pieces it comes in.
/// Only CR LF . CR LF ends: "it MUST NOT" be anything shorter (§4.1.1.4), or one message could smuggle a second.
/// A bare CR or LF refuses the message but does not move its end.
/// </summary>
internal struct DotDecoder(SmtpLimits limits)
{
    private enum Place : byte
    {
        LineStart,
        Text,
        Cr,
        Dot,
        DotCr,
        End,
    }

    private Place _place = Place.LineStart;
    private long _lineStart;
    private bool _inBody;

    /// <summary>Content octets so far, without stuffing.</summary>
    public long Bytes { get; private set; }

    /// <summary>Why this message must not be kept; null as long as nothing speaks against it.</summary>
    public SmtpReply? Refusal { get; private set; }

    public readonly bool Ended => _place is Place.End;

    /// <summary>Copies content from source to target until one of them is used up, or the end.</summary>
    /// <returns>Octets taken from the source; what lies behind the end is the next command and stays.</returns>
    public int Decode(ReadOnlySpan<byte> source, Span<byte> target, out int written)
    {
        var window = source[..Math.Min(source.Length, target.Length)];
        var position = 0;
        var run = 0; // content not copied yet starts here
        written = 0;
        while (position < window.Length && _place != Place.End)
        {
            switch (_place)
            {
                case Place.LineStart when window[position] == '.':
                    Flush(window[run..position], target, ref written);
                    run = ++position;
                    _place = Place.Dot;
                    break;
                case Place.LineStart:
                    _place = Place.Text;
                    break;
                case Place.Text:
                    position = SkipText(window, position);
                    break;
                case Place.Cr:
                    position = AfterCr(window, position, Bytes + written + position - run);
                    break;
                case Place.Dot when window[position] == '\r':
                    run = ++position;
                    _place = Place.DotCr;
                    break;
                case Place.Dot:
                    _place = Place.Text;
                    break;
                case Place.DotCr when window[position] == '\n':
                    run = ++position;
                    _place = Place.End;
                    break;
                case Place.DotCr:
                    Refuse(SmtpReply.BareNewline);
                    _place = Place.Cr;
                    break;
            }
        }
        if (run < position) Flush(window[run..position], target, ref written);
        Bytes += written;
        Check();
        return position;
    }

    private static void Flush(ReadOnlySpan<byte> content, Span<byte> target, ref int written)
    {
        content.CopyTo(target[written..]);
        written += content.Length;
    }

    private int SkipText(ReadOnlySpan<byte> window, int position)
    {
        var newline = window[position..].IndexOfAny((byte)'\r', (byte)'\n');
        if (newline < 0) return window.Length;
        position += newline;
        if (window[position] == '\n') Refuse(SmtpReply.BareNewline);
        else _place = Place.Cr;
        return position + 1;
    }

    private int AfterCr(ReadOnlySpan<byte> window, int position, long before)
    {
        if (window[position] != '\n')
        {
            Refuse(SmtpReply.BareNewline);
            _place = Place.Text;
            return position;
        }
        EndLine(before + 1);
        _place = Place.LineStart;
        return position + 1;
    }

    private void EndLine(long end)
    {
        var length = end - _lineStart;
        if (length > limits.MaxLineBytes) Refuse(LineTooLong);
        if (!_inBody && end > limits.MaxHeaderBytes) Refuse(HeaderTooBig);
        if (length == 2) _inBody = true;
        _lineStart = end;
    }

    private void Check()
    {
        if (Bytes > limits.MaxBytes) Refuse(SmtpReply.TooBig(limits.MaxBytes));
        else if (Bytes - _lineStart > limits.MaxLineBytes) Refuse(LineTooLong);
        else if (!_inBody && Bytes > limits.MaxHeaderBytes) Refuse(HeaderTooBig);
    }

    public static SmtpReply LineTooLong => new(554, "6.0", "A line of the message is too long");
    public static SmtpReply HeaderTooBig => new(552, "3.4", "Header size exceeds fixed maximum size");

    private void Refuse(SmtpReply reply) => Refusal ??= reply;
}
