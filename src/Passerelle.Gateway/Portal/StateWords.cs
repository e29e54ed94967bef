using System.Globalization;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Portal;

/// <summary>Why an app is in its state and until when, in the reader's language.</summary>
internal static class StateWords
{
    /// <returns>Empty when there is nothing to add to the state's own explanation.</returns>
    public static string Of(EmailApp app, Texts words) => app switch
    {
        { State: AppState.Degraded, SecretExpiresOn: { } day } => words["state.degraded-secret", day.ToString("d", CultureInfo.CurrentCulture)],
        { State: AppState.Retired, GoneAt: { } gone } when app.StateReason.Length > 0 => words["state.retired-until-because", gone.ToString("d", CultureInfo.CurrentCulture), app.StateReason],
        { State: AppState.Retired, GoneAt: { } gone } => words["state.retired-until", gone.ToString("d", CultureInfo.CurrentCulture)],
        _ => Sentences.In(app.StateReason),
    };
}
