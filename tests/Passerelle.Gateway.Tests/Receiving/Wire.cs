using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>A client that says exactly what the test says.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly TcpClient _client;
    private StreamReader _reader = StreamReader.Null;

    private static CancellationToken Cancel => TempStore.Cancel;

    private Wire(IPAddress? from) => _client = from is null ? new TcpClient { NoDelay = true } : new TcpClient(new IPEndPoint(from, 0)) { NoDelay = true };

    /// <param name="from">The address that we come from; null: the system's choice.</param>
    public static async Task<Wire> OpenAsync(IPEndPoint endpoint, IPAddress? from = null)
    {
        var wire = await SilentAsync(endpoint, from);
        Assert.StartsWith("220 ", await wire.ReplyAsync(), StringComparison.Ordinal);
        return wire;
    }

    /// <summary>Connected, and nothing was heard yet.</summary>
    public static async Task<Wire> SilentAsync(IPEndPoint endpoint, IPAddress? from = null)
    {
        var wire = new Wire(from);
        await wire._client.ConnectAsync(endpoint, Cancel);
        wire._reader = new StreamReader(wire._client.GetStream(), Encoding.Latin1);
        return wire;
    }

    /// <summary>The last line of the next reply; "closed" when there is none any more.</summary>
    public async Task<string> ReplyAsync()
    {
        while (await _reader.ReadLineAsync(Cancel) is { } line)
        {
            if (line.Length < 4 || line[3] != '-') return line;
        }
        return "closed";
    }

    public async Task SendAsync(string text) =>
        await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")), Cancel);

    /// <summary>Exactly these octets.</summary>
    public async Task RawAsync(string latin1) => await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(latin1), Cancel);

    public async Task<string> SayAsync(string line)
    {
        await SendAsync($"{line}\n");
        return await ReplyAsync();
    }

    public async Task<string> SayAsync(params string[] lines)
    {
        var last = "";
        foreach (var line in lines) last = await SayAsync(line);
        return last;
    }

    /// <summary>A whole mail; the answer to its final dot.</summary>
    public Task<string> MailAsync(string mail, params string[] recipients) => MailFromAsync("ann@fabrikam.example", mail, recipients);

    /// <summary>A whole mail; the answer to its final dot.</summary>
    /// <param name="sender">Of the envelope.</param>
    public async Task<string> MailFromAsync(string sender, string mail, params string[] recipients)
    {
        await SayAsync($"MAIL FROM:<{sender}>");
        foreach (var recipient in recipients) Assert.StartsWith("250 ", await SayAsync($"RCPT TO:<{recipient}>"), StringComparison.Ordinal);
        Assert.StartsWith("354 ", await SayAsync("DATA"), StringComparison.Ordinal);
        await SendAsync($"{mail}\n.\n");
        return await ReplyAsync();
    }

    /// <summary>A whole mail, as far as the server lets it come: the answer to the final dot, or the first refusal before it.</summary>
    public async Task<string> TryMailAsync(string mail, string recipient)
    {
        foreach (var command in new[] { "MAIL FROM:<ann@fabrikam.example>", $"RCPT TO:<{recipient}>", "DATA" })
        {
            var answer = await SayAsync(command);
            if (answer[0] is '4' or '5')
            {
                await SayAsync("RSET");
                return answer;
            }
        }
        await SendAsync($"{mail}\n.\n");
        return await ReplyAsync();
    }

    /// <summary>MAIL and RCPT.</summary>
    public async Task BeginAsync(string recipient)
    {
        await SayAsync("MAIL FROM:<ann@fabrikam.example>");
        Assert.StartsWith("250 ", await SayAsync($"RCPT TO:<{recipient}>"), StringComparison.Ordinal);
    }

    /// <summary>One chunk (RFC 3030 §2); the answer to it.</summary>
    /// <param name="octets">ASCII, lines ending in CRLF.</param>
    public async Task<string> ChunkAsync(string octets, bool last = false)
    {
        await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"BDAT {octets.Length}{(last ? " LAST" : "")}\r\n{octets}"), Cancel);
        return await ReplyAsync();
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
