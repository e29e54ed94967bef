using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Passerelle.Smtp.Tests;

/// <summary>The pipe over a real socket of loopback, where .NET waits for it; the other end is a plain socket.</summary>
public sealed class SocketPipeTests() : SocketPipeSuite(null);

/// <summary>The same where a loop waits for it.</summary>
public sealed class LoopPipeTests() : SocketPipeSuite(new SocketLoop("test"));

public abstract class SocketPipeSuite(SocketLoop? loop) : IAsyncLifetime
{
    private Socket _client = null!; // set before the first test
    private SocketPipe _pipe = null!; // likewise
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        _client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var accepting = listener.AcceptAsync(Cancel);
        await _client.ConnectAsync(listener.LocalEndPoint!, Cancel);
        _pipe = new SocketPipe(await accepting, loop);
    }

    public ValueTask DisposeAsync()
    {
        _pipe.Dispose();
        _client.Dispose();
        loop?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_line_that_is_longer_than_any_buffer_is_kept_until_it_is_whole()
    {
        var line = new string('x', 300_000) + "\r\n";
        var sending = _client.SendAsync(Encoding.ASCII.GetBytes(line), Cancel);
        while (true)
        {
            var read = await _pipe.Input.ReadAsync(Cancel);
            if (read.Buffer.PositionOf((byte)'\n') is not null)
            {
                Assert.Equal(line, Encoding.ASCII.GetString(read.Buffer));
                break;
            }
            _pipe.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
        await sending;
    }

    [Fact]
    public async Task What_was_not_consumed_comes_again_before_anything_new()
    {
        await _client.SendAsync("one\r\ntwo\r\n"u8.ToArray(), Cancel);
        var text = "";
        for (var i = 0; i < 10; i++)
        {
            var read = await _pipe.Input.ReadAsync(Cancel);
            text += (char)read.Buffer.FirstSpan[0];
            _pipe.Input.AdvanceTo(read.Buffer.GetPosition(1));
        }
        Assert.Equal("one\r\ntwo\r\n", text);
        Assert.False(_pipe.Input.TryRead(out _));
    }

    [Fact]
    public async Task A_wait_that_is_interrupted_says_so_and_loses_nothing()
    {
        var waiting = _pipe.Input.ReadAsync(Cancel).AsTask();
        _pipe.Input.CancelPendingRead();
        var interrupted = await waiting;
        Assert.True(interrupted.IsCanceled);
        Assert.True(interrupted.Buffer.IsEmpty);
        _pipe.Input.AdvanceTo(interrupted.Buffer.Start);

        await _client.SendAsync("after\r\n"u8.ToArray(), Cancel);
        var read = await _pipe.Input.ReadAsync(Cancel);
        Assert.False(read.IsCanceled);
        Assert.Equal("after\r\n", Encoding.ASCII.GetString(read.Buffer));
    }

    [Fact]
    public async Task An_interruption_before_the_wait_counts_for_the_next_one()
    {
        _pipe.Input.CancelPendingRead();
        var read = await _pipe.Input.ReadAsync(Cancel);
        Assert.True(read.IsCanceled);
    }

    [Fact]
    public async Task A_cancelled_wait_throws_and_the_next_one_works()
    {
        using var impatient = new CancellationTokenSource();
        var waiting = _pipe.Input.ReadAsync(impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await _client.SendAsync("x"u8.ToArray(), Cancel);
        Assert.Equal(1, (await _pipe.Input.ReadAsync(Cancel)).Buffer.Length);
    }

    [Fact]
    public async Task The_end_comes_after_the_last_octets()
    {
        await _client.SendAsync("last"u8.ToArray(), Cancel);
        _client.Shutdown(SocketShutdown.Send);
        var text = "";
        ReadResult read;
        do
        {
            read = await _pipe.Input.ReadAsync(Cancel);
            text += Encoding.ASCII.GetString(read.Buffer);
            _pipe.Input.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
        Assert.Equal("last", text);
    }

    [Fact]
    public async Task More_than_the_socket_holds_goes_out_as_the_client_reads()
    {
        const int Much = 20_000_000;
        _pipe.Output.GetSpan(Much)[..Much].Fill((byte)'x');
        _pipe.Output.Advance(Much);
        var flushing = _pipe.Output.FlushAsync(Cancel).AsTask();
        var buffer = new byte[1 << 20];
        var total = 0;
        while (total < Much) total += await _client.ReceiveAsync(buffer, Cancel);
        Assert.False((await flushing).IsCanceled);
        Assert.Equal(0, _pipe.Output.UnflushedBytes);
    }

    [Fact]
    public async Task A_flush_to_a_client_that_does_not_read_can_be_interrupted()
    {
        const int Much = 20_000_000;
        _pipe.Output.GetSpan(Much)[..Much].Fill((byte)'x');
        _pipe.Output.Advance(Much);
        var flushing = _pipe.Output.FlushAsync(Cancel).AsTask();
        Assert.False(flushing.IsCompleted);
        _pipe.Output.CancelPendingFlush();
        Assert.True((await flushing).IsCanceled);
    }

    [Fact]
    public async Task What_was_written_and_never_flushed_goes_out_at_the_end()
    {
        "bye"u8.CopyTo(_pipe.Output.GetSpan(3));
        _pipe.Output.Advance(3);
        _pipe.Dispose();
        var buffer = new byte[10];
        Assert.Equal(3, await _client.ReceiveAsync(buffer, Cancel));
        Assert.Equal(0, await _client.ReceiveAsync(buffer, Cancel));
    }

    [Fact]
    public async Task Closing_ends_a_wait()
    {
        var waiting = _pipe.Input.ReadAsync(Cancel).AsTask();
        _pipe.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            if ((await waiting).IsCompleted) throw new IOException("closed");
        });
    }

    [Fact]
    public async Task Octets_and_the_end_that_came_before_anybody_waited_are_both_seen()
    {
        await _client.SendAsync("last"u8.ToArray(), Cancel);
        _client.Shutdown(SocketShutdown.Send);
        var read = await _pipe.Input.ReadAsync(Cancel);
        Assert.Equal(4, read.Buffer.Length);
        _pipe.Input.AdvanceTo(read.Buffer.End);
        Assert.True((await _pipe.Input.ReadAsync(Cancel)).IsCompleted);
    }

    [Fact]
    public async Task A_reader_that_is_slower_than_the_client_misses_nothing()
    {
        var sent = new byte[3_000_000];
        Random.Shared.NextBytes(sent);
        var sending = _client.SendAsync(sent, Cancel);
        var got = new MemoryStream();
        while (got.Length < sent.Length)
        {
            var read = await _pipe.Input.ReadAsync(Cancel);
            var piece = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, 777));
            got.Write(piece.ToArray());
            _pipe.Input.AdvanceTo(piece.End);
        }
        await sending;
        Assert.Equal(sent, got.ToArray());
    }
}
