using System.Security.Cryptography;
using System.Text;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>How an AUTH ended.</summary>
internal abstract record SignIn
{
    private SignIn() { }
    public sealed record Accepted(Submitter Submitter) : SignIn;
    /// <param name="Detail">Subject and detail of 535 5.x.y.</param>
    public sealed record Refused(string Detail, string Text) : SignIn;
}

/// <summary>Decides who may submit, in the order of facts/microsoft365.md §12: token, permission, mailbox, switches.
/// Whatever is wrong with a token, the client hears only "Authentication unsuccessful".</summary>
internal sealed class ExchangeSignIn(Labs labs, TokenReader tokens)
{
    private static readonly SignIn Unsuccessful = new SignIn.Refused("7.3", ExchangeReplies.Unsuccessful);

    public async Task<SignIn> ByTokenAsync(XOAuth2 offer)
    {
        if (await tokens.ReadForExchangeAsync(offer.Token) is not TokenReading.Read { Token: var token }) return Unsuccessful;
        if (!MaySend(token)) return Unsuccessful;
        if (labs.User(offer.User) is not { User.Mailbox: { } mailbox } place) return Unsuccessful;
        if (place.Directory.Id != token.DirectoryId || !place.User.Enabled || !Holds(token, place)) return Unsuccessful;
        return SwitchedOff(mailbox, place.Directory) ?? Accept(place);
    }

    public SignIn ByPassword(string user, string password)
    {
        if (labs.User(user) is { User.Mailbox: { } mailbox } place)
        {
            if (SwitchedOff(mailbox, place.Directory) is { } off) return off;
            if (!mailbox.BasicAuthAllowed) return new SignIn.Refused("7.139", ExchangeReplies.BasicDisabled);
            return place.User.Enabled && Same(place.User.Password, password) ? Accept(place) : WrongPassword();
        }

        var customer = (labs.Domain(MailAddress.DomainOf(user)) as DomainPlace.Outside)?.Domain.Customer(user);
        return customer is not null && Same(customer.Password, password) && Submitter.Find(labs, user) is { } submitter
            ? new SignIn.Accepted(submitter)
            : WrongPassword();
    }

    private static bool MaySend(AccessToken token) =>
        token.AppOnly ? token.Roles.Contains("SMTP.SendAsApp") : token.Scopes.Contains("SMTP.Send");

    /// <summary>A person's token opens his own mailbox; an application's opens those of its directory while the enterprise
    /// application that the token names is there.</summary>
    private static bool Holds(AccessToken token, UserPlace place) => token.AppOnly
        ? place.Directory.EnterpriseApp(token.ClientId) is { Enabled: true } app && app.ObjectId == token.ObjectId
        : place.User.Id == token.ObjectId;

    /// <summary>A value on the mailbox wins over the organisation's (facts §5.9).</summary>
    private static SignIn? SwitchedOff(Mailbox mailbox, LabDirectory directory) => mailbox.SmtpAuthEnabled switch
    {
        true => null,
        false => new SignIn.Refused("7.139", ExchangeReplies.DisabledForMailbox),
        null when directory.SmtpAuthEnabled => null,
        null => new SignIn.Refused("7.139", ExchangeReplies.DisabledForTenant),
    };

    private static SignIn Accept(UserPlace place) => new SignIn.Accepted(
        new Submitter(place.Lab, place.User.Address, place.User.DisplayName, place.Directory));

    private static SignIn WrongPassword() => new SignIn.Refused("7.139", ExchangeReplies.WrongPassword);

    private static bool Same(string kept, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(kept), Encoding.UTF8.GetBytes(given));
}
