using System.Security.Cryptography;
using System.Text;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>How an AUTH ended.</summary>
internal abstract record SignIn
{
    private SignIn() { }
    /// <param name="Actor">Whose token it was; null for a password.</param>
    public sealed record Accepted(Submitter Submitter, Actor? Actor = null) : SignIn;
    /// <param name="Detail">Subject and detail of the enhanced status.</param>
    public sealed record Refused(string Detail, string Text, int Code = 535) : SignIn;
}

/// <summary>Decides who may submit, in the order of facts/microsoft365.md §12: token, permission, mailbox, switches.
/// Whatever is wrong with a token, the client hears only "Authentication unsuccessful".</summary>
internal sealed class ExchangeSignIn(Labs labs, TokenReader tokens)
{
    public static readonly SignIn Unsuccessful = new SignIn.Refused("7.3", ExchangeReplies.Unsuccessful);

    public async Task<SignIn> ByTokenAsync(XOAuth2 offer)
    {
        if (await tokens.ReadForExchangeAsync(offer.Token) is not TokenReading.Read { Token: var token }) return Unsuccessful;
        if (labs.User(offer.User) is not { User.Mailbox: { } mailbox } place) return Unsuccessful;
        if (place.Directory.Id != token.DirectoryId || Actor.Of(token, place) is not { } actor) return Unsuccessful;
        return SwitchedOff(mailbox, place) ?? Accept(place, actor);
    }

    public SignIn ByPassword(string user, string password)
    {
        if (labs.User(user) is { User.Mailbox: { } mailbox } place)
        {
            if (place.Directory.BasicAuthRetired) return new SignIn.Refused("7.30", ExchangeReplies.BasicRetired, 550);
            if (SwitchedOff(mailbox, place) is { } off) return off;
            if (place.Directory.SecurityDefaults) return new SignIn.Refused("7.139", ExchangeReplies.SecurityDefaults);
            if (MissesCriteria(place)) return new SignIn.Refused("7.139", ExchangeReplies.CriteriaNotMet);
            if (!(PolicyOf(place)?.AllowBasicAuthSmtp ?? mailbox.BasicAuthAllowed)) return new SignIn.Refused("7.139", ExchangeReplies.BasicDisabled);
            return place.User.Enabled && Same(place.User.Password, password) ? Accept(place) : WrongPassword();
        }

        var customer = (labs.Domain(MailAddress.DomainOf(user)) as DomainPlace.Outside)?.Domain.Customer(user);
        return customer is not null && Same(customer.Password, password) && Submitter.Find(labs, user) is { } submitter
            ? new SignIn.Accepted(submitter)
            : WrongPassword();
    }

    /// <summary>A value on the mailbox wins over the organisation's (facts §5.9).</summary>
    private static SignIn? SwitchedOff(Mailbox mailbox, UserPlace place) => mailbox.SmtpAuthAt(place.Lab.Time.GetUtcNow()) switch
    {
        true => null,
        false => new SignIn.Refused("7.139", ExchangeReplies.DisabledForMailbox),
        null when place.Directory.SmtpAuthAt(place.Lab.Time.GetUtcNow()) => null,
        null => new SignIn.Refused("7.139", ExchangeReplies.DisabledForTenant),
    };

    private static AuthenticationPolicy? PolicyOf(UserPlace place) => place.Directory.AuthenticationPolicies.FirstOrDefault(place.User.StandsUnder);

    /// <summary>A password alone is never enough for a policy that asks for more, nor for somebody at risk (facts §5.4).</summary>
    private static bool MissesCriteria(UserPlace place) => place.User.AtRisk || place.Directory.AccessPolicies.Any(policy =>
        policy.Covers(Resources.Exchange, place.User.Id) && policy.Demand is not (AccessDemand.SignInFrequency or AccessDemand.NoDeviceFlow));

    private static SignIn Accept(UserPlace place, Actor? actor = null) => new SignIn.Accepted(
        new Submitter(place.Lab, place.User.Address, place.User.DisplayName, place.Directory), actor);

    private static SignIn WrongPassword() => new SignIn.Refused("7.139", ExchangeReplies.WrongPassword);

    private static bool Same(string kept, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(kept), Encoding.UTF8.GetBytes(given));
}
