using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Reading.Scanning;

/// <summary>
/// Asks clamd, the daemon of ClamAV, by <c>INSTREAM</c> (clamd(8), "COMMANDS"): the mail in chunks, each after its length in four bytes,
/// a length of zero at the end, and one line comes back. clamd reads MIME by itself, so it gets the mail as it is.
/// </summary>
internal sealed class ClamAv(IOptions<ReadingOptions> options, TimeProvider time)
{
    private const int ChunkLength = 64 * 1024;
    private const int LongestReply = 4096;
    private static readonly byte[] Command = [.. "zINSTREAM\0"u8];
    private static readonly byte[] End = new byte[sizeof(uint)];

    public bool IsConfigured => options.Value.ClamAv.Length > 0;

    /// <summary>Throws nothing but cancellation.</summary>
    public async Task<MalwareFinding> AskAsync(Stream raw, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.ScanSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            return FindingOf(await TalkAsync(raw, either.Token));
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested && Trouble(failure) is { } trouble)
        {
            return new MalwareFinding.Later($"ClamAV {trouble}");
        }
    }

    /// <returns>What is wrong on the other side; null: the failure is ours.</returns>
    private static string? Trouble(Exception failure) => failure switch
    {
        OperationCanceledException => "gave no answer in time",
        SocketException socket => $"cannot be reached ({socket.SocketErrorCode})",
        IOException { InnerException: SocketException socket } => $"broke off ({socket.SocketErrorCode})",
        EndOfStreamException => "broke off",
        _ => null,
    };

    /// <summary>The words of clamd's answer: <c>stream: OK</c>, <c>stream: NAME FOUND</c>, <c>… ERROR</c>.</summary>
    public static MalwareFinding FindingOf(string reply)
    {
        const string stream = "stream: ", found = " FOUND";
        return reply switch
        {
            "stream: OK" => new MalwareFinding.Clean(),
            _ when reply.StartsWith(stream, StringComparison.Ordinal) && reply.EndsWith(found, StringComparison.Ordinal) && reply.Length > stream.Length + found.Length
                => new MalwareFinding.Infected(reply[stream.Length..^found.Length]),
            "INSTREAM size limit exceeded. ERROR" => new MalwareFinding.TooLarge(),
            "" => new MalwareFinding.Later("ClamAV broke off"),
            _ => new MalwareFinding.Later(string.Create(CultureInfo.InvariantCulture, $"ClamAV answered what nobody understands: {(reply.Length > 100 ? reply[..100] : reply)}")),
        };
    }

    private async Task<string> TalkAsync(Stream raw, CancellationToken cancel)
    {
        using var socket = await ConnectAsync(options.Value.ClamAv, cancel);
        await using var wire = new NetworkStream(socket);
        try
        {
            await SendAsync(raw, wire, cancel);
        }
        catch (IOException)
        {
            // It breaks off above its own limit and says so: the answer tells, or its absence.
        }
        return await ReplyAsync(wire, cancel);
    }

    private static async Task<Socket> ConnectAsync(string where, CancellationToken cancel)
    {
        var isPath = where.StartsWith('/');
        var socket = isPath
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (isPath) await socket.ConnectAsync(new UnixDomainSocketEndPoint(where), cancel);
            else await socket.ConnectAsync(where[..where.LastIndexOf(':')].Trim('[', ']'), int.Parse(where[(where.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture), cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task SendAsync(Stream raw, NetworkStream wire, CancellationToken cancel)
    {
        await wire.WriteAsync(Command, cancel);
        var chunk = ArrayPool<byte>.Shared.Rent(sizeof(uint) + ChunkLength);
        try
        {
            while (await raw.ReadAsync(chunk.AsMemory(sizeof(uint), ChunkLength), cancel) is > 0 and var length)
            {
                BinaryPrimitives.WriteUInt32BigEndian(chunk, (uint)length);
                await wire.WriteAsync(chunk.AsMemory(0, sizeof(uint) + length), cancel);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
        await wire.WriteAsync(End, cancel);
    }

    /// <summary>Up to the NUL that ends an answer to a z command.</summary>
    private static async Task<string> ReplyAsync(NetworkStream wire, CancellationToken cancel)
    {
        var reply = new byte[LongestReply];
        var length = 0;
        while (length < reply.Length && await wire.ReadAsync(reply.AsMemory(length), cancel) is > 0 and var read)
        {
            length += read;
            if (reply.AsSpan(0, length).Contains((byte)0)) break;
        }
        var end = reply.AsSpan(0, length).IndexOf((byte)0);
        return OneLine(Encoding.UTF8.GetString(reply.AsSpan(0, end < 0 ? length : end)));
    }

    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
}
