using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>What a person is led to the pages for.</summary>
internal enum Errand
{
    SignIn,

    /// <summary>The v1 endpoint: <c>resource</c> in place of <c>scope</c>.</summary>
    OldSignIn,

    /// <summary>Somebody entered the code of a device.</summary>
    Device,

    /// <summary>/v2.0/adminconsent, for the scopes asked.</summary>
    AdminConsent,

    /// <summary>/adminconsent, for everything registered.</summary>
    OldAdminConsent,
}

/// <summary>The query of an authorize request (facts §1.4); an empty parameter counts as missing.</summary>
internal sealed partial record AuthorizeRequest
{
    public Errand Errand { get; init; }
    public required string? ClientId { get; init; }
    public required string ResponseType { get; init; }
    public required string? RedirectUri { get; init; }
    public required string? Scope { get; init; }
    public string? Resource { get; init; }
    public required string? ResponseMode { get; init; }
    public required string? State { get; init; }
    public required string? Nonce { get; init; }
    public required string? Prompt { get; init; }
    public required string? LoginHint { get; init; }
    public string? DomainHint { get; init; }
    public required string? Challenge { get; init; }
    public required string? ChallengeMethod { get; init; }
    public required bool WantsClientInfo { get; init; }

    /// <summary><c>max_age</c>: how old the sign-in may be at most (OpenID Connect Core §3.1.2.1); null when not asked or not a number.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Characters of the query.</summary>
    public int Length { get; init; }

    /// <summary>The device code behind the typed one; set for <see cref="Errand.Device"/>.</summary>
    public string? DeviceId { get; init; }

    public bool IsAdminConsent => Errand is Errand.AdminConsent or Errand.OldAdminConsent;

    public ImmutableArray<string> ResponseTypes => [.. ResponseType.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    /// <summary>Tokens never travel in a query (facts §1.4): fragment is the default as soon as one is asked.</summary>
    public string Mode => ResponseMode ?? (IsAdminConsent || ResponseTypes is ["code"] ? "query" : "fragment");

    public static AuthorizeRequest Of(HttpRequest request, Errand errand)
    {
        IQueryCollection query = request.Query;
        var resource = Value(query, "resource");
        return new()
        {
            Errand = errand,
            ClientId = Value(query, "client_id"),
            ResponseType = Value(query, "response_type") ?? "",
            RedirectUri = Value(query, "redirect_uri"),
            Scope = errand is Errand.OldSignIn
                ? "openid profile offline_access " + (resource is null ? "" : resource.TrimEnd('/') + "/.default")
                : Value(query, "scope"),
            Resource = resource,
            ResponseMode = Value(query, "response_mode"),
            State = Value(query, "state") is { } state ? Markup().Replace(state, "") : null,
            Nonce = Value(query, "nonce"),
            Prompt = Value(query, "prompt"),
            LoginHint = Value(query, "login_hint"),
            DomainHint = Value(query, "domain_hint"),
            MaxAge = uint.TryParse(Value(query, "max_age"), NumberStyles.None, CultureInfo.InvariantCulture, out var age) ? TimeSpan.FromSeconds(age) : null,
            Challenge = Value(query, "code_challenge"),
            ChallengeMethod = Value(query, "code_challenge_method"),
            WantsClientInfo = Value(query, "client_info") is "1" or "2",
            Length = request.QueryString.Value?.Length ?? 0,
        };
    }

    private static string? Value(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>State is echoed, but not as HTML (facts §1.4).</summary>
    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Markup();
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
    public sealed record AnyDirectory(AppRegistration App, Twin Lab, AuthorizeRequest Request) : AuthorizeReading;
}
