using MimeKit;

namespace Passerelle.Mail;

/// <summary>Reads a mail once without building it, so that a hostile one is known before it takes memory.</summary>
internal sealed class BoundsScan : MimeReader
{
    private readonly ReadingBounds _bounds;
    private readonly LongHeaders _mail;
    private int _headers, _parts, _nesting;
    private long _headerBytes, _contentBytes;

    private BoundsScan(ReadingBounds bounds, ParserOptions options, LongHeaders mail, MimeFormat format) : base(options, mail, format) =>
        (_bounds, _mail) = (bounds, mail);

    /// <returns>The mail, as it may be parsed.</returns>
    /// <exception cref="BoundBrokenException">It does not keep to the bounds.</exception>
    public static LongHeaders Pass(Stream raw, ReadingBounds bounds)
    {
        ParserOptions options = RawMail.Options(bounds);
        options.MaxMimeDepth = bounds.MaxNesting + 1; // so that the scan sees the level that is too deep
        var mail = new LongHeaders(raw, bounds.MaxHeaderLength);
        new BoundsScan(bounds, options, mail, RawMail.Rewind(mail)).ReadMessage();
        mail.End();
        return mail;
    }

    protected override void OnHeadersBegin(long beginOffset, int beginLineNumber, CancellationToken cancellationToken) => _mail.Begin();

    protected override void OnHeadersEnd(long beginOffset, int beginLineNumber, long endOffset, int endLineNumber, CancellationToken cancellationToken) => _mail.End();

    protected override void OnHeaderRead(Header header, int beginLineNumber, CancellationToken cancellationToken)
    {
        _mail.Begin();
        _headerBytes += header.RawField.Length + header.RawValue.Length;
        if (++_headers > _bounds.MaxHeaders) throw new BoundBrokenException($"More than {_bounds.MaxHeaders} headers");
        if (_headerBytes > _bounds.MaxHeaderBytes) throw new BoundBrokenException($"Headers longer than {_bounds.MaxHeaderBytes} bytes");
    }

    protected override void OnMimePartBegin(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) => Part();

    protected override void OnMultipartBegin(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) => Enter();

    protected override void OnMultipartEnd(ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) => _nesting--;

    protected override void OnMessagePartBegin(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) => Enter();

    protected override void OnMessagePartEnd(ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) => _nesting--;

    protected override void OnMimePartContentRead(byte[] buffer, int startIndex, int count, CancellationToken cancellationToken)
    {
        // Transfer encodings only shrink, so what is written bounds what is decoded.
        _contentBytes += count;
        if (_contentBytes > _bounds.MaxDecodedBytes) throw new BoundBrokenException($"Contents larger than {_bounds.MaxDecodedBytes} bytes");
    }

    private void Enter()
    {
        Part();
        if (++_nesting > _bounds.MaxNesting) throw new BoundBrokenException($"Parts nested deeper than {_bounds.MaxNesting}");
    }

    private void Part()
    {
        if (++_parts > _bounds.MaxParts) throw new BoundBrokenException($"More than {_bounds.MaxParts} parts");
    }
}

/// <summary>A mail that nobody can have written by hand: it is kept, and not read.</summary>
/// <param name="message">The bound, as a sentence.</param>
internal sealed class BoundBrokenException(string message) : FormatException(message);
