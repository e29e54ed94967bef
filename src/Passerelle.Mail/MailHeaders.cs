using MimeKit;

namespace Passerelle.Mail;

/// <summary>The headers of a mail, and nothing of what follows them.</summary>
public static class MailHeaders
{
    /// <param name="raw">Seekable, read from its start; left open.</param>
    /// <returns>In the mail's order; empty when they are past a bound.</returns>
    public static IReadOnlyList<HeaderLine> Of(Stream raw, ReadingBounds bounds)
    {
        var mail = new LongHeaders(raw, bounds.MaxHeaderLength);
        var scan = new Scan(bounds, mail, RawMail.Rewind(mail));
        try
        {
            scan.ReadHeaders();
            return scan.Found;
        }
        catch (FormatException)
        {
            return [];
        }
    }

    private sealed class Scan(ReadingBounds bounds, LongHeaders mail, MimeFormat format) : MimeReader(RawMail.Options(bounds), mail, format)
    {
        private int _bytes;

        public List<HeaderLine> Found { get; } = [];

        protected override void OnHeadersBegin(long beginOffset, int beginLineNumber, CancellationToken cancellationToken) => mail.Begin();

        protected override void OnHeaderRead(Header header, int beginLineNumber, CancellationToken cancellationToken)
        {
            mail.Begin();
            _bytes += header.RawField.Length + header.RawValue.Length;
            if (Found.Count == bounds.MaxHeaders || _bytes > bounds.MaxHeaderBytes) throw new BoundBrokenException("Too many headers");
            Found.Add(HeaderLine.Of(header));
        }
    }
}
