using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Runtime.CompilerServices;

namespace Passerelle.Smtp;

/// <summary>What waiting for a command line came to.</summary>
internal enum LineState
{
    Line,
    TooLong,
    BareNewline,
    Stopping,
    TimedOut,
    Disconnected,
}

/// <summary>Both directions of a connection: lines and content in, replies out, one deadline over every wait. Replies
/// are flushed when we would wait, so a batch of pipelined commands gets one packet (RFC 2920 §3.2).</summary>
internal sealed class SmtpWire : IDisposable
{
    private const int EnoughReplies = 4096;

    private readonly SmtpLimits _limits;
    private readonly TimeProvider _time;
    private readonly Deadline _deadline;
    private readonly CancellationTokenRegistration _onStopping;
    private readonly CancellationTokenRegistration _onCancel;
    private byte[] _line = ArrayPool<byte>.Shared.Rent(512);
    private int _lineLength;
    private volatile PipeReader _reader;
    private volatile PipeWriter _writer;
    private SslStream? _ssl;
    private bool _unflushed;
    private volatile bool _cancelled;
    private volatile bool _flushing;

    public SmtpWire(
        IDuplexPipe transport, SmtpLimits limits, TimeProvider time,
        CancellationToken stopping, CancellationToken cancel)
    {
        _reader = transport.Input;
        _writer = transport.Output;
        _limits = limits;
        _time = time;
        Stopping = stopping;
        _deadline = new Deadline(time, Interrupt);
        _onStopping = stopping.UnsafeRegister(static wire => ((SmtpWire)wire!)._reader.CancelPendingRead(), this);
        _onCancel = cancel.UnsafeRegister(static wire => ((SmtpWire)wire!).Cancel(), this);
    }

    public CancellationToken Stopping { get; }

    /// <summary>The line that <see cref="ReadLineAsync"/> found, without CR LF; valid until the next call.</summary>
    public ReadOnlySpan<byte> Line => _line.AsSpan(0, _lineLength);

    /// <summary>Why nothing more can be read; null while the client is there.</summary>
    public SmtpClosing? Ending { get; private set; }

    public PipeWriter Output
    {
        get
        {
            _unflushed = true;
            return _writer;
        }
    }

    public void Dispose()
    {
        _onStopping.Dispose();
        _onCancel.Dispose();
        _deadline.Dispose();
        ArrayPool<byte>.Shared.Return(_line);
        if (_ssl is null) return;
        _reader.Complete();
        _writer.Complete();
        _ssl.Dispose();
    }

    /// <param name="maxBytes">A longer line is read to its end and thrown away.</param>
    /// <param name="messageDue">The deadline of the message that the line is part of.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<LineState> ReadLineAsync(int maxBytes, long messageDue = long.MaxValue)
    {
        var due = Math.Min(_deadline.After(_limits.CommandTimeout), messageDue);
        var discarding = false;
        while (true)
        {
            if (await FillAsync(due) is not { } read) return Ended;
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } newline)
            {
                var line = buffer.Slice(0, newline);
                var state = discarding || line.Length >= maxBytes ? LineState.TooLong : Keep(line);
                _reader.AdvanceTo(buffer.GetPosition(1, newline));
                return state;
            }
            if (discarding || buffer.Length > maxBytes)
            {
                discarding = true;
                _reader.AdvanceTo(buffer.End);
            }
            else
            {
                _reader.AdvanceTo(buffer.Start, buffer.End);
            }
            if (read.IsCompleted) return End(SmtpClosing.Disconnected, LineState.Disconnected);
            if (read.IsCanceled && Interrupted() is { } interrupted) return interrupted;
        }
    }

    /// <summary>Waits for content. The caller says with <see cref="Taken"/> how much it used.</summary>
    /// <param name="messageDue">The deadline of the whole message.</param>
    /// <exception cref="SmtpClosedException">Gone or too slow.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOnlySequence<byte>> ReadContentAsync(long messageDue)
    {
        var due = Math.Min(_deadline.After(_limits.DataTimeout), messageDue);
        while (true)
        {
            if (await FillAsync(due) is not { } read) throw new SmtpClosedException(Ending ?? SmtpClosing.Disconnected);
            if (!read.Buffer.IsEmpty) return read.Buffer;
            _reader.AdvanceTo(read.Buffer.Start);
            if (read.IsCompleted) End(SmtpClosing.Disconnected, LineState.Disconnected);
            else if (read.IsCanceled) Interrupted(); // shutting down lets a message end
            if (Ending is { } ending) throw new SmtpClosedException(ending);
        }
    }

    public void Taken(SequencePosition consumed) => _reader.AdvanceTo(consumed);

    public long DueAfter(TimeSpan patience) => _deadline.After(patience);

    /// <summary>Octets have arrived that nobody asked for yet: behind STARTTLS they are an injection.</summary>
    public bool HasPipelinedBytes()
    {
        if (!_reader.TryRead(out var read)) return false;
        var any = !read.Buffer.IsEmpty;
        _reader.AdvanceTo(read.Buffer.Start);
        return any;
    }

    /// <returns>False when the client does not take our words.</returns>
    public async ValueTask<bool> FlushAsync()
    {
        if (!_unflushed) return true;
        _unflushed = false;
        try
        {
            _flushing = true;
            var pending = _writer.FlushAsync(CancellationToken.None); // the deadline interrupts, and so does cancel
            if (pending.IsCompletedSuccessfully) return Flushed(await pending);
            _deadline.Set(_deadline.After(_limits.CommandTimeout));
            return Flushed(await pending);
        }
        catch (Exception gone) when (gone is not OutOfMemoryException) // any transport's, any kind
        {
            Ending ??= SmtpClosing.Disconnected;
            return false;
        }
        finally
        {
            _flushing = false;
            _deadline.Clear();
        }
    }

    /// <summary>Runs the handshake and puts TLS between us and the transport.</summary>
    /// <exception cref="Exception">Whatever SslStream throws at a bad client.</exception>
    public async Task<SmtpTls> UpgradeAsync(SslServerAuthenticationOptions options, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(_limits.HandshakeTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        var ssl = new SslStream(new DuplexStream(_reader, _writer));
        try
        {
            await ssl.AuthenticateAsServerAsync(options, linked.Token);
        }
        catch
        {
            await ssl.DisposeAsync();
            throw;
        }
        _ssl = ssl;
        _reader = PipeReader.Create(ssl, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
        _writer = PipeWriter.Create(ssl, new StreamPipeWriterOptions(leaveOpen: true));
        var name = ssl.TargetHostName is "" ? null : ssl.TargetHostName;
        return new SmtpTls(ssl.SslProtocol, ssl.NegotiatedCipherSuite, name);
    }

    /// <summary>Says goodbye in TLS as well, so that the client can tell an end from an attack.</summary>
    public async Task ShutdownAsync()
    {
        if (_ssl is null || Ending is not null) return;
        try
        {
            await _ssl.ShutdownAsync().WaitAsync(_limits.HandshakeTimeout, _time, CancellationToken.None);
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or TimeoutException)
        {
            Ending ??= SmtpClosing.Disconnected;
        }
    }

    /// <returns>Null when nothing can come any more; <see cref="Ending"/> says why.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult?> FillAsync(long due)
    {
        if (Ending is not null) return null;
        // a client that sends and never reads must fill its own pipe, not our memory
        if (_unflushed && _writer.UnflushedBytes > EnoughReplies && !await FlushAsync()) return null;
        if (_reader.TryRead(out var ready)) return ready;
        if (!await FlushAsync()) return null;
        try
        {
            _deadline.Set(due);
            return await _reader.ReadAsync(CancellationToken.None); // the deadline interrupts, and so does cancel
        }
        catch (Exception gone) when (gone is not OutOfMemoryException) // any transport's, any kind
        {
            Ending ??= SmtpClosing.Disconnected;
            return null;
        }
        finally
        {
            _deadline.Clear();
        }
    }

    private LineState Keep(ReadOnlySequence<byte> line)
    {
        _lineLength = (int)line.Length;
        if (_line.Length < _lineLength)
        {
            ArrayPool<byte>.Shared.Return(_line);
            _line = ArrayPool<byte>.Shared.Rent(_lineLength);
        }
        line.CopyTo(_line);
        if (_lineLength == 0 || _line[_lineLength - 1] != '\r') return LineState.BareNewline;
        _lineLength--;
        return LineState.Line;
    }

    private LineState Ended => Ending is SmtpClosing.TimedOut ? LineState.TimedOut : LineState.Disconnected;

    private LineState? Interrupted()
    {
        if (_deadline.Expired) return End(SmtpClosing.TimedOut, LineState.TimedOut);
        if (_cancelled) return End(SmtpClosing.Disconnected, LineState.Disconnected);
        return Stopping.IsCancellationRequested ? LineState.Stopping : null;
    }

    private bool Flushed(FlushResult flushed)
    {
        if (flushed.IsCanceled) Interrupted();
        if (flushed.IsCompleted) Ending ??= SmtpClosing.Disconnected;
        return Ending is null;
    }

    private LineState End(SmtpClosing reason, LineState state)
    {
        Ending ??= reason;
        return state;
    }

    private void Cancel()
    {
        _cancelled = true;
        _reader.CancelPendingRead();
        _writer.CancelPendingFlush();
    }

    /// <summary>Only what is waiting: a flush interrupted before it begins would lose our last words.</summary>
    private void Interrupt()
    {
        if (_flushing) _writer.CancelPendingFlush();
        else _reader.CancelPendingRead();
    }
}
