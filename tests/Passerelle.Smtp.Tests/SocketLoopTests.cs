using System.Net;
using System.Net.Sockets;

namespace Passerelle.Smtp.Tests;

/// <summary>One thread for all sockets: who runs where, and what a greedy client cannot do.</summary>
public sealed class SocketLoopTests : IDisposable
{
    private readonly SocketLoop _loop = new("test loop");
    private readonly Socket _listening = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly LoopListener _listener;
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public SocketLoopTests()
    {
        _listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listening.Listen(100);
        _listening.Blocking = false;
        _listener = new LoopListener(_listening, _loop);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _listening.Dispose();
        _loop.Dispose();
    }

    [Fact]
    public async Task What_awaits_a_socket_or_anything_else_goes_on_on_the_loops_thread()
    {
        var threads = new List<string?>();
        var serving = _loop.RunAsync(async () =>
        {
            using var pipe = new SocketPipe(await _listener.AcceptAsync(), _loop);
            threads.Add(Thread.CurrentThread.Name);
            await pipe.Input.ReadAsync(Cancel);
            threads.Add(Thread.CurrentThread.Name);
            await Task.Run(() => threads.Add(Thread.CurrentThread.Name), Cancel);
            threads.Add(Thread.CurrentThread.Name);
        });
        using var client = await ConnectAsync();
        await client.SendAsync("x"u8.ToArray(), Cancel);
        await serving;
        Assert.Equal(["test loop", "test loop", "test loop"], threads.Where(name => name == "test loop"));
        Assert.Equal(4, threads.Count); // and what was sent elsewhere ran elsewhere
    }

    [Fact]
    public async Task Who_waits_outside_goes_on_outside()
    {
        await _loop.RunAsync(async () => await Task.Yield());
        Assert.NotEqual("test loop", Thread.CurrentThread.Name);
    }

    [Fact]
    public async Task Ten_who_come_at_once_are_all_taken()
    {
        var serving = _loop.RunAsync(async () =>
        {
            for (var i = 0; i < 10; i++) (await _listener.AcceptAsync()).Dispose();
        });
        var clients = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ConnectAsync()));
        await serving;
        foreach (var client in clients) client.Dispose();
    }

    [Fact]
    public async Task Who_comes_while_nobody_accepts_is_taken_later()
    {
        using var early = await ConnectAsync();
        using var first = await AcceptAsync();
        using var late = await ConnectAsync();
        await _loop.RunAsync(() => Task.CompletedTask); // the loop has seen it, and nobody waited
        using var second = await AcceptAsync();
        Assert.Equal(late.LocalEndPoint, second.RemoteEndPoint);
    }

    [Fact]
    public async Task Closing_the_listener_ends_its_wait()
    {
        var waiting = _loop.RunAsync(_listener.AcceptAsync);
        await _loop.RunAsync(() => Task.CompletedTask);
        _listener.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    [Fact]
    public async Task A_client_that_never_stops_sending_does_not_keep_the_others_waiting()
    {
        using var greedy = await ConnectAsync();
        var ofGreedy = await AcceptAsync();
        using var patient = await ConnectAsync();
        var ofPatient = await AcceptAsync();
        using var enough = new CancellationTokenSource();
        var hungry = _loop.RunAsync(() => DrainAsync(ofGreedy));
        var served = _loop.RunAsync(async () =>
        {
            using var pipe = new SocketPipe(ofPatient, _loop);
            await pipe.Input.ReadAsync(Cancel);
        });
        var flooding = FloodAsync(greedy, enough.Token);
        await patient.SendAsync("x"u8.ToArray(), Cancel);
        await served;
        await enough.CancelAsync();
        await flooding;
        greedy.Shutdown(SocketShutdown.Both);
        await hungry;
    }

    [Fact]
    public async Task What_is_posted_before_the_end_still_runs_and_what_comes_later_runs_elsewhere()
    {
        var loop = new SocketLoop("short");
        var before = new TaskCompletionSource();
        var later = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(_ => before.SetResult(), null);
        loop.Dispose();
        Assert.True(before.Task.IsCompleted);
        loop.Post(_ => later.SetResult(Thread.CurrentThread.Name), null);
        Assert.NotEqual("short", await later.Task.WaitAsync(Cancel));
    }

    private async Task<Socket> AcceptAsync()
    {
        var taken = new TaskCompletionSource<Socket>();
        await _loop.RunAsync(async () => taken.SetResult(await _listener.AcceptAsync()));
        return await taken.Task;
    }

    private async Task DrainAsync(Socket socket)
    {
        using var pipe = new SocketPipe(socket, _loop);
        while (true)
        {
            var read = await pipe.Input.ReadAsync(Cancel);
            if (read.IsCompleted) return;
            pipe.Input.AdvanceTo(read.Buffer.End);
        }
    }

    private static async Task FloodAsync(Socket socket, CancellationToken enough)
    {
        var much = new byte[1 << 20];
        try
        {
            while (true) await socket.SendAsync(much, enough);
        }
        catch (OperationCanceledException)
        {
            // enough
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(_listening.LocalEndPoint!, Cancel);
        return client;
    }
}
