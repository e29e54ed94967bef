using System.Collections.Concurrent;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Portal;

/// <summary>What an authorisation came to, for the page that the browser is sent to.</summary>
/// <param name="Code">connected, consented, may-read, graph-granted, no-refresh, already, expired, refused, not-accepted or later; its words are the resource <c>auth.{Code}</c>.</param>
/// <param name="Words">Who signed in, or why to try again later; empty otherwise.</param>
internal sealed record AuthoriseResult(string Code, string Words = "", Finding? Finding = null)
{
    /// <summary>Object id of the enterprise application, when its own token told it; for the commands of step X4.</summary>
    public string Principal { get; init; } = "";

    /// <summary>The notice's colour.</summary>
    public string Colour => Code switch { "connected" or "consented" or "may-read" or "graph-granted" => "good", "refused" or "not-accepted" => "bad", _ => "warn" };

    public static AuthoriseResult Refused(Finding finding) => new("refused", Finding: finding);

    public static AuthoriseResult Later(string reason) => new("later", reason);

    /// <summary>Of a try with what the app holds already.</summary>
    public static AuthoriseResult Of(ConnectOutcome outcome) => outcome switch
    {
        ConnectOutcome.Connected connected => new("connected", connected.Reply),
        ConnectOutcome.Refused refused => new("not-accepted", Finding: refused.Finding) { Principal = refused.Principal },
        ConnectOutcome.AnotherAccount another => new("not-accepted", Finding: another.Finding),
        ConnectOutcome.Later later => Later(later.Reason),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static AuthoriseResult Of(ConnectOutcome outcome, Redemption redemption) => outcome switch
    {
        ConnectOutcome.Connected connected => new("connected", $"{redemption.Who.Account} {connected.Reply}".Trim()),
        ConnectOutcome.AnotherAccount another => Refused(another.Finding),
        ConnectOutcome.Refused refused => Refused(refused.Finding),
        ConnectOutcome.Later later => Later(later.Reason),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>Keeps results for ten minutes in memory: after a restart the page still shows the app's state, which is what counts.</summary>
internal sealed class AuthoriseResults(TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, (Guid Organisation, AuthoriseResult Result, DateTimeOffset Until)> _results = new();

    /// <returns>The key that the page's address carries; it says nothing by itself.</returns>
    public string Keep(Guid organisationId, AuthoriseResult result)
    {
        var now = time.GetUtcNow();
        foreach (var (old, entry) in _results)
        {
            if (entry.Until < now) _results.TryRemove(old, out _);
        }
        var key = Sessions.NewSecret();
        _results[key] = (organisationId, result, now + Kept);
        return key;
    }

    /// <summary>For who has no account here: the key, which only their browser was given, is all they show.</summary>
    public AuthoriseResult? Find(string? key) => key is not null && _results.TryGetValue(key, out var entry) ? entry.Result : null;

    /// <returns>Null when there is none, or it is another organisation's.</returns>
    public AuthoriseResult? Find(Guid organisationId, string? key) =>
        key is not null && _results.TryGetValue(key, out var entry) && entry.Organisation == organisationId ? entry.Result : null;
}
