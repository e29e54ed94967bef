using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Portal;

/// <summary>What an app is called on a page.</summary>
internal static class AppNames
{
    public static string Of(EmailApp app, Texts words) =>
        app.AssetName.Length > 0 ? app.AssetName : words["apps.unnamed"];

    /// <summary>The state's word as resources and styles know it.</summary>
    public static string StateOf(EmailApp app) => app.State.ToString().ToLowerInvariant();
}
