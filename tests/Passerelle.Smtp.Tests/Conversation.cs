using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Passerelle.Smtp.Tests;

/// <summary>A server on one end of a pipe and a test on the other.</summary>
internal sealed class Conversation : IAsyncDisposable
{
    private static readonly SmtpEndpoints Endpoints =
        new(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 40000), new IPEndPoint(IPAddress.Loopback, 25));

    private readonly DuplexPair _pair = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly List<string> _seen = [];

    public Conversation(SmtpServerOptions options, AcceptAll? host = null)
    {
        Host = host ?? new AcceptAll();
        Server = RunAsync(options);
    }

    public AcceptAll Host { get; }
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
    public Task Server { get; }
    public DuplexPair.End Client => _pair.Client;

    public static SmtpServerOptions Options(SmtpLimits? limits = null) =>
        new() { HostName = "mx.contoso.example", Limits = limits ?? new SmtpLimits() };

    /// <summary>Lets time pass, a minute a turn, until the server gives up: it may still be working on what came
    /// before, and its patience begins only then.</summary>
    public async Task ExpireAsync()
    {
        for (var turn = 0; turn < 1_000_000 && !Server.IsCompleted; turn++)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }
    }

    public void Stop() => _stopping.Cancel();
    public void Abort() => _cancel.Cancel();

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await Client.Output.WriteAsync(bytes, TestContext.Current.CancellationToken);
    }

    public Task SendAsync(string latin1) => SendAsync(Encoding.Latin1.GetBytes(latin1));

    /// <returns>One reply, its lines joined by LF; null when the server has closed.</returns>
    public async Task<string?> ReadReplyAsync()
    {
        var reply = new List<string>();
        while (await ReadLineAsync() is { } line)
        {
            _seen.Add(line);
            reply.Add(line);
            if (line.Length < 4 || line[3] != '-') return string.Join('\n', reply);
        }
        return reply.Count == 0 ? null : string.Join('\n', reply);
    }

    public async Task<IReadOnlyList<string>> ReadToEndAsync()
    {
        while (await ReadReplyAsync() is not null)
        {
            // collected in _seen
        }
        await Server;
        return _seen;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.CloseAsync();
        await Server.WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        _stopping.Dispose();
        _cancel.Dispose();
    }

    private async Task RunAsync(SmtpServerOptions options)
    {
        await SmtpConnection.RunAsync(_pair.Server, Endpoints, Host, options, Time, _stopping.Token, _cancel.Token);
        await _pair.Server.CloseAsync();
    }

    private async Task<string?> ReadLineAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        while (true)
        {
            var read = await Client.Input.ReadAsync(cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(20), cancel);
            if (read.Buffer.PositionOf((byte)'\n') is { } newline)
            {
                var line = Encoding.Latin1.GetString(read.Buffer.Slice(0, newline)).TrimEnd('\r');
                Client.Input.AdvanceTo(read.Buffer.GetPosition(1, newline));
                return line;
            }
            Client.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted) return null;
        }
    }
}
