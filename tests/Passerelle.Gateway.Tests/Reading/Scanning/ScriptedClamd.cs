using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Passerelle.Gateway.Tests.Reading.Scanning;

/// <summary>The other side of INSTREAM on a free port of loopback: it takes what clamd takes and answers what a test says.</summary>
internal sealed class ScriptedClamd : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ScriptedClamd()
    {
        _listener.Start();
        _ = ListenAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!; // it listens

    /// <summary>Of the mail that it got; null: it breaks off without a word.</summary>
    public Func<byte[], string?> Answer { get; set; } = mail =>
        Encoding.Latin1.GetString(mail).Contains("malicious", StringComparison.Ordinal) ? "stream: Test.Signature FOUND\0" : "stream: OK\0";

    /// <summary>Bytes after which it says that the mail is too large, and closes.</summary>
    public int Limit { get; set; } = int.MaxValue;

    /// <summary>It takes the connection and says nothing.</summary>
    public bool IsSilent { get; set; }

    public List<byte[]> Mails { get; } = [];

    public void Dispose() => _listener.Dispose();

    private async Task ListenAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var wire = client.GetStream();
        if (IsSilent) return;
        using (client)
        {
            var command = new byte["zINSTREAM\0".Length];
            await wire.ReadExactlyAsync(command);
            Assert.Equal("zINSTREAM\0", Encoding.ASCII.GetString(command));
            var answer = await ReadAsync(wire) is { } mail ? Answer(mail) : "INSTREAM size limit exceeded. ERROR\0";
            if (answer is not null) await wire.WriteAsync(Encoding.UTF8.GetBytes(answer));
        }
    }

    /// <returns>Null above the limit.</returns>
    private async Task<byte[]?> ReadAsync(NetworkStream wire)
    {
        using var mail = new MemoryStream();
        var length = new byte[sizeof(uint)];
        while (true)
        {
            await wire.ReadExactlyAsync(length);
            var chunk = new byte[BinaryPrimitives.ReadUInt32BigEndian(length)];
            if (chunk.Length == 0) break;
            if (mail.Length + chunk.Length > Limit) return null;
            await wire.ReadExactlyAsync(chunk);
            mail.Write(chunk);
        }
        lock (Mails) Mails.Add(mail.ToArray());
        return mail.ToArray();
    }
}
