using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Bench.Receive;

/// <summary>One client more than the load has, in no hurry: how long does its mail take to 250 while the others push?</summary>
internal sealed class Probe(IReceiver receiver, Load load)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);
    private readonly byte[] _mail = Compose(load.Bytes);
    private readonly byte[] _answer = new byte[4096];

    /// <returns>Milliseconds from the connection (from MAIL, where it is reused) to the 250 behind the content.</returns>
    /// <exception cref="DevFault">A mail was not taken.</exception>
    public async Task<IReadOnlyList<double>> RunAsync(CancellationToken enough)
    {
        var waits = new List<double>();
        Socket? socket = null;
        try
        {
            while (!enough.IsCancellationRequested)
            {
                var began = Stopwatch.GetTimestamp();
                if (socket is null)
                {
                    socket = await OpenAsync();
                    if (load.Reused) began = Stopwatch.GetTimestamp();
                }
                await DeliverAsync(socket);
                waits.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                if (!load.Reused) socket = await CloseAsync(socket);
                await Task.Delay(Between, enough).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
        finally
        {
            if (socket is not null) await CloseAsync(socket);
        }
        return waits;
    }

    private async Task<Socket> OpenAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, receiver.Port);
        await HearAsync(socket, '2');
        await SayAsync(socket, "EHLO probe.fabrikam.example\r\n", '2');
        return socket;
    }

    private async Task DeliverAsync(Socket socket)
    {
        await SayAsync(socket, "MAIL FROM:<probe@fabrikam.example>\r\n", '2');
        await SayAsync(socket, $"RCPT TO:<{receiver.Recipient}>\r\n", '2');
        await SayAsync(socket, "DATA\r\n", '3');
        for (var sent = 0; sent < _mail.Length;) sent += await socket.SendAsync(_mail.AsMemory(sent));
        await HearAsync(socket, '2');
    }

    private async Task<Socket?> CloseAsync(Socket socket)
    {
        await SayAsync(socket, "QUIT\r\n", '2');
        socket.Dispose();
        return null;
    }

    private async Task SayAsync(Socket socket, string line, char expected)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(line));
        await HearAsync(socket, expected);
    }

    private async Task HearAsync(Socket socket, char expected)
    {
        var length = 0;
        while (!IsWhole(_answer.AsSpan(0, length)))
        {
            var read = await socket.ReceiveAsync(_answer.AsMemory(length));
            if (read == 0) throw new DevFault($"{receiver.Name} hung up on the probe");
            length += read;
        }
        if (_answer[0] != expected) throw new DevFault($"{receiver.Name} told the probe: {Encoding.ASCII.GetString(_answer, 0, length).Trim()}");
    }

    /// <summary>The last line of a reply has no hyphen behind its code.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        if (answer.Length < 6 || answer[^1] != '\n') return false;
        var last = answer[..^1].LastIndexOf((byte)'\n') + 1;
        return answer.Length > last + 3 && answer[last + 3] == ' ';
    }

    private static byte[] Compose(int bytes)
    {
        const string Line = "The quick brown fox jumps over the lazy dog, and the probe looks at its watch.\r\n";
        var text = string.Concat(Enumerable.Repeat(Line, (bytes / Line.Length) + 1));
        return Encoding.ASCII.GetBytes($"From: probe@fabrikam.example\r\nSubject: probe\r\n\r\n{text}.\r\n");
    }
}
