using System.Collections.Immutable;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>The query of an authorize request (facts §1.4); an empty parameter counts as missing.</summary>
internal sealed record AuthorizeRequest
{
    public required string? ClientId { get; init; }
    public required string ResponseType { get; init; }
    public required string? RedirectUri { get; init; }
    public required string? Scope { get; init; }
    public required string? ResponseMode { get; init; }
    public required string? State { get; init; }
    public required string? Nonce { get; init; }
    public required string? Prompt { get; init; }
    public required string? LoginHint { get; init; }
    public required string? Challenge { get; init; }
    public required string? ChallengeMethod { get; init; }
    public required bool WantsClientInfo { get; init; }

    public ImmutableArray<string> ResponseTypes => [.. ResponseType.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    /// <summary>Tokens never travel in a query (facts §1.4): fragment is the default as soon as one is asked.</summary>
    public string Mode => ResponseMode ?? (ResponseTypes is ["code"] ? "query" : "fragment");

    public static AuthorizeRequest Of(IQueryCollection query) => new()
    {
        ClientId = Value(query, "client_id"),
        ResponseType = Value(query, "response_type") ?? "",
        RedirectUri = Value(query, "redirect_uri"),
        Scope = Value(query, "scope"),
        ResponseMode = Value(query, "response_mode"),
        State = Value(query, "state"),
        Nonce = Value(query, "nonce"),
        Prompt = Value(query, "prompt"),
        LoginHint = Value(query, "login_hint"),
        Challenge = Value(query, "code_challenge"),
        ChallengeMethod = Value(query, "code_challenge_method"),
        WantsClientInfo = Value(query, "client_info") is "1" or "2",
    };

    private static string? Value(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } value ? value : null;
}

/// <summary>An authorize request that may go on to a person.</summary>
internal sealed record Asked(DirectoryPlace Place, Client Client, AuthorizeRequest Request, ReturnAddress Return, Scopes Scopes)
{
    public AppRegistration App => Client.App;
}

/// <summary>Where the answer goes: a registered redirect URI and nothing else.</summary>
internal sealed record ReturnAddress(string Uri, RedirectPlatform Platform, string Mode, string? State);

/// <summary>What an authorize request turned out to be.</summary>
internal abstract record AuthorizeReading
{
    private AuthorizeReading() { }

    public sealed record Ready(Asked Asked) : AuthorizeReading;

    /// <summary>Shown to the person: there is no trusted address to send it to.</summary>
    public sealed record OnPage(StsError Error) : AuthorizeReading;

    public sealed record SentBack(ReturnAddress Address, StsError Error) : AuthorizeReading;

    /// <summary>A multi-tenant app on a shared endpoint: the account decides the directory.</summary>
    public sealed record AnyDirectory(AppRegistration App) : AuthorizeReading;
}
