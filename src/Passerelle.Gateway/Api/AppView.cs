using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Api;

/// <summary>An Email app as the API shows it: no secret, sealed or not, is ever in it.</summary>
internal sealed record AppView(
    Guid Id, string AssetName, string EmailId, string ForwardingAddress, string CallbackUrl, string State, string StateReason,
    DateTimeOffset StateSince, string Authentication, string Preset, string DirectoryId, string ClientId, bool HasClientSecret,
    DateTimeOffset? SecretExpiresOn, string SmtpHost, int SmtpPort, string SmtpSecurity, string UserName, bool HasPassword,
    string AuthorizationUrl, string TokenUrl, string RefreshUrl, string Scope, Guid? FlowId, long Version,
    DateTimeOffset? ConnectedAt, DateTimeOffset? LastReceivedAt, DateTimeOffset? LastSentAt,
    string Proof, bool HasCertificate, string AssertionFile, string Way, string SignsInAs,
    string DisplayName, string ReplyTo, string Signature, string Aliases, DateTimeOffset? GoneAt, string UnclearLetters, string Transport)
{
    public static AppView Of(EmailApp app, string callbackUrl) => new(
        app.Id, app.AssetName, app.EmailId, app.ForwardingAddress, callbackUrl, app.State.ToString().ToLowerInvariant(),
        app.StateReason, app.StateSince, app.Authentication, app.Preset, app.DirectoryId, app.ClientId, app.ClientSecret is not null,
        app.SecretExpiresOn, app.SmtpHost, app.SmtpPort, app.SmtpSecurity, app.UserName, app.Password is not null,
        app.AuthorizationUrl, app.TokenUrl, app.RefreshUrl, app.Scope, app.FlowId, app.Version,
        app.ConnectedAt, app.LastReceivedAt, app.LastSentAt,
        app.Proof, app.CertificateId is not null, app.AssertionFile, app.Way, app.SignsInAs,
        app.DisplayName, app.ReplyTo, app.Signature, app.Aliases, app.GoneAt, app.UnclearLetters, app.Transport);
}

/// <summary>A form with the version it was opened with.</summary>
internal sealed record AppOrder(long Version, AppForm Form);

/// <param name="FlowId">Null: the app only receives.</param>
internal sealed record FlowChoice(Guid? FlowId);

/// <param name="Reason">Shown beside the state.</param>
internal sealed record PauseOrder(string? Reason);

/// <param name="Count">How many messages it concerned.</param>
internal sealed record HeldCount(long Count);
