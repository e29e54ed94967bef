using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Doctor;

/// <summary>What the gateway itself holds of an app: settings, grant, what arrived and what left. Nothing of Microsoft's side.</summary>
/// <param name="ClientSecret">Opened; empty when none is stored.</param>
internal sealed record Patient(EmailApp App, string CallbackUrl, string ClientSecret, Traces Traces)
{
    public bool UsesOAuth => App.Authentication == AppForm.OAuth2;
}

/// <summary>What mail has left behind.</summary>
internal sealed record Traces
{
    public DateTimeOffset? GrantObtainedAt { get; init; }
    public string? GrantScope { get; init; }
    public string? SignedInAs { get; init; }
    public DateTimeOffset? LastReceivedAt { get; init; }
    public string? LastEnvelopeFrom { get; init; }
    public string? LastRemoteAddress { get; init; }
    public DateTimeOffset? WaitingSince { get; init; }
    public DateTimeOffset? LastAcceptedAt { get; init; }
    public string? LastAcceptedWords { get; init; }
    public string? LastAttemptOutcome { get; init; }
    public string? LastAttemptWords { get; init; }
}
