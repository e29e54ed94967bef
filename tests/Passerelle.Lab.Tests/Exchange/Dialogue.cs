using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Passerelle.Lab.Tests.Exchange;

/// <summary>Speaks SMTP by hand, so that the very words of the server can be seen.</summary>
internal sealed class Dialogue : IAsyncDisposable
{
    private readonly TcpClient _tcp = new();
    private Stream _stream = Stream.Null;
    private StreamReader _reader = StreamReader.Null;
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Whether the certificate is for the name that was asked for.</summary>
    public bool CertificateFits { get; private set; }

    public string Banner { get; private set; } = "";

    public static async Task<Dialogue> OpenAsync(int port)
    {
        var dialogue = new Dialogue();
        await dialogue._tcp.ConnectAsync(IPAddress.Loopback, port, Cancel);
        dialogue.Use(dialogue._tcp.GetStream());
        dialogue.Banner = await dialogue.ReadAsync();
        return dialogue;
    }

    /// <returns>The whole reply, its lines joined by LF.</returns>
    public async Task<string> SayAsync(string line)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), Cancel);
        await _stream.FlushAsync(Cancel);
        return await ReadAsync();
    }

    /// <summary>STARTTLS and EHLO.</summary>
    /// <returns>The answer to EHLO.</returns>
    public async Task<string> EncryptAsync(string host = "localhost")
    {
        await SayAsync("EHLO client.example");
        Assert.Equal("220 2.0.0 SMTP server ready", await SayAsync("STARTTLS"));
#pragma warning disable CA5359 // the certificate is the subject of another test
        var tls = new SslStream(_stream, false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(host);
        CertificateFits = ((System.Security.Cryptography.X509Certificates.X509Certificate2)tls.RemoteCertificate!).MatchesHostname(host); // a server has one
        Use(tls);
        return await SayAsync("EHLO client.example");
    }

    /// <summary>AUTH with a good token.</summary>
    public async Task SignInAsync(ExchangeHost host) =>
        Assert.StartsWith("235", await SignInReplyAsync(host), StringComparison.Ordinal);

    public Task<string> SignInReplyAsync(ExchangeHost host)
    {
        var offer = Encoding.UTF8.GetBytes($"user={ExchangeHost.Support}\u0001auth=Bearer {host.Token()}\u0001\u0001");
        return SayAsync("AUTH XOAUTH2 " + Convert.ToBase64String(offer));
    }

    /// <summary>A chunk: the command and its octets (RFC 3030).</summary>
    public Task<string> ChunkAsync(string octets, bool last = false) =>
        SayRawAsync($"BDAT {Encoding.UTF8.GetByteCount(octets)}{(last ? " LAST" : "")}\r\n{octets}");

    private async Task<string> SayRawAsync(string raw)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(raw), Cancel);
        await _stream.FlushAsync(Cancel);
        return await ReadAsync();
    }

    /// <summary>A whole message after 354: one header and a long body.</summary>
    public async Task<string> PourAsync(string header, int megabytes)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(header + "\r\n\r\n"), Cancel);
        var block = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(new string('x', 1022) + "\r\n", 1024)));
        for (var i = 0; i < megabytes; i++) await _stream.WriteAsync(block, Cancel);
        return await SayAsync(".");
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
    }

    private void Use(Stream stream)
    {
        _stream = stream;
        _reader = new StreamReader(stream, Encoding.UTF8);
    }

    private async Task<string> ReadAsync()
    {
        var reply = new List<string>();
        while (await _reader.ReadLineAsync(Cancel) is { } line)
        {
            reply.Add(line);
            if (line.Length < 4 || line[3] != '-') break;
        }

        return string.Join('\n', reply);
    }
}
