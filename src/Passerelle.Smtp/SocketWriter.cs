using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Passerelle.Smtp;

/// <summary>The sending direction of a <see cref="SocketPipe"/>: replies gather in a buffer until they are flushed.</summary>
internal sealed class SocketWriter(Socket socket) : PipeWriter
{
    private const int Least = 1024;

    private readonly Lock _gate = new();
    private byte[] _buffer = [];
    private int _length;
    private bool _interrupted;
    private CancellationTokenSource? _interrupt;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _length;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_length);
    }

    public override void Advance(int bytes) => _length += bytes;

    /// <remarks>Nearly always sent before it returns: the socket has room for a reply.</remarks>
    /// <exception cref="SocketException">The connection broke.</exception>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_length == 0) return new(default(FlushResult));
        var sent = socket.Send(_buffer.AsSpan(0, _length), SocketFlags.None, out var error);
        if (error is not (SocketError.Success or SocketError.WouldBlock)) throw new SocketException((int)error);
        if (error is SocketError.WouldBlock) sent = 0;
        if (sent < _length) return SendRestAsync(sent, cancellationToken);
        Forget();
        return new(default(FlushResult));
    }

    public override void CancelPendingFlush()
    {
        CancellationTokenSource? pending;
        lock (_gate)
        {
            _interrupted = true;
            pending = _interrupt;
        }
        pending?.Cancel();
    }

    /// <summary>What was written and never flushed goes out as far as the socket has room (the last alert of TLS comes so).</summary>
    public override void Complete(Exception? exception = null)
    {
        if (_interrupt is not null) return; // a flush is under way: the system may still read the buffer
        if (_length > 0 && exception is null) _ = socket.Send(_buffer.AsSpan(0, _length), SocketFlags.None, out _);
        Forget();
    }

    /// <summary>The client does not read as fast as we speak.</summary>
    private async ValueTask<FlushResult> SendRestAsync(int sent, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        lock (_gate)
        {
            _interrupt = either;
            if (_interrupted) either.Cancel();
        }
        try
        {
            while (sent < _length) sent += await socket.SendAsync(_buffer.AsMemory(sent, _length - sent), SocketFlags.None, either.Token);
            Forget();
            return default;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            _buffer.AsSpan(sent, _length - sent).CopyTo(_buffer);
            _length -= sent;
            return new FlushResult(isCanceled: true, isCompleted: false);
        }
        finally
        {
            lock (_gate) (_interrupt, _interrupted) = (null, false);
        }
    }

    private void Reserve(int atLeast)
    {
        var needed = _length + Math.Max(atLeast, 1);
        if (needed <= _buffer.Length) return;
        var next = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(Least, _buffer.Length * 2)));
        _buffer.AsSpan(0, _length).CopyTo(next);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = next;
    }

    /// <summary>All is sent: nobody waits with a buffer for words.</summary>
    private void Forget()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _length) = ([], 0);
    }
}
