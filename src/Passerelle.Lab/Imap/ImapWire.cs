using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Passerelle.Lab.Imap;

/// <summary>Lines and literals of one connection, each within a bound of bytes and of time.</summary>
internal sealed class ImapWire(IDuplexPipe transport, TimeProvider time, CancellationToken stopping, CancellationToken gone)
{
    /// <summary>A token alone may have 12 kB (facts/microsoft365.md §5.3).</summary>
    public const int LongestLine = 64 * 1024;

    private static readonly TimeSpan WritePatience = TimeSpan.FromMinutes(1);

    /// <summary>One character a byte, without CRLF.</summary>
    /// <exception cref="ImapEnd">Closed, too slow, too long, or the host stops.</exception>
    public async Task<string> ReadLineAsync(TimeSpan patience)
    {
        while (true)
        {
            var read = await ReadAsync(patience);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                if (line.Length > LongestLine) throw ImapEnd.Closed;
                var text = Encoding.Latin1.GetString(line).TrimEnd('\r');
                transport.Input.AdvanceTo(buffer.GetPosition(1, end));
                return text;
            }

            transport.Input.AdvanceTo(buffer.Start, buffer.End);
            if (buffer.Length > LongestLine) throw ImapEnd.Closed;
            if (read.IsCompleted) throw ImapEnd.Gone;
        }
    }

    /// <summary>Memory grows with what came, not with what was announced.</summary>
    public async Task<byte[]> ReadBytesAsync(int count, TimeSpan patience)
    {
        using var bytes = new MemoryStream();
        while (bytes.Length < count)
        {
            var read = await ReadAsync(patience);
            var taken = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, count - bytes.Length));
            foreach (var segment in taken) bytes.Write(segment.Span);
            transport.Input.AdvanceTo(taken.End);
            if (read.IsCompleted && bytes.Length < count) throw ImapEnd.Gone;
        }

        return bytes.ToArray();
    }

    /// <summary>Cancelled when the client is gone or the host stops; for whoever waits for something else.</summary>
    public CancellationTokenSource Ending() => CancellationTokenSource.CreateLinkedTokenSource(stopping, gone);

    public void Write(string text) => transport.Output.Write(Encoding.Latin1.GetBytes(text));

    public void Write(ReadOnlySpan<byte> bytes) => transport.Output.Write(bytes);

    public void WriteLine(string text) => Write(text + "\r\n");

    public async Task FlushAsync()
    {
        using var bound = new CancellationTokenSource(WritePatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, gone);
        try
        {
            if ((await transport.Output.FlushAsync(either.Token)).IsCompleted) throw ImapEnd.Gone;
        }
        catch (Exception lost) when (lost is OperationCanceledException or IOException)
        {
            throw ImapEnd.Gone; // nobody reads what we say
        }
    }

    private async Task<ReadResult> ReadAsync(TimeSpan patience)
    {
        using var bound = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, stopping, gone);
        try
        {
            return await transport.Input.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            throw gone.IsCancellationRequested ? ImapEnd.Gone : stopping.IsCancellationRequested ? ImapEnd.SigningOff : ImapEnd.Closed;
        }
        catch (Exception lost) when (lost is IOException or Microsoft.AspNetCore.Connections.ConnectionResetException)
        {
            throw ImapEnd.Gone;
        }
    }
}
