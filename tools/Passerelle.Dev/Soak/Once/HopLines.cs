using System.Text;

namespace Passerelle.Dev.Soak.Once;

/// <summary>Lines over a stream, byte for byte: Latin-1 loses nothing.</summary>
internal sealed class HopLines(Stream stream)
{
    private readonly StreamReader _reader = new(stream, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, leaveOpen: true);

    public Stream Stream { get; } = stream;

    /// <returns>Without its end; null when the other side has gone.</returns>
    public async Task<string?> ReadAsync(CancellationToken cancel) => await _reader.ReadLineAsync(cancel);

    /// <returns>All lines of one reply (RFC 5321 §4.2.1), with CRLF between them.</returns>
    public async Task<string> ReadReplyAsync(CancellationToken cancel)
    {
        var lines = new List<string>();
        do
        {
            lines.Add(await ReadAsync(cancel) ?? throw new HopCut());
        }
        while (lines[^1].Length > 3 && lines[^1][3] == '-');
        return string.Join("\r\n", lines);
    }

    public Task WriteAsync(string line, CancellationToken cancel) => WritePartAsync(line + "\r\n", cancel);

    public async Task WritePartAsync(string text, CancellationToken cancel)
    {
        await Stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancel);
        await Stream.FlushAsync(cancel);
    }
}
