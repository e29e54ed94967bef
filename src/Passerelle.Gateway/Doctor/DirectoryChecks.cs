using System.Net;
using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Doctor;

/// <summary>
/// Directory id, client id, client secret, redirect URI: what can be asked of the provider without anybody signing in. One
/// client-credentials request judges both id and secret; its token is thrown away.
/// </summary>
internal sealed class DirectoryChecks(OutboundHttp http, ClientProofs proofs)
{
    /// <summary>Every application may ask for it, and nothing has to be granted for the answer.</summary>
    private const string AnyScope = "https://graph.microsoft.com/.default";

    public async Task<Finding> DirectoryIdAsync(Patient patient, CancellationToken cancel)
    {
        if (patient.App.Preset != Preset.Microsoft365) return NotMicrosoft("G1", "The provider has no directories");
        if (DiscoveryOf(patient.App) is not { } discovery) return Incomplete("No Directory (tenant) ID is entered");
        return await AskAsync(new HttpRequestMessage(HttpMethod.Get, discovery), cancel) switch
        {
            Answer.Heard { Status: HttpStatusCode.OK } => Right("G1", $"{discovery.Host} knows directory {patient.App.DirectoryId}"),
            Answer.Heard heard => Causes.Find(heard.Error),
            Answer.Silent silent => Unreachable(discovery, silent.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public async Task<Finding> ClientIdAsync(Patient patient, CancellationToken cancel) =>
        await ProveClientAsync(patient, cancel) switch
        {
            { Result: Finding.Wrong, Check: "client-secret" or "certificate" } => Right("E8", "The provider knows the client id"),
            { Result: Finding.Right } => Right("E8", "The provider knows the client id"),
            var finding => finding,
        };

    public Task<Finding> ClientSecretAsync(Patient patient, CancellationToken cancel) => ProveClientAsync(patient, cancel);

    /// <summary>
    /// With <c>prompt=none</c> the provider answers at once: by a redirect to a URI that it knows, on its own page when it
    /// does not. Nothing is followed.
    /// </summary>
    public async Task<Finding> RedirectUriAsync(Patient patient, CancellationToken cancel)
    {
        if (!Uri.TryCreate(patient.App.AuthorizationUrl, UriKind.Absolute, out var page)) return Incomplete("No Authorization URL is entered");
        var query = QueryString.Create(new Dictionary<string, string?>
        {
            ["client_id"] = patient.App.ClientId,
            ["response_type"] = "code",
            ["redirect_uri"] = patient.CallbackUrl,
            ["scope"] = "openid",
            ["prompt"] = "none",
            ["state"] = "doctor",
        });
        var address = new UriBuilder(page) { Query = query.Value }.Uri;
        return await AskAsync(new HttpRequestMessage(HttpMethod.Get, address), cancel) switch
        {
            Answer.Heard { Location: { } to } when to.ToString().StartsWith(patient.CallbackUrl, StringComparison.Ordinal) =>
                Right("E2", $"{patient.CallbackUrl} is registered"),
            Answer.Heard heard when heard.Error.Codes.Count > 0 => Causes.Find(heard.Error),
            Answer.Heard => new("", "E2", Finding.Unknown, Finding.NotProvableHere, "The sign-in page does not say", "", ""),
            Answer.Silent silent => Unreachable(address, silent.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<Finding> ProveClientAsync(Patient patient, CancellationToken cancel)
    {
        if (patient.App.Preset != Preset.Microsoft365) return NotMicrosoft("E4", "Proved when somebody authorises");
        var proof = await proofs.OfAsync(patient.App, patient.App.TokenUrl, cancel);
        if (proof is ClientProof.Missing missing) return missing.Finding;
        if (patient.App.Proof == Proofs.None) return NotMicrosoft("E3", "A public client proves nothing; its client id shows when somebody authorises");
        var request = new HttpRequestMessage(HttpMethod.Post, patient.App.TokenUrl)
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "client_credentials"),
                new("client_id", patient.App.ClientId),
                new("scope", AnyScope),
                .. proof.Fields(),
            ]),
        };
        return await AskAsync(request, cancel) switch
        {
            Answer.Heard { Status: HttpStatusCode.OK } => Right(
                patient.App.Proof == Proofs.Secret ? "E4" : "E4b",
                patient.App.Proof == Proofs.Secret ? "The provider accepts the client secret" : "The provider accepts the app's certificate or federated assertion"),
            Answer.Heard heard => Causes.Find(heard.Error),
            Answer.Silent silent => Unreachable(request.RequestUri!, silent.Reason), // made with one above
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<Answer> AskAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        using var client = http.Client("doctor");
        try
        {
            using var response = await client.SendAsync(request, cancel);
            var body = await response.Content.ReadAsStringAsync(cancel);
            var error = Json(body) is { } json
                ? OAuthError.Of(null, (int)response.StatusCode, json)
                : OAuthError.OfRedirect("page", WebUtility.HtmlDecode(body[Math.Max(0, body.IndexOf("AADSTS", StringComparison.Ordinal))..]), "");
            return new Answer.Heard(response.StatusCode, response.Headers.Location, error);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TimeoutException
            || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return new Answer.Silent(failure.GetBaseException().Message);
        }
    }

    private static JsonElement? Json(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Entra's layout: the discovery document stands beside the endpoints (facts §1.1).</summary>
    private static Uri? DiscoveryOf(EmailApp app)
    {
        const string TokenPath = "/oauth2/v2.0/token";
        return app.DirectoryId.Length > 0 && app.TokenUrl.EndsWith(TokenPath, StringComparison.Ordinal)
            ? new Uri($"{app.TokenUrl[..^TokenPath.Length]}/v2.0/.well-known/openid-configuration")
            : null;
    }

    private static Finding Right(string step, string detail) => new("", step, Finding.Right, Finding.Probed, detail, "", "");

    private static Finding NotMicrosoft(string step, string detail) =>
        new("", step, Finding.Unknown, Finding.NotProvableHere, detail, "", "");

    private static Finding Incomplete(string detail) => new(
        "", "G1", Finding.Wrong, Finding.Seen, detail, Cause.Passerelle, "Complete the app's settings and save them");

    private static Finding Unreachable(Uri address, string reason) => new(
        "", "G4", Finding.Wrong, Finding.Probed, $"{address.Host}: {reason}", Cause.Passerelle,
        "Check the addresses of the app, and that this machine may reach them");

    private abstract record Answer
    {
        private Answer() { }

        public sealed record Heard(HttpStatusCode Status, Uri? Location, OAuthError Error) : Answer;

        public sealed record Silent(string Reason) : Answer;
    }
}
