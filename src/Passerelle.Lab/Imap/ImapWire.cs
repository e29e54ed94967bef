using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using Passerelle.Smtp;

namespace Passerelle.Lab.Imap;

/// <summary>Lines and literals of one connection, each within a bound of bytes and of time.</summary>
/// <param name="startTls">For a connection that begins in the clear; null: it was encrypted from its first byte.</param>
internal sealed class ImapWire(
    IDuplexPipe transport, SslServerAuthenticationOptions? startTls, TimeProvider time, CancellationToken stopping, CancellationToken gone)
    : IAsyncDisposable
{
    /// <summary>A token alone may have 12 kB (facts/microsoft365.md §5.3).</summary>
    public const int LongestLine = 64 * 1024;

    private static readonly TimeSpan WritePatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan HandshakePatience = TimeSpan.FromSeconds(30);
    private PipeReader _input = transport.Input;
    private PipeWriter _output = transport.Output;
    private SslStream? _ssl;

    public bool Secure => startTls is null || _ssl is not null;

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
                _input.AdvanceTo(buffer.GetPosition(1, end));
                return text;
            }

            _input.AdvanceTo(buffer.Start, buffer.End);
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
            _input.AdvanceTo(taken.End);
            if (read.IsCompleted && bytes.Length < count) throw ImapEnd.Gone;
        }

        return bytes.ToArray();
    }

    /// <summary>Cancelled when the client is gone or the host stops; for whoever waits for something else.</summary>
    public CancellationTokenSource Ending() => CancellationTokenSource.CreateLinkedTokenSource(stopping, gone);

    /// <summary>Something has come behind the last line already.</summary>
    public bool HasMore()
    {
        if (!_input.TryRead(out var read)) return false;
        _input.AdvanceTo(read.Buffer.Start);
        return !read.Buffer.IsEmpty;
    }

    /// <summary>From here on nothing is in the clear (RFC 3501 §6.2.1).</summary>
    /// <exception cref="ImapEnd">The handshake failed.</exception>
    public async Task EncryptAsync()
    {
        using var bound = new CancellationTokenSource(HandshakePatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, stopping, gone);
        var ssl = new SslStream(new DuplexStream(_input, _output));
        try
        {
            await ssl.AuthenticateAsServerAsync(startTls!, either.Token); // whoever asks has looked at Secure
        }
        catch (Exception failed) when (failed is AuthenticationException or IOException or OperationCanceledException)
        {
            await ssl.DisposeAsync();
            throw ImapEnd.Gone; // no words are understood any more
        }

        (_ssl, _input, _output) = (ssl, PipeReader.Create(ssl), PipeWriter.Create(ssl));
    }

    public ValueTask DisposeAsync() => _ssl?.DisposeAsync() ?? ValueTask.CompletedTask;

    public void Write(string text) => _output.Write(Encoding.Latin1.GetBytes(text));

    public void Write(ReadOnlySpan<byte> bytes) => _output.Write(bytes);

    public void WriteLine(string text) => Write(text + "\r\n");

    public async Task FlushAsync()
    {
        using var bound = new CancellationTokenSource(WritePatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, gone);
        try
        {
            if ((await _output.FlushAsync(either.Token)).IsCompleted) throw ImapEnd.Gone;
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
            return await _input.ReadAsync(either.Token);
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
