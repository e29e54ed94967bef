using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>One try with a password. Ten wrong ones in a row lock the account for a minute (facts §2.6, 50053).</summary>
internal static class SignIns
{
    private const int Tries = 10;
    private static readonly TimeSpan LockTime = TimeSpan.FromMinutes(1);

    /// <returns>Null when the person is who they say and may come in.</returns>
    public static StsError? Try(DirectoryPlace place, LabUser user, string password)
    {
        DateTimeOffset now = place.Lab.Time.GetUtcNow();
        if (user.LockedUntil > now) return StsErrors.Locked;
        if (user.Passwordless) return StsErrors.NoPassword;
        if (user.Password != password)
        {
            place.Lab.ChangeUser(place.Directory.Id, user.Id, u => u.FailedSignIns + 1 < Tries
                ? u with { FailedSignIns = u.FailedSignIns + 1 }
                : u with { FailedSignIns = 0, LockedUntil = now + LockTime });
            return StsErrors.WrongPassword;
        }

        if (user.FailedSignIns > 0) place.Lab.ChangeUser(place.Directory.Id, user.Id, u => u with { FailedSignIns = 0 });
        return user switch
        {
            { Enabled: false } => StsErrors.UserDisabled,
            { PasswordExpired: true } => StsErrors.PasswordExpired,
            { AtRisk: true } => StsErrors.UserAtRisk,
            _ => null,
        };
    }

    /// <summary>Why an account of somewhere else does not come into this directory.</summary>
    public static StsError Stranger(DirectoryPlace place, AppRegistration app, string login)
    {
        LabDirectory? home = place.Lab.State.DirectoryOfUser(login);
        return home switch
        {
            null => StsErrors.UserNotFound(login, place.Directory),
            { Id: var id } when id == Resources.PersonalDirectory => app.Admits(personal: true)
                ? StsErrors.UserOfOther(login, "live.com", place.Directory, app)
                : StsErrors.PersonalAccount(login),
            { BlocksOutboundAccess: true } => Catalogue.StsCatalogue.Say(500212),
            _ when place.Directory.BlocksInboundAccess => Catalogue.StsCatalogue.Say(500213),
            _ => StsErrors.UserOfOther(login, $"https://sts.windows.net/{home.Id}/", place.Directory, app),
        };
    }
}
