using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Sending;

/// <summary>Signed-in connections of one app, kept a while for the next letter. How many there may be is its sender's rule.</summary>
internal sealed class SubmissionPool(OutboundPolicy policy, OutboundTrust trust, SendingOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private readonly Lock _gate = new();
    private readonly List<(SubmissionClient Client, DateTimeOffset Since)> _idle = [];
    private long _version = -1;
    private bool _closed;

    /// <param name="opening">Told about a new connection before it is made, so that a failure can say how far it came.</param>
    public async Task<SubmissionClient> RentAsync(
        EmailApp app, TokenAnswer.Ready ready, Action<SubmissionClient> opening, CancellationToken cancel)
    {
        while (Take(app.Version) is { } kept)
        {
            if (time.GetUtcNow() - kept.Since < Fresh || await AnswersAsync(kept.Client, cancel)) return kept.Client;
            kept.Client.Dispose();
        }
        var client = new SubmissionClient(policy, trust, options);
        opening(client);
        await client.ConnectAsync(app, cancel);
        await client.SignInAsync(app, ready, cancel);
        return client;
    }

    public void Return(SubmissionClient client)
    {
        lock (_gate)
        {
            if (!_closed && client.IsConnected) _idle.Add((client, time.GetUtcNow()));
            else client.Dispose();
        }
    }

    /// <summary>Closes what has been idle too long.</summary>
    public void CloseIdle()
    {
        lock (_gate)
        {
            var oldest = time.GetUtcNow().AddSeconds(-options.IdleSeconds);
            foreach (var (client, _) in _idle.Where(one => one.Since <= oldest)) client.Dispose();
            _idle.RemoveAll(one => one.Since <= oldest);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var (client, _) in _idle) client.Dispose();
            _idle.Clear();
        }
    }

    /// <summary>Those signed in under older settings are closed.</summary>
    private (SubmissionClient Client, DateTimeOffset Since)? Take(long version)
    {
        lock (_gate)
        {
            if (_version != version)
            {
                foreach (var (client, _) in _idle) client.Dispose();
                _idle.Clear();
                _version = version;
            }
            if (_idle.Count == 0) return null;
            var kept = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            return kept;
        }
    }

    /// <summary>NOOP costs a round trip and saves a letter from a connection that the server has closed meanwhile.</summary>
    private static async Task<bool> AnswersAsync(SubmissionClient client, CancellationToken cancel)
    {
        try
        {
            await client.NoOpAsync(cancel);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return false; // closed while idle: a new one is opened
        }
    }
}
