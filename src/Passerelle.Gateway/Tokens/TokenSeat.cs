namespace Passerelle.Gateway.Tokens;

/// <summary>What one fetch came to.</summary>
internal abstract record Fetched
{
    private Fetched() { }

    public sealed record Token(SecretText Access, DateTimeOffset ExpiresAt) : Fetched;

    public sealed record Broken(TokenAnswer.Broken Answer) : Fetched;

    public sealed record Later(string Reason, TimeSpan? AtLeast) : Fetched;
}

/// <summary>One app's place: the token in memory, the one fetch under way, and how long to leave the provider in peace.</summary>
/// <param name="version">Of the app's settings that it was fetched under.</param>
internal sealed class TokenSeat(long version, TokensOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private Fetched.Token? _known;
    private DateTimeOffset _renewAt;
    private DateTimeOffset _notBefore;
    private string _whyLater = "";
    private int _failures;
    private bool _refused;
    private Task<TokenAnswer>? _flight;

    public long Version => version;

    /// <param name="fetch">Is told whether to go to the provider even when the stored token is still good.</param>
    public async Task<TokenAnswer> AskAsync(Func<bool, Task<Fetched>> fetch, bool force, CancellationToken cancel)
    {
        Task<TokenAnswer> flight;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (!force && _known is { } known && now < _renewAt) return Ready(known);
            if (now < _notBefore) return Standing(now);
            // Run apart: the caller that happens to be first must not take the others with it when it is cancelled.
            flight = _flight ??= Task.Run(() => FlyAsync(fetch, force), CancellationToken.None);
        }
        return await flight.WaitAsync(cancel);
    }

    /// <summary>The server took this token for no good: it is given to nobody any more, and the row's own neither.</summary>
    /// <returns>False when another one has taken its place already.</returns>
    public bool Drop(SecretText token)
    {
        lock (_gate)
        {
            if (_known is { } known && known.Access.Reveal() != token.Reveal()) return false;
            _known = null;
            return _refused = true;
        }
    }

    private async Task<TokenAnswer> FlyAsync(Func<bool, Task<Fetched>> fetch, bool force)
    {
        try
        {
            var fetched = await fetch(force || IsRowOld());
            lock (_gate) return Land(fetched, time.GetUtcNow());
        }
        finally
        {
            lock (_gate) _flight = null;
        }
    }

    private bool IsRowOld()
    {
        lock (_gate) return _refused || _known is not null; // the row's token is the one that is due for renewal
    }

    private TokenAnswer Land(Fetched fetched, DateTimeOffset now)
    {
        switch (fetched)
        {
            case Fetched.Token token:
                _known = token;
                _renewAt = RenewAt(token, now);
                _failures = 0;
                _refused = false;
                return Ready(token);
            case Fetched.Broken broken:
                _known = null;
                _refused = false;
                return broken.Answer;
            case Fetched.Later later:
                _whyLater = later.Reason;
                _notBefore = now + Pause(later.AtLeast);
                return Standing(now);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>While the provider is left in peace, a token that has some life left is good enough.</summary>
    private TokenAnswer Standing(DateTimeOffset now) =>
        _known is { } known && now < known.ExpiresAt.AddSeconds(-options.ClockSkewSeconds) ? Ready(known) : new TokenAnswer.Later(_whyLater);

    /// <summary>Ahead of the end, each app at a moment of its own.</summary>
    private DateTimeOffset RenewAt(Fetched.Token token, DateTimeOffset now)
    {
        var life = token.ExpiresAt - now;
        var ahead = TimeSpan.FromMinutes(options.RenewMinutes) < life / 4 ? TimeSpan.FromMinutes(options.RenewMinutes) : life / 4;
        return token.ExpiresAt - (ahead * (0.5 + Random.Shared.NextDouble() / 2));
    }

    private TimeSpan Pause(TimeSpan? atLeast)
    {
        var doubled = TimeSpan.FromSeconds(Math.Min(options.FirstRetrySeconds * Math.Pow(2, Math.Min(_failures++, 10)), 900));
        var spread = doubled * (0.5 + Random.Shared.NextDouble());
        return atLeast is { } asked && asked > spread ? asked + spread / 4 : spread;
    }

    private static TokenAnswer.Ready Ready(Fetched.Token token) => new(token.Access, IsPassword: false);
}
