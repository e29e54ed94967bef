using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Sending;

/// <summary>Signed-in connections of one app, kept a while for the next letter. How many there may be is its sender's rule.</summary>
internal sealed class SubmissionPool(OutboundPolicy policy, OutboundTrust trust, SendingOptions options, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<(SubmissionClient Client, DateTimeOffset Since)> _idle = [];
    private bool _closed;

    /// <summary>A connection waits for the next letter. (It may be found closed, or signed in with another token: then a new one is made.)</summary>
    public bool Stands
    {
        get
        {
            lock (_gate) return _idle.Count > 0 && _idle[^1].Client.IsQuiet;
        }
    }

    /// <param name="opening">Told about a new connection before it is made, so that a failure can say how far it came.</param>
    public async Task<SubmissionClient> RentAsync(
        EmailApp app, TokenAnswer.Ready ready, Action<SubmissionClient> opening, CancellationToken cancel)
    {
        while (Take((app.Version, ready.Secret.Reveal())) is { } kept)
        {
            if (kept.IsQuiet) return kept;
            kept.Dispose(); // the server closed it while it was idle
        }
        var client = new SubmissionClient(policy, trust, options);
        opening(client);
        await client.ConnectAsync(app, cancel);
        await client.SignInAsync(app, ready, cancel);
        client.Credential = (app.Version, ready.Secret.Reveal());
        return client;
    }

    public void Return(SubmissionClient client)
    {
        lock (_gate)
        {
            if (!_closed && client.IsQuiet) _idle.Add((client, time.GetUtcNow()));
            else client.Dispose();
        }
    }

    /// <summary>Closes what has been idle too long.</summary>
    public void CloseIdle()
    {
        lock (_gate)
        {
            var oldest = time.GetUtcNow().AddSeconds(-options.IdleSeconds);
            foreach (var (client, _) in _idle.Where(one => one.Since <= oldest)) client.SayGoodbye();
            _idle.RemoveAll(one => one.Since <= oldest);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var (client, _) in _idle) client.SayGoodbye();
            _idle.Clear();
        }
    }

    /// <summary>Those signed in under older settings or with another token are closed.</summary>
    private SubmissionClient? Take((long, string) credential)
    {
        lock (_gate)
        {
            foreach (var (other, _) in _idle.Where(one => one.Client.Credential != credential)) other.SayGoodbye();
            _idle.RemoveAll(one => one.Client.Credential != credential);
            if (_idle.Count == 0) return null;
            var (client, _) = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            return client;
        }
    }
}
