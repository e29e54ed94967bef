using System.IO.Pipelines;
using System.Net.Sockets;

namespace Passerelle.Smtp;

/// <summary>
/// A connected socket as a duplex pipe with no loop, queue or copy of its own: a read receives into its buffer, a flush sends
/// there and then. SMTP talks in short turns, and a transport that moves each direction by a task of its own wakes three
/// threads for each.
/// </summary>
/// <remarks>One caller reads and one writes at a time; either may be interrupted from any thread.</remarks>
public sealed class SocketPipe : IDuplexPipe, IDisposable
{
    private readonly Socket _socket;
    private readonly PipeReader _reader;
    private readonly SocketWriter _writer;
    private int _disposed;

    /// <param name="socket">Owned from now on.</param>
    /// <param name="loop">Waits for the socket, and runs what awaits it; null: .NET does, on the threads of its pool.</param>
    public SocketPipe(Socket socket, SocketLoop? loop = null)
    {
        socket.Blocking = false; // asked by the writer: what does not fit now is sent when there is room
        _socket = socket;
        _reader = loop is null ? new SocketReader(socket) : new LoopReader(socket, loop);
        _writer = new SocketWriter(socket);
    }

    public PipeReader Input => _reader;

    public PipeWriter Output => _writer;

    /// <summary>Closes both directions; whoever still reads or writes hears that the connection is gone.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        (_reader as LoopReader)?.Dispose();
        try
        {
            _writer.Complete();
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // the client was faster
        }
        _reader.Complete();
        _socket.Dispose();
    }
}
