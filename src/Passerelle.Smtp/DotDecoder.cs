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

    private ContentBounds _bounds = new(limits);
    private Place _place = Place.LineStart;

    /// <summary>Content octets so far, without stuffing.</summary>
    public long Bytes { get; private set; }

    /// <summary>Why this message must not be kept; null as long as nothing speaks against it.</summary>
    public readonly SmtpReply? Refusal => _bounds.Refusal;

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
                    position = SkipText(window, position, Bytes + written - run);
                    break;
                case Place.Cr:
                    position = AfterCr(window, position, Bytes + written - run);
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
                    _bounds.BareNewline(Bytes + written + position - run);
                    _place = Place.Cr;
                    break;
            }
        }
        if (run < position) Flush(window[run..position], target, ref written);
        Bytes += written;
        _bounds.Reach(Bytes);
        return position;
    }

    private static void Flush(ReadOnlySpan<byte> content, Span<byte> target, ref int written)
    {
        content.CopyTo(target[written..]);
        written += content.Length;
    }

    /// <param name="before">Content octets before the window: with a position in it, those so far.</param>
    private int SkipText(ReadOnlySpan<byte> window, int position, long before)
    {
        var newline = window[position..].IndexOfAny((byte)'\r', (byte)'\n');
        if (newline < 0) return window.Length;
        position += newline;
        if (window[position] == '\n') _bounds.BareNewline(before + position);
        else _place = Place.Cr;
        return position + 1;
    }

    private int AfterCr(ReadOnlySpan<byte> window, int position, long before)
    {
        if (window[position] != '\n')
        {
            _bounds.BareNewline(before + position);
            _place = Place.Text;
            return position;
        }
        _bounds.EndLine(before + position + 1);
        _place = Place.LineStart;
        return position + 1;
    }
}
