using System.Text;

namespace Passerelle.Dev.Soak.Once;

/// <summary>Lines over a stream, byte for byte: Latin-1 loses nothing.</summary>
internal sealed class HopLines(Stream stream)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _from, _to;

    public Stream Stream { get; } = stream;

    /// <returns>Without its end; null when the other side has gone.</returns>
    public async Task<string?> ReadAsync(CancellationToken cancel)
    {
        var line = new StringBuilder();
        while (true)
        {
            var end = Array.IndexOf(_buffer, (byte)'\n', _from, _to - _from);
            line.Append(Encoding.Latin1.GetString(_buffer, _from, (end < 0 ? _to : end) - _from));
            _from = end < 0 ? _to : end + 1;
            if (end >= 0) return line.ToString().TrimEnd('\r');
            (_from, _to) = (0, await Stream.ReadAsync(_buffer, cancel));
            if (_to == 0) return null;
        }
    }

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
