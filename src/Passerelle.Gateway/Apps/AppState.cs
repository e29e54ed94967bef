namespace Passerelle.Gateway.Apps;

/// <summary>Where an Email app stands. Columns hold these words in lower case.</summary>
internal enum AppState
{
    /// <summary>From the moment the form opens. Mail is held.</summary>
    Draft,

    /// <summary>Saved, never authorised. Mail is held.</summary>
    Unauthorised,

    /// <summary>The server has answered 235 with what this app holds.</summary>
    Connected,

    /// <summary>It works, and something says it soon may not.</summary>
    Degraded,

    /// <summary>It cannot send until a person acts; mail is still taken and routed, letters are blocked.</summary>
    Broken,

    /// <summary>An admin stopped it. Mail is held.</summary>
    Paused,

    /// <summary>For 30 days its mail is quarantined, then it is gone.</summary>
    Retired,

    /// <summary>Its address is refused.</summary>
    Gone,
}
