using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

/// <summary>How an order changes what it found: one way for each kind of place. What has gone meanwhile is said.</summary>
internal static class Settings
{
    public static Change Set(this DirectoryPlace place, Func<LabDirectory, LabDirectory> change) =>
        place.Lab.ChangeDirectory(place.Directory.Id, change) ? new Change.Done() : new Change.Missing("The directory is gone.");

    public static Change Set(this UserPlace place, Func<LabUser, LabUser> change) =>
        place.Lab.ChangeUser(place.Directory.Id, place.User.Id, change) ? new Change.Done() : new Change.Missing("The user is gone.");

    public static Change Set(this AppPlace place, Func<AppRegistration, AppRegistration> change) =>
        place.Lab.Change(state => state.Directory(place.Directory.Id) is { } directory && directory.Registration(place.App.ClientId) is { } app
            ? (state.With(directory.With(change(app))), (Change)new Change.Done())
            : (state, new Change.Missing("The application is gone.")));

    public static Change SetMailbox(this UserPlace place, Func<Mailbox, Mailbox> change) => place.User.Mailbox is null
        ? new Change.Missing($"{place.User.Address} has no mailbox.")
        : place.Set(user => user with { Mailbox = change(user.Mailbox ?? new Mailbox()) });
}
