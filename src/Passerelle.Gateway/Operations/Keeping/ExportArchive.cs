using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>A ZIP of mails in the making: one <c>.eml</c> each, and <c>index.csv</c>, which names them all, at the end.</summary>
internal sealed class ExportArchive : IAsyncDisposable
{
    private static readonly string[] Heads = ["file", "direction", "at", "from", "to", "subject", "kind", "note"];
    private readonly FileStream _file;
    private readonly FileStream _index;
    private readonly ZipArchive _zip;
    private readonly StreamWriter _lines;

    /// <param name="file">Empty; closed by <see cref="DisposeAsync"/>.</param>
    /// <param name="index">Empty; the index until all is there.</param>
    public ExportArchive(FileStream file, FileStream index)
    {
        (_file, _index) = (file, index);
        _zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        _lines = new StreamWriter(index, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        _lines.WriteLine(string.Join(',', Heads));
    }

    /// <summary>Bytes so far.</summary>
    public long Length => _file.Length;

    /// <param name="write">Null: there are no bytes, and the index says why.</param>
    public async Task AddAsync(ExportLine line, Func<Stream, Task>? write)
    {
        if (write is not null)
        {
            var entry = _zip.CreateEntry(line.File, CompressionLevel.Fastest);
            entry.LastWriteTime = line.At.Year < 1980 ? new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero) : line.At; // MS-DOS time begins then
            await using var stream = await entry.OpenAsync(CancellationToken.None);
            await write(stream);
        }
        string[] cells =
        [
            write is null ? "" : line.File, line.Direction, line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            line.From, line.To, line.Subject, line.Kind, line.Note,
        ];
        await _lines.WriteLineAsync(string.Join(',', cells.Select(Cell)));
    }

    /// <summary>Writes the index and the directory of the ZIP; nothing can be added afterwards.</summary>
    public async Task CompleteAsync(CancellationToken cancel)
    {
        await _lines.FlushAsync(cancel);
        _index.Position = 0;
        await using (var stream = await _zip.CreateEntry("index.csv", CompressionLevel.Fastest).OpenAsync(cancel)) await _index.CopyToAsync(stream, cancel);
        _zip.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _lines.DisposeAsync();
        await _index.DisposeAsync();
        _zip.Dispose();
        await _file.DisposeAsync();
    }

    /// <summary>Quoted (RFC 4180 §2); a spreadsheet must not take a sender's words for a formula.</summary>
    private static string Cell(string text)
    {
        var oneLine = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        var safe = oneLine.Length > 0 && oneLine[0] is '=' or '+' or '-' or '@' ? $"'{oneLine}" : oneLine;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

/// <summary>One line of the index.</summary>
/// <param name="Direction">received or sent.</param>
/// <param name="Note">Why there is no file, or what is special about it.</param>
internal sealed record ExportLine(string File, string Direction, DateTimeOffset At, string From, string To, string Subject, string Kind, string Note);
