using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Passerelle.Smtp;

namespace Passerelle.Gateway.Receiving;

/// <summary>Takes connections one after the other. While there is no descriptor for another (RLIMIT_NOFILE, the whole system's bound) they wait
/// in the kernel, and we look again a little later.</summary>
internal sealed class MailListener : IConnectionListener
{
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly SocketLoop? _loop;
    private readonly LoopListener? _listener;
    private readonly Func<CancellationToken, Task<Socket>> _accept;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _unbound = new();
    private int _disposed;

    /// <summary>What every connection has as its own end; null: it differs (we listen on all addresses).</summary>
    private readonly EndPoint? _own;

    /// <param name="socket">Listens; owned from now on.</param>
    /// <param name="loop">Null: .NET waits for the sockets.</param>
    /// <param name="accept">In place of the socket's own.</param>
    public MailListener(Socket socket, SocketLoop? loop, TimeProvider time, ILogger log, Func<CancellationToken, Task<Socket>>? accept = null)
    {
        _socket = socket;
        _loop = loop;
        _time = time;
        _log = log;
        if (loop is not null)
        {
            socket.Blocking = false;
            _listener = new LoopListener(socket, loop);
        }
        _accept = accept ?? (cancel => _listener?.AcceptAsync() ?? socket.AcceptAsync(cancel).AsTask());
        EndPoint = socket.LocalEndPoint!; // bound
        _own = EndPoint is IPEndPoint { Address: var address } && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) ? EndPoint : null;
    }

    public EndPoint EndPoint { get; }

    /// <returns>Null once unbound.</returns>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        var isShort = false;
        while (!_unbound.IsCancellationRequested)
        {
            try
            {
                return Connect(await _accept(cancellationToken));
            }
            catch (Exception failure) when (_unbound.IsCancellationRequested && failure is SocketException or ObjectDisposedException)
            {
                break;
            }
            catch (Exception failure) when (IsShortage(failure))
            {
                if (!isShort) _log.NoDescriptor(failure.Message);
                isShort = true;
                await PauseAsync();
            }
            catch (SocketException)
            {
                // that client is gone already: the next one
            }
        }
        return null;
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.CancelAsync();
        _listener?.Dispose();
        _socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await UnbindAsync();
        _unbound.Dispose();
    }

    private MailConnection Connect(Socket socket)
    {
        try
        {
            return new MailConnection(socket, _loop, _own);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(Pause, _time, _unbound.Token);
        }
        catch (OperationCanceledException)
        {
            // unbound
        }
    }

    /// <summary>EMFILE, ENFILE, ENOBUFS, ENOMEM: of a new socket, or of watching it.</summary>
    private static bool IsShortage(Exception failure) => failure switch
    {
        SocketException socket => socket.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable,
        Win32Exception => true,
        _ => false,
    };
}
