namespace Passerelle.Smtp;

/// <summary>
/// What speaks against a mail's content: a bare CR or LF (RFC 5321 §2.3.8), a line, a header or a whole beyond its bound. The fault that begins first is
/// the one that is told, so the answer is the same whatever pieces the content comes in.
/// </summary>
/// <param name="binary">The body has no lines (RFC 3030 §3); the header is lines still.</param>
internal struct ContentBounds(SmtpLimits limits, bool binary = false)
{
    private long _lineStart;
    private bool _inBody;

    /// <summary>Null as long as nothing speaks against it.</summary>
    public SmtpReply? Refusal { get; private set; }

    public readonly bool HasLines => !(binary && _inBody);

    /// <param name="end">Octets of content so far, like every parameter here.</param>
    public void EndLine(long end)
    {
        Reach(end);
        if (end - _lineStart == 2) _inBody = true;
        _lineStart = end;
    }

    public void BareNewline(long before)
    {
        Reach(before);
        Refusal ??= SmtpReply.BareNewline;
    }

    public void Reach(long end)
    {
        var line = HasLines ? _lineStart + limits.MaxLineBytes : long.MaxValue;
        var header = _inBody ? long.MaxValue : limits.MaxHeaderBytes;
        var first = Math.Min(limits.MaxBytes, Math.Min(line, header));
        if (end <= first || Refusal is not null) return;
        Refusal = first == limits.MaxBytes ? SmtpReply.TooBig(limits.MaxBytes) : first == line ? LineTooLong : HeaderTooBig;
    }

    private static SmtpReply LineTooLong => new(554, "6.0", "A line of the message is too long");
    private static SmtpReply HeaderTooBig => new(552, "3.4", "Header size exceeds fixed maximum size");
}
