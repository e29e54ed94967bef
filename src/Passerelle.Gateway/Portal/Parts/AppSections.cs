namespace Passerelle.Gateway.Portal.Parts;

/// <summary>Sections of an app's page that other rooms bring: path behind <c>/apps/{id}/</c> and resource of the title.</summary>
internal static class AppSections
{
    public static IReadOnlyList<(string Path, string Word)> Further { get; } = [("microsoft", "app.microsoft"), ("doctor", "app.doctor"), ("credentials", "app.credentials")];
}
