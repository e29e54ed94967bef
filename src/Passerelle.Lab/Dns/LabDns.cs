using System.Net;
using System.Net.Sockets;
using ARSoft.Tools.Net.Dns;

namespace Passerelle.Lab.Dns;

/// <summary>The lab's DNS on loopback, UDP and TCP on one port. It answers from the labs' state as it is at that moment,
/// knows nothing else, and never asks anybody: other names are NXDOMAIN.</summary>
internal sealed class LabDns(IZone zone, TimeProvider time, ILogger<LabDns> log) : IDisposable
{
    private const int Attempts = 20;
    private const int MillisecondsPerQuery = 5_000;

    /// <summary>Longer than a resolver waits.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);
    private readonly CancellationTokenSource _stopping = new();
    private DnsServer? _server;

    /// <summary>Valid after <see cref="Start"/>.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    /// <param name="port">0 takes one that is free for both transports.</param>
    public void Start(int port)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Listen(port == 0 ? FreePort() : port);
                return;
            }
            catch (SocketException taken)
                when (port == 0 && attempt < Attempts && taken.SocketErrorCode is SocketError.AddressAlreadyInUse)
            {
                _server = null; // someone took the port between the probe and the bind: another one
            }
        }
    }

    public void Dispose()
    {
        _stopping.Cancel(); // not disposed: the host disposes us a second time
        try
        {
            _server?.Stop();
        }
        catch (AggregateException ended) when (ended.InnerExceptions.All(one => one is OperationCanceledException))
        {
            // stopped before its listeners had begun
        }
    }

    private void Listen(int port)
    {
        EndPoint = new IPEndPoint(IPAddress.Loopback, port);
        _server = new DnsServer(
            new UdpServerTransport(EndPoint, MillisecondsPerQuery), new TcpServerTransport(EndPoint, MillisecondsPerQuery));
        _server.QueryReceived += AnswerAsync;
        _server.Start();
        log.DnsListening(port);
    }

    private async Task AnswerAsync(object sender, QueryReceivedEventArgs received)
    {
        if (received.Query is not DnsMessage { Questions: [var question] } query) return;
        var response = query.CreateResponseInstance();
        response.IsAuthoritiveAnswer = true;
        response.IsRecursionAllowed = true; // stub resolvers complain otherwise
        DnsAnswer answer = await zone.AnswerAsync(question.Name.ToString().TrimEnd('.').ToLowerInvariant(), question.RecordType);
        if (answer.Code is not { } code)
        {
            await SilenceAsync();
            return;
        }

        response.ReturnCode = code;
        response.AnswerRecords.AddRange(answer.Records);
        received.Response = response;
    }

    /// <summary>The library answers SERVFAIL when we give it nothing: so it gets nothing until nobody waits any more.</summary>
    private async Task SilenceAsync()
    {
        try
        {
            await Task.Delay(Silence, time, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // the lab stops
        }
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port; // bound just above
    }
}

/// <summary>What the lab's DNS knows.</summary>
internal interface IZone
{
    /// <param name="name">Lower case, without the last dot.</param>
    /// <returns>All records of the name (empty: it exists without any), or null when it does not exist.</returns>
    IReadOnlyList<DnsRecordBase>? Find(string name);

    /// <summary>What is answered to one question: the truth, unless something is put in between.</summary>
    Task<DnsAnswer> AnswerAsync(string name, RecordType type) => Task.FromResult(Truth(name, type));

    /// <summary>The records of that type, or NXDOMAIN.</summary>
    sealed DnsAnswer Truth(string name, RecordType type) => Find(name) is { } records
        ? new DnsAnswer(ReturnCode.NoError, [.. records.Where(record => record.RecordType == type)])
        : new DnsAnswer(ReturnCode.NxDomain, []);
}
