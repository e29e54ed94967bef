using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;

namespace Passerelle.Gateway.Queue;

/// <summary>What the state of its app does to a message.</summary>
internal static class Admission
{
    public const string Postmaster = "Written to postmaster: for people, no flow runs over it";

    /// <param name="app">Null: the mail belongs to no app.</param>
    public static (MessageState State, string Reason) Of(AppState? app) => app switch
    {
        null => (MessageState.Kept, Postmaster),
        AppState.Draft => (MessageState.Held, "Held: its app is still a draft"),
        AppState.Unauthorised => (MessageState.Held, "Held: its app is not authorised yet"),
        AppState.Paused => (MessageState.Held, "Held: its app is paused"),
        AppState.Retired or AppState.Gone => (MessageState.Quarantined, "Its app was retired"),
        _ => (MessageState.Ready, ""),
    };
}
