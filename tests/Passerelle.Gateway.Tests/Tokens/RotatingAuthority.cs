using System.Collections.Concurrent;

namespace Passerelle.Gateway.Tests.Tokens;

/// <summary>How a strict provider answers (RFC 9700 §4.14.2): each refresh token works once, and a second use ends the grant.</summary>
internal sealed class RotatingAuthority
{
    private readonly ConcurrentDictionary<string, bool> _used = new();
    private int _issued;
    private int _asking;
    private int _most;

    /// <summary>Refresh tokens that were presented twice.</summary>
    public int Reuses { get; private set; }

    /// <summary>Requests that were under way at the same time, at most.</summary>
    public int MostAtOnce => _most;

    public string Newest { get; private set; } = "";

    public async Task<(int Status, object Body)> AnswerAsync(Dictionary<string, string> form)
    {
        var now = Interlocked.Increment(ref _asking);
        InterlockedMax(now);
        await Task.Yield(); // so that two who ask at once do meet
        try
        {
            lock (_used)
            {
                if (!_used.TryAdd(form["refresh_token"], true))
                {
                    Reuses++;
                    return (400, new { error = "invalid_grant", error_description = "The refresh token was used before: the grant is ended" });
                }
                Newest = $"refresh-{++_issued + 1}";
                return (200, new { token_type = "Bearer", access_token = $"token-{_issued + 1}", expires_in = 3600, refresh_token = Newest });
            }
        }
        finally
        {
            Interlocked.Decrement(ref _asking);
        }
    }

    private void InterlockedMax(int now)
    {
        for (var seen = _most; now > seen; seen = _most) Interlocked.CompareExchange(ref _most, now, seen);
    }
}
