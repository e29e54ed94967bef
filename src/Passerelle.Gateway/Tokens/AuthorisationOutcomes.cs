using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tokens;

/// <param name="Name">With the prefix <c>__Host-</c>, except on http loopback.</param>
/// <param name="Secure">False only on http loopback.</param>
/// <remarks>Set it with Path=/, HttpOnly, SameSite=Lax (the provider's redirect comes from another site).</remarks>
internal sealed record AuthorisationCookie(string Name, string Value, bool Secure, DateTimeOffset ExpiresAt);

/// <summary>Who presses Authorise, and how it shall be asked.</summary>
/// <param name="PersonId">Who is signed in here, or who made the owner's link.</param>
/// <param name="SessionHash">SHA-256 of the session that asks, a person's or a link's; only the same may come back.</param>
internal sealed record Asker(Guid PersonId, byte[] SessionHash)
{
    /// <summary>Set when the mailbox's owner asks, who has no account here.</summary>
    public Guid? OwnerLinkId { get; init; }

    /// <summary>Show the consent page even where everything is granted already (<c>prompt=consent</c>).</summary>
    public bool ReviewConsent { get; init; }

    /// <summary>Asks for this and for nothing else; null: for the app's own scope.</summary>
    public AskedBesides? Besides { get; init; }
}

/// <summary>A consent besides the app's own grant, which is not touched by it.</summary>
/// <param name="Errand">Of <see cref="AuthorisationRow"/>.</param>
internal sealed record AskedBesides(string Errand, string Scope);

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
    /// <summary>Only in the answer of an administrator's consent; what it says is a hint and proves nobody's identity.</summary>
    public string? AdminConsent { get; init; }
    public string? Tenant { get; init; }

    public static CallbackQuery Of(IQueryCollection query) => new(
        query["state"], query["code"], query["error"], query["error_description"], query["suberror"], query["iss"])
    {
        AdminConsent = query["admin_consent"],
        Tenant = query["tenant"],
    };
}

/// <summary>What the browser that comes back can show.</summary>
/// <param name="Session">SHA-256 of the session of who is signed in; empty when nobody is.</param>
/// <param name="Owner">SHA-256 of the session that an owner's link opened; empty when none did.</param>
/// <param name="Cookie">Value of the cookie that Authorise gave; null when the browser sent none.</param>
internal sealed record ReturningBrowser(byte[] Session, byte[] Owner, string? Cookie);

/// <summary>What came back from the provider.</summary>
internal abstract record CompleteOutcome
{
    private CompleteOutcome() { }

    /// <summary>The code is redeemed; nothing is stored until the server has said 235.</summary>
    public sealed record Redeemed(Redemption Redemption) : CompleteOutcome;

    /// <summary>Somebody lets us read the mailbox; the app's own grant stands as it stood.</summary>
    public sealed record MayRead(Redemption Redemption) : CompleteOutcome;

    /// <summary>Somebody lets letters leave by Microsoft Graph too; the app's own grant stands as it stood.</summary>
    public sealed record MaySendByGraph(Redemption Redemption) : CompleteOutcome;

    /// <summary>The browser came back twice; what the first time came to.</summary>
    public sealed record AlreadyDone(Guid OrganisationId, Guid AppId, string Outcome) : CompleteOutcome;

    /// <summary>Nobody here ever asked with that state.</summary>
    public sealed record Forged : CompleteOutcome;

    /// <summary>Asked by another session or another browser; it stays open for them.</summary>
    public sealed record Foreign : CompleteOutcome;

    public sealed record Expired(Guid OrganisationId, Guid AppId) : CompleteOutcome;

    public sealed record Refused(Guid OrganisationId, Guid AppId, Finding Finding) : CompleteOutcome;

    public sealed record Later(Guid OrganisationId, Guid AppId, string Reason) : CompleteOutcome;

    /// <summary>An administrator's answer for the whole directory; nobody has signed in by it.</summary>
    /// <param name="Finding">Null: agreed.</param>
    public sealed record AdminAnswered(Guid OrganisationId, Guid AppId, Finding? Finding) : CompleteOutcome;
}

/// <summary>What a redeemed code gave: to be proved by the server that shall take the mail.</summary>
internal sealed record Redemption(EmailApp App, TokenReply.Issued Tokens, SignedIn Who, DateTimeOffset At)
{
    /// <summary>The scope that was asked for.</summary>
    public string Asked { get; init; } = App.Scope;

    /// <summary>The link that it was begun with; it is used up when the grant is stored.</summary>
    public Guid? OwnerLinkId { get; init; }

    /// <summary>Who was to sign in: the delegate, else the mailbox itself.</summary>
    public string Expected => App.SignsInAs.Length > 0 ? App.SignsInAs : App.UserName;

    /// <summary>True when somebody else signed in (compared without case).</summary>
    public bool IsAnotherAccount =>
        Who.Account.Length > 0
        && !Who.Account.Equals(Expected, StringComparison.OrdinalIgnoreCase)
        && !(App.SignsInAs.Length == 0 && Who.Account.Equals(App.EmailId, StringComparison.OrdinalIgnoreCase));
}
