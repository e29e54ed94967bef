using Duende.IdentityModel.Client;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;

namespace Passerelle.Gateway.Tokens;

/// <summary>What asking for a device code came to (RFC 8628 §3.2).</summary>
internal abstract record DeviceReply
{
    private DeviceReply() { }

    /// <param name="VerificationUrl">Where the person goes; http or https, judged, shown as text and as a link.</param>
    /// <param name="Issuer">Empty when the provider publishes none.</param>
    public sealed record Started(
        SecretText DeviceCode, string UserCode, string VerificationUrl, string Issuer, TimeSpan Interval, DateTimeOffset ExpiresAt) : DeviceReply;

    public sealed record Failed(Finding Finding) : DeviceReply;

    public sealed record Unreachable(string Reason) : DeviceReply;
}

/// <summary>The device authorization request (RFC 8628 §3.1), at the address that the provider publishes.</summary>
internal sealed class DeviceRequests(OutboundHttp http, Providers providers, TimeProvider time)
{
    private const string EntraAuthorize = "/oauth2/v2.0/authorize";
    private const int LongestCode = 64;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    public async Task<DeviceReply> StartAsync(EmailApp app, CancellationToken cancel) =>
        await providers.FindAsync(app.AuthorizationUrl, cancel) switch
        {
            Provider.Known known when Address(app, known.DeviceUrl) is { } address => await AskAsync(app, address, known.Issuer, cancel),
            Provider.Silent when Address(app, null) is { } address => await AskAsync(app, address, "", cancel),
            Provider.Failed failed => new DeviceReply.Failed(Causes.Find(failed.Error)),
            Provider.Unreachable unreachable => new DeviceReply.Unreachable(unreachable.Reason),
            _ => new DeviceReply.Failed(Causes.Find(NoDevices, "The provider publishes no address for device codes")),
        };

    /// <summary>What a refused device code means: the numbers are those of a client that ought to be public.</summary>
    public static Finding Find(OAuthError error) => error.Codes.Any(code => code is 7000218 or 90136 or 7000216)
        ? Causes.Find(PublicClient, error.Words)
        : Causes.Find(error);

    private async Task<DeviceReply> AskAsync(EmailApp app, string address, string issuer, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        using var client = http.Client("tokens");
        try
        {
            using var request = new DeviceAuthorizationRequest
            {
                Address = address,
                ClientId = app.ClientId,
                ClientCredentialStyle = ClientCredentialStyle.PostBody,
                Scope = app.Scope,
            };
            using var response = await client.RequestDeviceAuthorizationAsync(request, cancel);
            return Read(response, issuer, now);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new DeviceReply.Unreachable($"The provider did not answer within {client.Timeout.TotalSeconds:0} seconds");
        }
    }

    private static DeviceReply Read(DeviceAuthorizationResponse response, string issuer, DateTimeOffset now) => response switch
    {
        { ErrorType: ResponseErrorType.Exception } when OutboundRefused.In(response.Exception) is { } refused =>
            new DeviceReply.Failed(Causes.Find(new OAuthError { Error = "not allowed", Description = refused.Message })),
        { ErrorType: ResponseErrorType.Exception } =>
            new DeviceReply.Unreachable($"The provider cannot be asked for a device code: {response.Exception?.GetBaseException().Message}"),
        { IsError: true } => Refused(OAuthError.Of(response.Error, (int)response.HttpStatusCode, response.Json)),
        { DeviceCode: { Length: > 0 and <= 4096 } code, UserCode: { Length: > 0 and <= LongestCode } userCode, VerificationUri: { } page }
            when Uri.TryCreate(page, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" => new DeviceReply.Started(
                new SecretText(code), userCode, url.AbsoluteUri, issuer, TimeSpan.FromSeconds(Math.Clamp(response.Interval, 1, 60)),
                now + (response.ExpiresIn is { } seconds && TimeSpan.FromSeconds(seconds) < Longest ? TimeSpan.FromSeconds(seconds) : Longest)),
        _ => new DeviceReply.Unreachable("The provider's answer holds no device code"),
    };

    private static DeviceReply Refused(OAuthError error) => Causes.Of(error).Reaction is Reaction.Retry
        ? new DeviceReply.Unreachable(error.Words)
        : new DeviceReply.Failed(Find(error));

    private static string? Address(EmailApp app, string? published) => published
        ?? (app.AuthorizationUrl.EndsWith(EntraAuthorize, StringComparison.OrdinalIgnoreCase)
            ? $"{app.AuthorizationUrl[..^"authorize".Length]}devicecode"
            : null);

    private static Cause PublicClient { get; } = new(
        "platform", "E3", Cause.Entra, "Authentication › Settings: Allow public client flows = Yes, or choose another way to authorise", Reaction.Configure);

    private static Cause NoDevices { get; } = new(
        "platform", "G1", Cause.Passerelle, "Choose another way to authorise: this provider has no device codes", Reaction.Configure);
}
