using static Passerelle.Gateway.Tokens.Reaction;

namespace Passerelle.Gateway.Tokens;

/// <summary>Reply codes and enhanced codes of Exchange Online's submission, facts/microsoft365.md §5.4 and §5.5.</summary>
internal static class SmtpCauses
{
    /// <summary>Name of the check for an answer about the mail's recipient alone.</summary>
    public const string Recipient = "recipient";

    private static readonly Cause Wait = new("provider", "G4", Cause.Passerelle, "Wait: the server asks for a pause", Retry) { What = "The server asks for a pause" };

    /// <param name="enhanced">As <c>5.7.139</c>; empty when the reply had none.</param>
    public static Cause Of(int code, string enhanced, bool isPassword) => (code, enhanced) switch
    {
        (535, "5.7.139") when isPassword => PasswordRefused,
        (550, "5.7.30") => UseOAuth,
        (535, "5.7.139") => new("smtp-auth", "X2", Cause.Exchange, "Active users › the mailbox › Mail › Manage email apps: tick Authenticated SMTP; if it is ticked, allow SMTP AUTH for the organisation. It may take an hour", Configure) { What = "Authenticated SMTP is switched off for the mailbox" },
        (535, _) when isPassword => new("smtp-sign-in", "G2", Cause.Passerelle, "Correct user name and password", Configure) { What = "The server does not accept user name and password" },
        (535, _) => new("smtp-sign-in", "G3", Cause.Mailbox, "Authorise again, signed in as the mailbox itself, with SMTP.Send consented", SignIn) { What = "The server does not accept the token for this mailbox" },
        (530, "5.7.57") => new("smtp-sign-in", "G2", Cause.Passerelle, "The server wants a sign-in before the mail: check server, port and security", Configure) { What = "The server took the mail for one without a sign-in" },
        (501 or 504, "5.5.124" or "5.7.4") => new("smtp-server", "G2", Cause.Passerelle, "The server does not take this authentication type: check the server name", Configure) { What = "This server does not know OAuth 2.0" },
        (_, "5.2.252" or "5.7.60") => SendAsDenied,
        (430, "4.2.0") => new("mailbox-access", "X4", Cause.Exchange, "Give the application's service principal full access to the mailbox", Configure) { What = "The application may not open the mailbox" },
        (432, _) => Wait with { Check = "sending-limit", Step = "X6", What = "More connections than the mailbox may have" },
        (_, "5.2.2") => new("mailbox", "X1", Cause.Exchange, "Make room in the mailbox: Sent Items are full", Configure) { What = "The mailbox is full" },
        (_, "5.1.8" or "5.1.90" or "5.7.232" or "5.7.233" or "5.7.236") or (_, "5.7.64" or "5.7.703" or "5.7.705" or "5.7.708" or "5.7.750") => Limit,
        (_, "5.7.501" or "5.7.502" or "5.7.503" or "5.7.504" or "5.7.505" or "5.7.506" or "5.7.507" or "5.7.511" or "5.7.513") => Blocked,
        (550, "5.1.1" or "5.1.10" or "5.1.351" or "5.4.1") => new(Recipient, "G4", Cause.Passerelle, "Correct the recipient's address: nothing is wrong with the app", Configure) { What = "The recipient does not exist" },
        (552, "5.3.4") => new("mail-size", "G4", Cause.Passerelle, "Send a smaller mail, or let the Exchange administrator raise the mailbox's limit", Configure) { What = "The mail is larger than the server takes" },
        (550, "5.7.512") => new("sender", "G4", Cause.Passerelle, "Correct the mail's From: one valid address", Configure) { What = "The server does not take the mail's From" },
        ( >= 400 and < 500, _) => Wait,
        _ => new("smtp-reply", "G4", Cause.Passerelle, "Read the server's words above", Configure) { What = "The server refused for a reason that we do not know" },
    };

    /// <summary>One code for two switches, and the store's exceptions under one code: the facts know their words.</summary>
    /// <returns>Null: the numbers decide.</returns>
    public static Cause? ByWords(int code, string reply) => reply switch
    {
        _ when code == 535 && reply.Contains("disabled for the Tenant", StringComparison.OrdinalIgnoreCase) =>
            new("smtp-auth", "X3", Cause.Exchange, "Exchange admin center › Settings › Mail flow: clear Turn off SMTP AUTH protocol for your organization, or tick Authenticated SMTP for this mailbox alone. It may take an hour", Configure) { What = "SMTP AUTH is switched off for the whole organisation" },
        _ when reply.Contains("SendAsDenied", StringComparison.Ordinal) => SendAsDenied,
        _ when reply.Contains("SubmissionQuotaExceeded", StringComparison.Ordinal) => Limit with { What = "The mailbox has used up its recipients of the day" },
        _ when reply.Contains("OutboundSpam", StringComparison.Ordinal) => Limit with { What = "Exchange has restricted the mailbox for what it sent" },
        _ => null,
    };

    /// <summary>What refuses a password and is not the password: with OAuth 2.0 none of it stands in the way (facts/microsoft365.md §5.4).</summary>
    /// <returns>Null: the numbers decide.</returns>
    public static Cause? OfPasswordByWords(string reply) => reply switch
    {
        _ when reply.Contains("disabled for the Tenant", StringComparison.OrdinalIgnoreCase) || reply.Contains("disabled for the Mailbox", StringComparison.OrdinalIgnoreCase) =>
            ByWords(535, reply) ?? Of(535, "5.7.139", isPassword: false),
        _ when reply.Contains("security defaults policy", StringComparison.OrdinalIgnoreCase) => PolicyRefuses with { What = "The organisation's security defaults let nobody sign in by password" },
        _ when reply.Contains("did not meet the criteria", StringComparison.OrdinalIgnoreCase) => PolicyRefuses with { What = "An access policy of the organisation does not let a password suffice" },
        _ when reply.Contains("basic authentication is disabled", StringComparison.OrdinalIgnoreCase) => UseOAuth,
        _ => null,
    };

    private static Cause PolicyRefuses { get; } =
        new("conditional-access", "E10", Cause.Entra, "Choose OAuth 2.0 as authentication type in the app's settings: a policy refuses passwords", Configure);

    private static Cause Blocked { get; } =
        new("sending-limit", "X6", Cause.Exchange, "Defender › Restricted entities, and Microsoft's delisting page for the address that the reply names", Configure) { What = "Microsoft blocks the sender or the address that it sends from" };

    private static Cause SendAsDenied { get; } =
        new("sender", "X5", Cause.Exchange, "Let the signed-in account send as the mailbox (Send As), or authorise as the mailbox itself", Configure) { What = "The account that signed in may not send as the mailbox" };

    private static Cause Limit { get; } =
        new("sending-limit", "X6", Cause.Exchange, "Defender › Restricted entities and the sending limits of the organisation say why", Configure) { What = "A sending limit is reached" };

    /// <summary>One code for a wrong password, for SMTP AUTH switched off and for passwords refused by policy.</summary>
    private static Cause PasswordRefused { get; } =
        new("authentication", "G1", Cause.Passerelle, "Check the password; if it is right, the server no longer takes passwords: choose OAuth 2.0 as authentication type", Configure) { What = "The server does not accept the password" };

    private static Cause UseOAuth { get; } =
        new("authentication", "G1", Cause.Passerelle, "Choose OAuth 2.0 as authentication type: the server no longer takes passwords", Configure) { What = "The server no longer takes passwords" };
}
