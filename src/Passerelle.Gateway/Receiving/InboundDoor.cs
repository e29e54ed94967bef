using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Queue;
using Passerelle.Smtp;

namespace Passerelle.Gateway.Receiving;

/// <summary>
/// Listens for mail on Kestrel's socket transport. Not a Kestrel endpoint: those would be listed among the addresses of
/// the web server and take the place of <c>--urls</c>. Stopping lets every session finish its mail, then says 421.
/// </summary>
internal sealed class InboundDoor(
    IConnectionListenerFactory transport, IOptions<ReceivingOptions> options, ServerCertificate certificate,
    Addressees addressees, Intake intake, ReceiptIds ids, Signals signals, TimeProvider time, ILogger<InboundDoor> log)
    : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _gone = new();
    private readonly List<IConnectionListener> _listeners = [];
    private readonly ConcurrentDictionary<Task, bool> _sessions = new();
    private Task _accepting = Task.CompletedTask;

    /// <summary>Where we really listen; differs from the options where those say port 0.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => [.. _listeners.Select(listener => (IPEndPoint)listener.EndPoint)];

    /// <exception cref="Exception">An endpoint is taken, or the certificate cannot be read: the start fails.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _ = certificate.Current; // a start with an unreadable certificate must fail, not the first STARTTLS
        foreach (var endpoint in options.Value.Listen) _listeners.Add(await BindAsync(endpoint, cancellationToken));
        foreach (var endpoint in Endpoints) log.Listening(endpoint.ToString());
        _accepting = Task.WhenAll(_listeners.Select(AcceptAsync));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in _listeners) await listener.UnbindAsync(cancellationToken);
        await _stopping.CancelAsync();
        try
        {
            await _accepting.WaitAsync(cancellationToken);
            await Task.WhenAll(_sessions.Keys).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await _gone.CancelAsync(); // patience is over; what was not answered will be sent again
            await Task.WhenAll(_sessions.Keys);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners) await listener.DisposeAsync();
        _stopping.Dispose();
        _gone.Dispose();
    }

    /// <summary>The transport's own words do not say which address it was.</summary>
    private async Task<IConnectionListener> BindAsync(IPEndPoint endpoint, CancellationToken cancel)
    {
        try
        {
            return await transport.BindAsync(endpoint, cancel);
        }
        catch (Exception refused) when (refused is AddressInUseException or SocketException)
        {
            throw new IOException($"Mail cannot be received at {endpoint}: {refused.Message}", refused);
        }
    }

    private async Task AcceptAsync(IConnectionListener listener)
    {
        while (await listener.AcceptAsync(CancellationToken.None) is { } connection)
        {
            var session = ServeAsync(connection);
            _sessions[session] = true;
            _ = session.ContinueWith(ended => _sessions.TryRemove(ended, out _), TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        await Task.Yield(); // the accept loop goes on
        try
        {
            var hasRoom = _sessions.Count <= options.Value.MaxConnections;
            await SmtpConnection.RunAsync(
                connection.Transport,
                new SmtpEndpoints(connection.RemoteEndPoint, connection.LocalEndPoint),
                new InboundSession(addressees, intake, ids, signals, hasRoom, time, log),
                ServerOptions(),
                time,
                _stopping.Token,
                _gone.Token); // not ConnectionClosed: that fires at the client's FIN, while its mail is still in the pipe
        }
        catch (Exception fault)
        {
            log.ConnectionFault(fault);
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }

    private SmtpServerOptions ServerOptions() => new()
    {
        HostName = options.Value.Host,
        Limits = new SmtpLimits(options.Value.MaxBytes) { MaxRecipients = options.Value.MaxRecipients },
        Extensions = SmtpExtensions.Chunking, // not BINARYMIME: whoever has such a mail encodes it, so that any reader of its source can
        Tls = certificate.Current,
    };
}
