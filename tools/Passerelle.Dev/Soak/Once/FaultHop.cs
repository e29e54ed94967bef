using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Passerelle.Dev.Soak.Once;

/// <summary>
/// A hop between the gateway and the lab's submission server that ends TLS on both sides, so that it can do wrong what it is told to
/// between any two steps. What it is told to happens once.
/// </summary>
internal sealed class FaultHop : IAsyncDisposable
{
    /// <summary>The client has given up by then.</summary>
    public static readonly TimeSpan TooLate = TimeSpan.FromMilliseconds(3200);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentQueue<HopFault> _atTheDoor = new();
    private readonly ConcurrentDictionary<string, HopFault> _ofMailbox = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<HopSession, bool> _sessions = new();
    private readonly Task _accepting;

    /// <param name="upstream">The lab's submission port on loopback.</param>
    /// <param name="trusts">Whether a certificate is the lab's.</param>
    public FaultHop(int upstream, Func<X509Certificate2?, bool> trusts)
    {
        (Upstream, Trusts) = (upstream, trusts);
        Certificate = NewCertificate();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Upstream { get; }
    public Func<X509Certificate2?, bool> Trusts { get; }
    public X509Certificate2 Certificate { get; }
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>For faults that are not the connection's: kills, the database. Awaited in the middle of the step.</summary>
    public Func<HopFault, Task> Strike { get; set; } = _ => Task.CompletedTask;

    /// <summary>What has happened.</summary>
    public ConcurrentQueue<HopFault> Played { get; } = new();

    public void Arm(HopFault fault, string mailbox)
    {
        if (fault.IsAtTheDoor) _atTheDoor.Enqueue(fault);
        else _ofMailbox[mailbox] = fault;
    }

    public void Disarm()
    {
        _atTheDoor.Clear();
        _ofMailbox.Clear();
    }

    /// <summary>As a server does to connections that idle.</summary>
    public void CloseAll()
    {
        foreach (var session in _sessions.Keys) session.Dispose();
    }

    /// <returns>Null: this connection is served well, up to its sign-in.</returns>
    public HopFault? TakeAtTheDoor() => _atTheDoor.TryDequeue(out var fault) ? fault : null;

    /// <returns>Null: nothing goes wrong at this step.</returns>
    public HopFault? Take(string mailbox, HopStep step) =>
        _ofMailbox.TryGetValue(mailbox, out var fault) && fault.Step == step && _ofMailbox.TryRemove(new(mailbox, fault)) ? fault : null;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        CloseAll();
        await _accepting;
        Certificate.Dispose();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptSocketAsync(_ended.Token);
                socket.NoDelay = true;
                var session = new HopSession(this, socket);
                _sessions[session] = true;
                _ = Task.Run(() => ServeAsync(session), CancellationToken.None); // it ends with its sockets
            }
            catch (Exception) when (_ended.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(HopSession session)
    {
        try
        {
            await session.RunAsync(_ended.Token);
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException or OperationCanceledException or HopCut
            or System.Security.Authentication.AuthenticationException or InvalidOperationException)
        {
            // a side has gone, or was to go
        }
        finally
        {
            session.Dispose();
            _sessions.TryRemove(session, out _);
        }
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null); // with a key that TLS may use
    }
}

/// <summary>The connection is to end here.</summary>
internal sealed class HopCut() : Exception("Cut");
