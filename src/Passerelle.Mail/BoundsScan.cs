using MimeKit;

namespace Passerelle.Mail;

/// <summary>Reads a mail once without building it, so that a hostile one is known before it takes memory.</summary>
internal sealed class BoundsScan : MimeReader
{
    private readonly ReadingBounds _bounds;
    private int _headers, _parts, _nesting;
    private long _headerBytes, _contentBytes;

    private BoundsScan(ReadingBounds bounds, ParserOptions options, Stream raw, MimeFormat format) : base(options, raw, format) =>
        _bounds = bounds;

    /// <returns>The bound that the mail breaks, as a sentence; null when it keeps them all.</returns>
    public static string? FirstBroken(Stream raw, ReadingBounds bounds)
    {
        ParserOptions options = RawMail.Options(bounds);
        options.MaxMimeDepth = bounds.MaxNesting + 1; // so that the scan sees the level that is too deep
        try
        {
            new BoundsScan(bounds, options, raw, RawMail.Rewind(raw)).ReadMessage();
            return null;
        }
        catch (BoundBrokenException broken)
        {
            return broken.Message;
        }
    }

    protected override void OnHeaderRead(Header header, int beginLineNumber, CancellationToken cancellationToken)
    {
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

    private sealed class BoundBrokenException(string message) : Exception(message);
}
