using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;

namespace Passerelle.Gateway.Queue;

/// <summary>What the state of its app does to a message.</summary>
internal static class Admission
{
    public const string Postmaster = "Written to postmaster: for people, no flow runs over it";

    public const string Late = "Held: it came to a former forwarding address, whose overlap has ended";

    /// <param name="app">Null: the mail belongs to no app.</param>
    /// <param name="late">It came to a former forwarding address after its overlap.</param>
    /// <param name="stranger">Delivered it though the app takes mail from others only; null when it may deliver.</param>
    public static (MessageState State, string Reason) Of(AppState? app, bool late = false, string? stranger = null) => app switch
    {
        null => (MessageState.Kept, Postmaster),
        AppState.Draft => (MessageState.Held, "Held: its app is still a draft"),
        AppState.Unauthorised => (MessageState.Held, "Held: its app is not authorised yet"),
        AppState.Paused => (MessageState.Held, "Held: its app is paused"),
        AppState.Retired or AppState.Gone => (MessageState.Quarantined, "Its app was retired"),
        _ when late => (MessageState.Held, Late),
        _ when stranger is not null => (MessageState.Held, $"Held: it came from {stranger}, and this app takes mail from its provider only"),
        _ => (MessageState.Ready, ""),
    };
}
