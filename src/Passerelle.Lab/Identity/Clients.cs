using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>An application as one directory meets it.</summary>
/// <param name="Principal">Its enterprise application there; null for a foreign multi-tenant app that nobody consented to.</param>
internal sealed record Client(AppRegistration App, EnterpriseApp? Principal);

/// <summary>Finds the application behind a <c>client_id</c>.</summary>
internal static class Clients
{
    /// <returns>The application, or the error that answers the id.</returns>
    public static (Client? Client, StsError? Error) Find(DirectoryPlace place, string clientId)
    {
        if (!Guid.TryParse(clientId, out Guid id)) return (null, StsErrors.AppNotFound(clientId, place.Directory.DisplayName));
        if (id == Guid.Empty) return (null, StsErrors.EmptyClientId(clientId));

        AppRegistration? app = place.Directory.Registration(id)
            ?? place.Lab.State.Directories.Select(d => d.Registration(id))
                .FirstOrDefault(r => r is { Audience: not SignInAudience.AzureADMyOrg });
        return app is null
            ? (null, StsErrors.AppNotFound(clientId, place.Directory.DisplayName))
            : (new Client(app, place.Directory.EnterpriseApp(id)), null);
    }

    /// <summary>Why a known application may not be used here: its account types, or a switch.</summary>
    public static StsError? Closed(Client client, LabDirectory directory, string segment)
    {
        AppRegistration app = client.App;
        var personal = directory.Id == Resources.PersonalDirectory;
        return client switch
        {
            _ when personal && !app.Admits(personal: true) => StsErrors.NotForConsumers(app),
            _ when !personal && app.Audience is SignInAudience.PersonalMicrosoftAccount => StsErrors.ForConsumersOnly(app),
            _ when Segments.Shared(segment) && app.Audience is SignInAudience.AzureADMyOrg => StsErrors.NotMultiTenant(app),
            { App.Deactivated: true } => StsErrors.AppDeactivated(app),
            { Principal: { Enabled: false } disabled } => StsErrors.AppDisabled(disabled, directory),
            _ => null,
        };
    }

    public static AppRegistration? FindIn(LabState state, Guid clientId) =>
        state.Directories.Select(d => d.Registration(clientId)).FirstOrDefault(r => r is not null);

    /// <summary>By id alone, for the endpoints that name no directory; ids are unique in the host.</summary>
    public static (AppRegistration App, DirectoryPlace Home)? FindAnywhere(Labs labs, string clientId)
    {
        if (!Guid.TryParse(clientId, out Guid id)) return null;
        foreach (Twin lab in labs.All)
        {
            foreach (LabDirectory directory in lab.State.Directories)
            {
                if (directory.Registration(id) is { } app) return (app, new DirectoryPlace(lab, directory));
            }
        }

        return null;
    }

    /// <summary>Adds the enterprise application when the directory has none yet; a first consent does this.</summary>
    public static (LabDirectory Directory, EnterpriseApp Principal) Ensure(LabDirectory directory, AppRegistration app, Guid newId)
    {
        if (directory.EnterpriseApp(app.ClientId) is { } known) return (directory, known);
        var made = new EnterpriseApp { ClientId = app.ClientId, ObjectId = newId, DisplayName = app.DisplayName };
        return (directory.With(made), made);
    }
}
