using Passerelle.Gateway.Api;

namespace Passerelle.Gateway.Commands;

/// <summary>An app as people name it: by id, asset name or email id; case does not matter.</summary>
internal static class AppNames
{
    /// <exception cref="CommandFault">None is called so, or several are.</exception>
    public static AppView Pick(IReadOnlyList<AppView> apps, string name)
    {
        var called = Guid.TryParse(name, out var id)
            ? apps.Where(app => app.Id == id).ToList()
            : apps.Where(app => IsCalled(app, name)).ToList();
        return called switch
        {
            [var only] => only,
            [] when apps.Count == 0 => throw new CommandFault($"There is no app {name}; there is none at all yet."),
            [] => throw new CommandFault($"There is no app {name}. There are: {string.Join(", ", apps.Take(10).Select(Words))}."),
            _ => throw new CommandFault($"Several apps are called {name}: name one by its id: {string.Join(", ", called.Select(app => app.Id))}."),
        };
    }

    private static bool IsCalled(AppView app, string name) =>
        string.Equals(app.AssetName, name, StringComparison.OrdinalIgnoreCase) || string.Equals(app.EmailId, name, StringComparison.OrdinalIgnoreCase);

    private static string Words(AppView app) => app.EmailId.Length > 0 ? app.EmailId : app.Id.ToString();
}
