using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Queue;
using Passerelle.Smtp;

namespace Passerelle.Gateway.Receiving;

/// <summary>
/// Listens for mail. Not a Kestrel endpoint: those would be listed among the addresses of the web server and take the place of
/// <c>--urls</c>. Stopping lets every session finish its mail, then says 421.
/// </summary>
internal sealed class InboundDoor(
    MailSockets sockets, IOptions<ReceivingOptions> options, ServerCertificate certificate,
    Addressees addressees, Intake intake, ReceiptIds ids, Doorkeeper keeper, Signals signals, Rush rush, TimeProvider time, ILogger<InboundDoor> log)
    : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan LongestService = TimeSpan.FromSeconds(3);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _gone = new();
    private readonly TrustedProxies _proxies = new(options.Value, time, log);
    private readonly HandedSockets _handed = HandedSockets.OfThisProcess;
    private readonly List<IConnectionListener> _listeners = [];
    private readonly List<IConnectionListener> _lmtp = [];
    private readonly ConcurrentDictionary<Task, bool> _sessions = new();
    private int _open; // the dictionary's own count takes all of its locks
    private Task _accepting = Task.CompletedTask;

    /// <summary>Where we really listen; differs from the options where those say port 0.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => [.. _listeners.Select(listener => (IPEndPoint)listener.EndPoint)];

    /// <summary>Where we really listen for LMTP.</summary>
    public IReadOnlyList<IPEndPoint> LmtpEndpoints => [.. _lmtp.Select(listener => (IPEndPoint)listener.EndPoint)];

    /// <exception cref="Exception">An endpoint is taken, or the certificate cannot be read: the start fails.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _ = certificate.Current; // a start with an unreadable certificate must fail, not the first STARTTLS
        foreach (var endpoint in _handed.Mail.Count > 0 ? _handed.MailEndpoints : options.Value.Listen) _listeners.Add(await BindAsync(endpoint, cancellationToken));
        foreach (var endpoint in _handed.Lmtp.Count > 0 ? _handed.LmtpEndpoints : options.Value.ListenForLmtp) _lmtp.Add(await BindAsync(endpoint, cancellationToken));
        foreach (var endpoint in Endpoints) log.Listening(endpoint.ToString());
        foreach (var endpoint in LmtpEndpoints) log.ListeningForLmtp(endpoint.ToString());
        _accepting = Task.WhenAll(_listeners.Select(listener => (listener, lmtp: false)).Concat(_lmtp.Select(listener => (listener, lmtp: true)))
            .Select(door => sockets.RunAsync(() => AcceptAsync(door.listener, door.lmtp))));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in _listeners.Concat(_lmtp)) await listener.UnbindAsync(cancellationToken);
        if (_handed.Any) await WhenServedAsync(cancellationToken);
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
        foreach (var listener in _listeners.Concat(_lmtp)) await listener.DisposeAsync();
        _stopping.Dispose();
        _gone.Dispose();
    }

    /// <summary>Whoever comes now queues for our successor; whoever came a moment ago is served like any other before we say 421.</summary>
    private async Task WhenServedAsync(CancellationToken cancel)
    {
        try
        {
            await Task.WhenAll(_sessions.Keys).WaitAsync(LongestService, time, cancel);
        }
        catch (Exception impatient) when (impatient is TimeoutException or OperationCanceledException)
        {
            // idle or busy ones: 421 after the mail in hand
        }
    }

    /// <summary>The transport's own words do not say which address it was.</summary>
    private async Task<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancel)
    {
        try
        {
            return await sockets.BindAsync(endpoint, cancel);
        }
        catch (Exception refused) when (refused is AddressInUseException or SocketException)
        {
            throw new IOException($"Mail cannot be received at {endpoint}: {refused.Message}", refused);
        }
    }

    private async Task AcceptAsync(IConnectionListener listener, bool lmtp)
    {
        while (await listener.AcceptAsync(CancellationToken.None) is { } connection)
        {
            var session = ServeAsync(connection, lmtp);
            if (session.IsCompleted) continue;
            _sessions[session] = true;
            _ = session.ContinueWith(ended => _sessions.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(ConnectionContext connection, bool lmtp)
    {
        var open = Interlocked.Increment(ref _open);
        try
        {
            var ends = lmtp ? new SmtpEndpoints(connection.RemoteEndPoint, connection.LocalEndPoint) : await _proxies.EndpointsAsync(connection, _stopping.Token);
            if (ends is null) return;
            var hasRoom = open <= options.Value.MaxConnections;
            await SmtpConnection.RunAsync(
                connection.Transport,
                ends,
                new InboundSession(addressees, intake, ids, keeper, signals, rush, options.Value, hasRoom, time, log),
                ServerOptions(lmtp, isCrowded: open > options.Value.MaxConnections / 4 * 3),
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
            Interlocked.Decrement(ref _open);
        }
    }

    /// <param name="isCrowded">Idle connections are what an attacker has most of: a new one is not waited for as long then.</param>
    private SmtpServerOptions ServerOptions(bool lmtp, bool isCrowded) => new()
    {
        HostName = options.Value.Host,
        Limits = new SmtpLimits(options.Value.MaxBytes, options.Value.TlsRequiredForAll)
        {
            MaxRecipients = options.Value.MaxRecipients,
            CommandTimeout = TimeSpan.FromSeconds(isCrowded ? options.Value.CrowdedCommandSeconds : 300),
        },
        Extensions = SmtpExtensions.Chunking | SmtpExtensions.BinaryMime | SmtpExtensions.Help, // not DSN: docs/decisions/0012-no-reports-of-success.md
        Lmtp = lmtp,
        Tls = certificate.Current,
    };
}
