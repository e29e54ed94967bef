using Passerelle.Lab.Exchange;
using Passerelle.Lab.Faults;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Imap;

/// <summary>How AUTHENTICATE ended.</summary>
internal abstract record ImapOpening
{
    private ImapOpening() { }

    public sealed record Opened(ImapAccount Account) : ImapOpening;

    /// <param name="Reply">What stands behind the tag, or behind BYE.</param>
    public sealed record Refused(string Reply) : ImapOpening;
}

/// <summary>A mailbox that somebody has signed in to.</summary>
/// <param name="Connected">False when the token opens no such mailbox: Exchange says it at the next command.</param>
internal sealed record ImapAccount(LabExchange Exchange, string Mailbox, AccessToken Token, bool Connected)
{
    public MailStore Mail => Exchange.Mail;

    public bool IsOver => Exchange.Lab.Removed || Token.Expires <= Exchange.Lab.Time.GetUtcNow();
}

/// <summary>Who may read a mailbox (facts/microsoft365.md §3.4): a person with <c>IMAP.AccessAsUser.All</c>, an application with the
/// role <c>IMAP.AccessAsApp</c> that Exchange knows; each with Full Access where the mailbox is not their own.</summary>
internal sealed class ImapSignIn(Labs labs, TokenReader tokens, Exchanges exchanges, FaultBook faults)
{
    private const string Scope = "IMAP.AccessAsUser.All";
    private const string Role = "IMAP.AccessAsApp";

    /// <param name="offer">Null when it could not be read.</param>
    public async Task<ImapOpening> ByTokenAsync(XOAuth2? offer, CancellationToken cancel)
    {
        var mark = offer is null ? null : TokenMark.Of(offer.Token);
        var opening = offer is null ? Failed()
            : await ImapFaults.PlayAsync(faults, LabOf(offer.User), offer.User, mark?.AppId, cancel) is { } reply ? new ImapOpening.Refused(reply)
            : await OpenAsync(offer);
        if (offer is not null)
            Note(offer.User, opening is ImapOpening.Refused refused ? refused.Reply : ImapReplies.Completed("AUTHENTICATE"), mark);
        return opening;
    }

    /// <summary>Basic authentication is gone for IMAP since 2022 (facts/microsoft365.md §5.10): no password opens anything.</summary>
    public void ByPassword(string user, string reply) => Note(user, reply, null);

    private async Task<ImapOpening> OpenAsync(XOAuth2 offer)
    {
        if (await tokens.ReadForExchangeAsync(offer.Token) is not TokenReading.Read { Token: var token }) return Failed();
        if (labs.User(offer.User) is not { User.Mailbox: { } mailbox } place || place.Directory.Id != token.DirectoryId) return Failed();
        if (mailbox.BlockedApps.Contains(EmailApp.Imap) || !MaySignIn(token, place.Directory)) return Failed();
        var own = !token.AppOnly && token.ObjectId == place.User.Id;
        return new ImapOpening.Opened(new ImapAccount(
            exchanges.Of(place.Lab), place.User.Address, token, own || mailbox.FullAccess.Contains(token.ObjectId)));
    }

    private static bool MaySignIn(AccessToken token, LabDirectory directory) => token.AppOnly
        ? token.Roles.Contains(Role) && Actor.IsRegistered(token, directory)
        : token.Scopes.Contains(Scope) && directory.User(token.ObjectId) is { Enabled: true };

    private static ImapOpening.Refused Failed() => new(ImapReplies.AuthenticateFailed);

    private Twin? LabOf(string user) => labs.Domain(MailAddress.DomainOf(user))?.Lab;

    private void Note(string user, string answer, TokenMark? mark) => LabOf(user)?.Journal.Add("imap", user, answer, null, mark);
}
