using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Passerelle.Gateway.Outbound;

namespace Passerelle.Gateway.Sending;

/// <summary>The bytes of one connection to a submission server: what is written goes at once, what is read is bounded in size and time.</summary>
/// <param name="socket">Connected, without Nagle's delay; owned.</param>
/// <param name="patience">For one write, or one whole reply.</param>
internal sealed class SubmissionWire(Socket socket, TimeSpan patience) : IDisposable
{
    private const int LongestReply = 64 * 1024;
    private static readonly TimeSpan Goodbye = TimeSpan.FromMilliseconds(200);
    private readonly byte[] _input = new byte[4096];
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);
    private int _start;
    private int _end;

    /// <summary>As an address literal (RFC 5321 §4.1.3).</summary>
    public string LocalLiteral => socket.LocalEndPoint is System.Net.IPEndPoint { Address: var address }
        ? address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } ? $"[IPv6:{address}]" : $"[{address.MapToIPv4()}]"
        : "[127.0.0.1]";

    /// <summary>The server has said nothing that was not asked for. One that closes an idle connection, with a 421 or without, is heard here.</summary>
    public bool IsQuiet => _start == _end && !socket.Poll(0, SelectMode.SelectRead);

    /// <exception cref="AuthenticationException">The certificate or the handshake is not accepted.</exception>
    public async Task SecureAsync(string host, OutboundTrust trust, CancellationToken cancel)
    {
        if (_start != _end) throw new SubmissionBroken("Bytes stood behind the answer to STARTTLS"); // CVE-2011-0411: they were not protected
        var secure = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = secure;
        using var bound = Bound(cancel);
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck, // it would connect to an address that nobody judged
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) => trust.Accepts(certificate, chain, errors),
                },
                bound.Token);
        }
        catch (IOException broken)
        {
            throw new AuthenticationException("The handshake was broken off", broken);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    /// <exception cref="TimeoutException">The server did not take it in time.</exception>
    public async ValueTask SayAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        using var bound = Bound(cancel);
        try
        {
            await _stream.WriteAsync(bytes, bound.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    /// <summary>Reads one whole reply.</summary>
    /// <exception cref="SubmissionBroken">It is none.</exception>
    /// <exception cref="EndOfStreamException">The server closed before its end.</exception>
    /// <exception cref="TimeoutException">It did not come in time.</exception>
    public async ValueTask<WireReply> HearAsync(CancellationToken cancel)
    {
        using var bound = Bound(cancel);
        try
        {
            var line = await LineAsync(bound.Token);
            var code = CodeOf(line);
            if (IsLast(line)) return new WireReply(code, line);
            var raw = new StringBuilder(line);
            do
            {
                line = await LineAsync(bound.Token);
                if (CodeOf(line) != code) throw new SubmissionBroken("The lines of a reply have different codes");
                if (raw.Append("\r\n").Append(line).Length > LongestReply) throw new SubmissionBroken("A reply is too long");
            }
            while (!IsLast(line));
            return new WireReply(code, raw.ToString());
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    /// <summary>QUIT (RFC 5321 §4.1.1.10), without waiting for its answer; then closes.</summary>
    public void SayGoodbye()
    {
        try
        {
            socket.SendTimeout = (int)Goodbye.TotalMilliseconds;
            _stream.Write("QUIT\r\n"u8);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // it was closed already
        }
        Dispose();
    }

    public void Dispose() => _stream.Dispose();

    private CancellationTokenSource Bound(CancellationToken cancel)
    {
        var bound = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        bound.CancelAfter(patience);
        return bound;
    }

    private async ValueTask<string> LineAsync(CancellationToken cancel)
    {
        while (true)
        {
            var length = _input.AsSpan(_start.._end).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = Encoding.UTF8.GetString(_input, _start, length).TrimEnd('\r', ' ');
                _start += length + 1;
                return line;
            }
            await FillAsync(cancel);
        }
    }

    private async ValueTask FillAsync(CancellationToken cancel)
    {
        _input.AsSpan(_start.._end).CopyTo(_input);
        (_start, _end) = (0, _end - _start);
        if (_end == _input.Length) throw new SubmissionBroken("A line of a reply is too long");
        var read = await _stream.ReadAsync(_input.AsMemory(_end), cancel);
        if (read == 0) throw new EndOfStreamException();
        _end += read;
    }

    private static int CodeOf(string line) =>
        line.Length >= 3 && int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
        && code is >= 200 and < 600 && (line.Length == 3 || line[3] is ' ' or '-')
            ? code
            : throw new SubmissionBroken("What came is no reply");

    private static bool IsLast(string line) => line.Length == 3 || line[3] == ' ';
}
