using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Passerelle.Smtp;

namespace Passerelle.Fuzz;

/// <summary>What must never happen, and did.</summary>
internal sealed class FuzzFinding(string what) : Exception(what);

/// <summary>
/// One input of the fuzzer. Its first octet chooses the listener and how the rest, which is what a client sends, is cut into packets. It is played twice, whole
/// and in pieces, on the caller's thread; both must end, say the same in well-formed replies, and keep the same mails.
/// </summary>
internal static partial class SessionTarget
{
    private static readonly SmtpEndpoints Ends = new(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 40000), new IPEndPoint(IPAddress.Loopback, 25));

    private static readonly PipeOptions Inline = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false);

    /// <exception cref="FuzzFinding">A rule does not hold.</exception>
    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        var listener = Listener.Of(input[0]);
        var sent = input[1..].ToArray();
        var whole = Talk(listener, sent, sent.Length);
        var pieces = Talk(listener, sent, listener.Packet);
        if (whole != pieces) throw new FuzzFinding($"In packets of {listener.Packet} it is another conversation:\n{whole}\n--- instead of\n{pieces}");
    }

    /// <returns>All that was said and kept.</returns>
    private static string Talk(Listener listener, byte[] sent, int packet)
    {
        var (toServer, toClient) = (new Pipe(Inline), new Pipe(Inline));
        var host = new FuzzHost(listener.Options.Limits, packet);
        var serving = ServeAsync(listener, new Ended(toServer.Reader, toClient.Writer), host);
        for (var at = 0; at < sent.Length; at += packet) Send(toServer.Writer, sent.AsSpan(at, Math.Min(packet, sent.Length - at)));
        toServer.Writer.Complete();
        if (!serving.IsCompleted) throw new FuzzFinding("It waits for a client that has left");
        if (serving.Exception is { } failure) throw new FuzzFinding(failure.ToString());
        var said = Said(toClient.Reader);
        if (!Replies().IsMatch(said)) throw new FuzzFinding($"No replies: {said}");
        return said + host.Kept;
    }

    private static void Send(PipeWriter writer, ReadOnlySpan<byte> packet)
    {
        writer.Write(packet);
        if (!writer.FlushAsync().AsTask().IsCompletedSuccessfully) throw new FuzzFinding("The packet was not taken");
    }

    private static async Task ServeAsync(Listener listener, Ended transport, FuzzHost host)
    {
        if (!listener.BehindProxy || await ProxyHeader.ReadAsync(transport.Input, CancellationToken.None) is not ProxyHeader.Malformed)
        {
            await SmtpConnection.RunAsync(transport, Ends, host, listener.Options, TimeProvider.System, CancellationToken.None, CancellationToken.None);
            if (host.Closings != 1) throw new FuzzFinding($"It closed {host.Closings} times");
        }
        await transport.Output.CompleteAsync();
    }

    private static string Said(PipeReader reader)
    {
        var said = reader.TryRead(out var read) ? Encoding.Latin1.GetString(read.Buffer) : "";
        reader.Complete();
        return said;
    }

    /// <summary>Whole lines of printable ASCII, 512 octets at most (RFC 5321 §4.5.3.1.5).</summary>
    [GeneratedRegex(@"\A([2345][0-9]{2}[ -][ -~]{0,506}\r\n)*\z")]
    private static partial Regex Replies();

    private sealed record Ended(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed record Listener(SmtpServerOptions Options, bool BehindProxy, int Packet)
    {
        private static readonly int[] Packets = [1, 2, 3, 7];

        public static Listener Of(byte kind)
        {
            var chunking = (kind & 1) != 0 ? SmtpExtensions.Chunking : 0;
            var binary = (kind & 3) == 3 ? SmtpExtensions.BinaryMime : 0;
            var dsn = (kind & 4) != 0 ? SmtpExtensions.Dsn : 0;
            var small = new SmtpLimits(MaxBytes: 120) { MaxLineBytes = 40, MaxHeaderBytes = 60, MaxCommandBytes = 80, MaxAuthBytes = 90, MaxErrors = 5, MaxTransactions = 3, MaxRecipients = 2 };
            var options = new SmtpServerOptions
            {
                HostName = "mx.contoso.example",
                Limits = (kind & 16) != 0 ? small : new SmtpLimits(),
                Extensions = chunking | binary | dsn,
                Lmtp = (kind & 8) != 0,
            };
            return new Listener(options, (kind & 128) != 0, Packets[(kind >> 5) & 3]);
        }
    }
}
