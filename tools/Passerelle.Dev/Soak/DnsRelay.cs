using System.Net;
using System.Net.Sockets;

namespace Passerelle.Dev.Soak;

/// <summary>Stands between a gateway and its DNS, and can be gone: then questions are heard and never answered.</summary>
internal sealed class DnsRelay : IAsyncDisposable
{
    private readonly UdpClient _questions = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly IPEndPoint _server;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private volatile bool _isGone;

    public DnsRelay(int serverPort)
    {
        _server = new IPEndPoint(IPAddress.Loopback, serverPort);
        _running = RunAsync();
    }

    public int Port => ((IPEndPoint)_questions.Client.LocalEndPoint!).Port; // bound in its constructor

    public bool IsGone { get => _isGone; set => _isGone = value; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _questions.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var answering = new List<Task>();
        try
        {
            while (true)
            {
                var question = await _questions.ReceiveAsync(_stopping.Token);
                answering.RemoveAll(task => task.IsCompleted);
                if (!_isGone) answering.Add(AnswerAsync(question));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(answering);
        }
    }

    private async Task AnswerAsync(UdpReceiveResult question)
    {
        try
        {
            using var server = new UdpClient();
            server.Connect(_server);
            await server.SendAsync(question.Buffer, _stopping.Token);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            patience.CancelAfter(TimeSpan.FromSeconds(10));
            var answer = await server.ReceiveAsync(patience.Token);
            if (!_isGone) await _questions.SendAsync(answer.Buffer, question.RemoteEndPoint, _stopping.Token);
        }
        catch (Exception lost) when (lost is OperationCanceledException or SocketException)
        {
            // an unanswered question: its asker asks again
        }
    }
}
