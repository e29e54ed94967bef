using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tokens;

/// <param name="Name">With the prefix <c>__Host-</c>, except on http loopback.</param>
/// <param name="Secure">False only on http loopback.</param>
/// <remarks>Set it with Path=/, HttpOnly, SameSite=Lax (the provider's redirect comes from another site).</remarks>
internal sealed record AuthorisationCookie(string Name, string Value, bool Secure, DateTimeOffset ExpiresAt);

/// <summary>What pressing Authorise leads to.</summary>
internal abstract record BeginOutcome
{
    private BeginOutcome() { }

    public sealed record Started(string RedirectUrl, AuthorisationCookie Cookie) : BeginOutcome;

    /// <summary>Going there would fail: the provider already said why.</summary>
    public sealed record Refused(Finding Finding) : BeginOutcome;

    public sealed record Later(string Reason) : BeginOutcome;
}

/// <summary>The query of the call back as it came; each value may be null or long.</summary>
internal sealed record CallbackQuery(
    string? State, string? Code, string? Error, string? ErrorDescription, string? Suberror = null, string? Issuer = null)
{
    public static CallbackQuery Of(IQueryCollection query) => new(
        query["state"], query["code"], query["error"], query["error_description"], query["suberror"], query["iss"]);
}

/// <summary>What came back from the provider.</summary>
internal abstract record CompleteOutcome
{
    private CompleteOutcome() { }

    /// <summary>The code is redeemed; nothing is stored until the server has said 235.</summary>
    public sealed record Redeemed(Redemption Redemption) : CompleteOutcome;

    /// <summary>The browser came back twice; what the first time came to.</summary>
    public sealed record AlreadyDone(Guid OrganisationId, Guid AppId, string Outcome) : CompleteOutcome;

    /// <summary>Nobody here ever asked with that state.</summary>
    public sealed record Forged : CompleteOutcome;

    /// <summary>Asked by another session or another browser; it stays open for them.</summary>
    public sealed record Foreign : CompleteOutcome;

    public sealed record Expired(Guid OrganisationId, Guid AppId) : CompleteOutcome;

    public sealed record Refused(Guid OrganisationId, Guid AppId, Finding Finding) : CompleteOutcome;

    public sealed record Later(Guid OrganisationId, Guid AppId, string Reason) : CompleteOutcome;
}

/// <summary>What a redeemed code gave: to be proved by the server that shall take the mail.</summary>
internal sealed record Redemption(EmailApp App, TokenReply.Issued Tokens, SignedIn Who, DateTimeOffset At)
{
    /// <summary>True when somebody else than the mailbox signed in (compared without case).</summary>
    public bool IsAnotherAccount =>
        Who.Account.Length > 0
        && !Who.Account.Equals(App.UserName, StringComparison.OrdinalIgnoreCase)
        && !Who.Account.Equals(App.EmailId, StringComparison.OrdinalIgnoreCase);
}
