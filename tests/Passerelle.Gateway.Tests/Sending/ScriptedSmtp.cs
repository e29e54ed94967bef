using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Passerelle.Gateway.Tests.Sending;

/// <summary>A submission server on loopback that answers as it is told; clear text, so that every byte can be read here.</summary>
internal sealed class ScriptedSmtp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly Task _accepting;
    private bool _stopped;

    public ScriptedSmtp()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public string AuthReply { get; set; } = "235 2.7.0 Authentication successful";

    /// <summary>Keywords of the answer to EHLO.</summary>
    public IReadOnlyList<string> Offers { get; set; } = ["SIZE 1000000", "PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME", "AUTH LOGIN PLAIN XOAUTH2"];

    /// <summary>What the answer to a challenge is answered with; a user's name by LOGIN is followed by a challenge more.</summary>
    public string AfterChallenge { get; set; } = "235 2.7.0 Authentication successful";

    /// <summary>What an access token is answered with; null: <see cref="AuthReply"/>, whatever it is.</summary>
    public Func<string, string>? TokenReply { get; set; }
    public Func<string, string> RecipientReply { get; set; } = _ => "250 2.1.5 Recipient OK";

    /// <summary>After the final dot; what is not a complete reply is followed by closing the connection.</summary>
    public string DotReply { get; set; } = "250 2.0.0 OK\r\n";
    public string DataReply { get; set; } = "354 Start mail input\r\n";

    /// <summary>What to say instead after a verb, the final dot (<c>.</c>) or on connecting (empty); null: as always.</summary>
    public Func<string, string?> Instead { get; set; } = _ => null;
    public Func<Task> BeforeDotReply { get; set; } = () => Task.CompletedTask;
    public ConcurrentQueue<string> Mails { get; } = new();
    public ConcurrentQueue<string> Commands { get; } = new();
    public int Connections => _clients.Count;

    public async ValueTask DisposeAsync()
    {
        if (_stopped) return;
        _stopped = true;
        await _stop.CancelAsync();
        _listener.Stop();
        foreach (var client in _clients) client.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var talks = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _clients.Add(client);
                talks.Add(TalkAsync(client));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(talks);
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            var challenged = 0;
            await SayAsync(client, Instead("") ?? "220 scripted.example ESMTP\r\n");
            while (await reader.ReadLineAsync() is { } line)
            {
                Commands.Enqueue(line);
                if (challenged > 0)
                {
                    await SayAsync(client, --challenged > 0 ? "334 UGFzc3dvcmQ6\r\n" : $"{AfterChallenge}\r\n");
                    continue;
                }
                if (line == "AUTH LOGIN") challenged = 2;
                else if (line.StartsWith("AUTH ", StringComparison.Ordinal) && AuthReply.StartsWith("334", StringComparison.Ordinal)) challenged = 1;
                if (line == "DATA")
                {
                    if (!await TakeMailAsync(client, reader)) break;
                }
                else
                {
                    await SayAsync(client, Instead(line.Split(' ')[0].ToUpperInvariant()) ?? Answer(line));
                }
                if (line == "QUIT") break;
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // the client went away
        }
        client.Dispose();
    }

    private string Answer(string line) => line.Split(' ')[0].ToUpperInvariant() switch
    {
        "EHLO" => $"250-scripted.example\r\n{string.Concat(Offers.Take(Offers.Count - 1).Select(offer => $"250-{offer}\r\n"))}250 {Offers[^1]}\r\n",
        "AUTH" when line == "AUTH LOGIN" => "334 VXNlcm5hbWU6\r\n",
        "AUTH" => $"{(TokenReply is { } judge && TokenIn(line) is { } token ? judge(token) : AuthReply)}\r\n",
        "RCPT" => $"{RecipientReply(line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)])}\r\n",
        "QUIT" => "221 2.0.0 Bye\r\n",
        _ => "250 2.1.0 OK\r\n",
    };

    /// <summary>Of an XOAUTH2 initial response: <c>user=…^Aauth=Bearer …^A^A</c>.</summary>
    private static string? TokenIn(string line) => line.StartsWith("AUTH XOAUTH2 ", StringComparison.OrdinalIgnoreCase)
        ? Encoding.UTF8.GetString(Convert.FromBase64String(line["AUTH XOAUTH2 ".Length..])).Split('\u0001').First(part => part.StartsWith("auth=Bearer ", StringComparison.Ordinal))["auth=Bearer ".Length..]
        : null;

    private async Task<bool> TakeMailAsync(TcpClient client, StreamReader reader)
    {
        var dataReply = Instead("DATA") ?? DataReply;
        await SayAsync(client, dataReply);
        if (!dataReply.StartsWith("354", StringComparison.Ordinal)) return true;
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line == ".")
            {
                Mails.Enqueue(mail.ToString());
                await BeforeDotReply();
                var dotReply = Instead(".") ?? DotReply;
                await SayAsync(client, dotReply);
                return dotReply.EndsWith('\n') && dotReply[3] == ' ';
            }
            mail.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }
        return false;
    }

    private static async Task SayAsync(TcpClient client, string text) =>
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));
}
