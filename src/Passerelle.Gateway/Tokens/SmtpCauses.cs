using static Passerelle.Gateway.Tokens.Reaction;

namespace Passerelle.Gateway.Tokens;

/// <summary>Reply codes and enhanced codes of Exchange Online's submission, facts/microsoft365.md §5.4 and §5.5.</summary>
internal static class SmtpCauses
{
    private static readonly Cause Wait = new("provider", "G4", Cause.Passerelle, "Wait: the server asks for a pause", Retry);

    /// <param name="enhanced">As <c>5.7.139</c>; empty when the reply had none.</param>
    public static Cause Of(int code, string enhanced, bool isPassword) => (code, enhanced) switch
    {
        (535, "5.7.139") when isPassword => PasswordRefused,
        (550, "5.7.30") => UseOAuth,
        (535, "5.7.139") => new("smtp-auth", "X2", Cause.Exchange, "Active users › the mailbox › Mail › Manage email apps: tick Authenticated SMTP; if it is ticked, allow SMTP AUTH for the organisation. It may take an hour", Configure),
        (535, _) when isPassword => new("smtp-sign-in", "G2", Cause.Passerelle, "Correct user name and password", Configure),
        (535, _) => new("smtp-sign-in", "G3", Cause.Mailbox, "Authorise again, signed in as the mailbox itself, with SMTP.Send consented", SignIn),
        (530, "5.7.57") => new("smtp-sign-in", "G2", Cause.Passerelle, "The server wants a sign-in before the mail: check server, port and security", Configure),
        (501 or 504, "5.5.124" or "5.7.4") => new("smtp-server", "G2", Cause.Passerelle, "The server does not take this authentication type: check the server name", Configure),
        (_, "5.2.252" or "5.7.60") => new("sender", "X5", Cause.Exchange, "Let the signed-in account send as the mailbox (Send As), or authorise as the mailbox itself", Configure),
        (430, "4.2.0") => new("mailbox-access", "X4", Cause.Exchange, "Give the application's service principal full access to the mailbox", Configure),
        (432, _) => Wait with { Check = "sending-limit", Step = "X6" },
        (_, "5.2.2") => new("mailbox", "X1", Cause.Exchange, "Make room in the mailbox: Sent Items are full", Configure),
        (_, "5.1.8" or "5.1.90" or "5.7.232" or "5.7.233" or "5.7.236") or (_, "5.7.501" or "5.7.502" or "5.7.503" or "5.7.705" or "5.7.708" or "5.7.750") =>
            new("sending-limit", "X6", Cause.Exchange, "Defender › Restricted entities and the sending limits of the organisation say why", Configure),
        ( >= 400 and < 500, _) => Wait,
        _ => new("smtp-reply", "G4", Cause.Passerelle, "Read the server's words above", Configure),
    };

    /// <summary>One code for a wrong password, for SMTP AUTH switched off and for passwords refused by policy.</summary>
    private static Cause PasswordRefused { get; } =
        new("authentication", "G1", Cause.Passerelle, "Check the password; if it is right, the server no longer takes passwords: choose OAuth 2.0 as authentication type", Configure);

    private static Cause UseOAuth { get; } =
        new("authentication", "G1", Cause.Passerelle, "Choose OAuth 2.0 as authentication type: the server no longer takes passwords", Configure);
}
