using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Certificates;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Doctor;

/// <summary>What the gateway itself holds of an app: settings, grant, what arrived and what left. Nothing of Microsoft's side.</summary>
/// <param name="ClientSecret">Opened; empty when none is stored.</param>
/// <param name="Refused">The last sign-in that came to nothing, under the settings as they are; null: none.</param>
internal sealed record Patient(EmailApp App, string CallbackUrl, string ClientSecret, Traces Traces, RefusedSignIn? Refused)
{
    public bool UsesOAuth => App.Authentication == AppForm.OAuth2;

    /// <summary>Null: another provider's addresses, or none.</summary>
    public EntraEndpoints? Entra { get; } = EntraEndpoints.Of(App);

    /// <summary>The one in use; null: none.</summary>
    public ClientCertificate? Certificate { get; init; }

    /// <summary>A person asks: the grant is renewed and a mail is sent, so that the answer is of this moment.</summary>
    public bool Thorough { get; init; }

    /// <summary>Somebody once authorised with these very settings, so the application existed.</summary>
    public bool HasWorked => Traces.GrantObtainedAt is not null;
}

/// <summary>What mail and sign-ins have left behind.</summary>
internal sealed record Traces
{
    public DateTimeOffset? GrantObtainedAt { get; init; }
    public string? GrantScope { get; init; }
    public string? SignedInAs { get; init; }

    /// <summary>1 when the grant holds a refresh token.</summary>
    public long Renewable { get; init; }

    /// <summary>When somebody was last sent to the provider and has not come back; null: everybody came back.</summary>
    public DateTimeOffset? AwayAt { get; init; }
    public DateTimeOffset? LastReceivedAt { get; init; }
    public Guid? LastRawId { get; init; }
    public string? LastEnvelopeFrom { get; init; }
    public string? LastRemoteAddress { get; init; }
    public DateTimeOffset? WaitingSince { get; init; }
    public DateTimeOffset? LastAcceptedAt { get; init; }
    public string? LastAcceptedWords { get; init; }
    public string? LastAttemptOutcome { get; init; }
    public string? LastAttemptWords { get; init; }
}
