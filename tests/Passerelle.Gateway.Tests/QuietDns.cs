using System.Net;
using System.Net.Sockets;

namespace Passerelle.Gateway.Tests;

/// <summary>A DNS on loopback in which nothing exists: what a test does not mean to ask the DNS never leaves the machine.</summary>
internal static class QuietDns
{
    private const byte Response = 0x80, NoSuchName = 0x83;

    private static readonly Lazy<IPEndPoint> Listening = new(Start);

    /// <summary>As <c>Reading:Resolver</c> takes it; answers for the life of the process.</summary>
    public static string Address => Listening.Value.ToString();

    private static IPEndPoint Start()
    {
        var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        _ = AnswerAsync(socket);
        return (IPEndPoint)socket.Client.LocalEndPoint!; // bound above
    }

    private static async Task AnswerAsync(UdpClient socket)
    {
        while (true)
        {
            var question = await socket.ReceiveAsync();
            var answer = question.Buffer;
            if (answer.Length < 12) continue;
            answer[2] |= Response;
            answer[3] = NoSuchName;
            (answer[10], answer[11]) = (0, 0); // no additional record: EDNS is not answered
            await socket.SendAsync(answer.AsMemory(0, EndOfQuestion(answer)), question.RemoteEndPoint);
        }
    }

    private static int EndOfQuestion(byte[] message)
    {
        var at = 12;
        while (at < message.Length && message[at] != 0) at += message[at] + 1;
        return Math.Min(at + 5, message.Length);
    }
}
