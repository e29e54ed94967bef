using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Tokens;
using static Passerelle.Gateway.Apps.Finding;

namespace Passerelle.Gateway.Doctor;

/// <summary>
/// Directory id, client id, client secret, redirect URI: what can be asked of the provider without anybody signing in. One
/// client-credentials request judges both id and secret; its token is thrown away.
/// </summary>
internal sealed class DirectoryChecks(OutboundHttp http, ClientProofs proofs, DeviceCheck device, IOptions<DoctorOptions> options, TimeProvider time)
{
    /// <summary>Every application may ask for it, and nothing has to be granted for the answer.</summary>
    private const string AnyScope = "https://graph.microsoft.com/.default";

    private const string ExchangeScope = "https://outlook.office365.com/.default";

    /// <summary>What Entra tolerates itself (facts §11.1, P1).</summary>
    private static readonly TimeSpan Tolerated = TimeSpan.FromMinutes(5);

    public async Task<Finding> DirectoryIdAsync(Patient patient, CancellationToken cancel)
    {
        if (patient.App.TokenUrl.Length == 0) return Incomplete(Phrase.Of("No Directory (tenant) ID is entered"));
        if (patient.Entra is not { } entra) return await TokenUrlAsync(patient, cancel);
        return await AskAsync(Get(entra.Discovery), cancel) switch
        {
            Answer.Heard { Skew: { } skew } when skew.Duration() > Tolerated => ClockOff(entra, skew),
            Answer.Heard { Status: HttpStatusCode.OK, Keys: null } => NoDocument(entra.Discovery),
            Answer.Heard { Status: HttpStatusCode.OK, Keys: { } keys } => await KeysAsync(keys, cancel) ?? OtherDirectory(patient, entra)
                ?? Fine("G1", Probed, Phrase.Of("{0} knows directory {1}", entra.Token.Host, entra.Directory)),
            Answer.Heard heard => await UnknownDirectoryAsync(patient, entra, heard.Error, cancel),
            Answer.Silent silent => Unreachable(entra.Discovery.Host, silent.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Another provider, or an address of Microsoft's with a slip in it: whether anything is there shows without a grant.</summary>
    private async Task<Finding> TokenUrlAsync(Patient patient, CancellationToken cancel)
    {
        if (!Uri.TryCreate(patient.App.TokenUrl, UriKind.Absolute, out var address)) return Incomplete(Phrase.Of("No Directory (tenant) ID is entered"));
        var asked = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent([new("grant_type", "refresh_token")]) };
        return await AskAsync(asked, cancel) switch
        {
            Answer.Heard { Status: HttpStatusCode.NotFound } => Faulty(
                "G1", Probed, Phrase.Of("Nothing is at the Access token URL {0}", address.AbsoluteUri), Cause.Passerelle,
                Phrase.Of("Settings › Access token URL: compare it with the provider's, letter by letter")),
            Answer.Silent silent => Unreachable(address.Host, silent.Reason),
            _ => NotMicrosoft("G1", Phrase.Of("The provider has no directories")),
        };
    }

    /// <summary>Without the provider's keys nobody's sign-in can be believed (OpenID Connect Core §3.1.3.7).</summary>
    private async Task<Finding?> KeysAsync(Uri address, CancellationToken cancel) => await AskAsync(Get(address), cancel) switch
    {
        Answer.Heard { Status: HttpStatusCode.OK, IsJson: true } => null,
        Answer.Heard heard => heard.Status >= HttpStatusCode.InternalServerError || heard.Status == HttpStatusCode.TooManyRequests
            ? Causes.Find(heard.Error)
            : NoDocument(address),
        Answer.Silent silent => Unreachable(address.Host, silent.Reason),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Typed by hand, the two addresses may name two directories: what one gives out the other does not know.</summary>
    private static Finding? OtherDirectory(Patient patient, EntraEndpoints entra) =>
        Guid.TryParse(EntraEndpoints.DirectoryOf(patient.App.AuthorizationUrl), out var one) && Guid.TryParse(entra.Directory, out var other) && one != other
            ? Faulty(
                "G1", Seen, Phrase.Of("The Authorization URL names directory {0} and the Access token URL directory {1}", $"{one}", $"{other}"), Cause.Passerelle,
                Phrase.Of("Settings: both addresses of the directory in which the application is registered"))
            : null;

    public async Task<Finding> ClientIdAsync(Patient patient, CancellationToken cancel) =>
        await ProveClientAsync(patient, cancel) switch
        {
            { Result: Wrong, Check: "certificate", Evidence: NotProvableHere } =>
                Open("E8", NotProvableHere, Phrase.Of("Not asked: the app has nothing to prove itself with")),
            { Result: Wrong, Check: "client-secret" or "certificate" } => Fine("E8", Probed, Phrase.Of("The provider knows the client id")),
            { Result: Right } => Fine("E8", Probed, Phrase.Of("The provider knows the client id")),
            { Result: Wrong, Check: "client-id" } unknown when patient.HasWorked => Faulty(
                "E1", Probed, Phrase.Of("The application {0} worked before and is not in the directory any more: its registration was deleted", patient.App.ClientId),
                Cause.Entra, Phrase.Of("App registrations › Deleted applications: restore it within 30 days; else register a new one and enter its ids"), unknown.Raw),
            var finding => finding,
        };

    public Task<Finding> ClientSecretAsync(Patient patient, CancellationToken cancel) => ProveClientAsync(patient, cancel);

    /// <summary>
    /// With <c>prompt=none</c> the provider answers at once: by a redirect to a URI that it knows, on its own page when it
    /// does not. Nothing is followed.
    /// </summary>
    public async Task<Finding> RedirectUriAsync(Patient patient, CancellationToken cancel)
    {
        if (!Uri.TryCreate(patient.App.AuthorizationUrl, UriKind.Absolute, out var page)) return Incomplete(Phrase.Of("No Authorization URL is entered"));
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
        return await AskAsync(Get(address), cancel) switch
        {
            Answer.Heard { Location: { } to } when to.ToString().StartsWith(patient.CallbackUrl, StringComparison.Ordinal) =>
                Fine("E2", Probed, Phrase.Of("{0} is registered", patient.CallbackUrl)),
            Answer.Heard heard when heard.Error.Codes.Count > 0 => WithCallback(Causes.Find(heard.Error), patient),
            Answer.Heard { Status: HttpStatusCode.NotFound } => Faulty(
                "G1", Probed, Phrase.Of("Nothing is at the Authorization URL {0}", page.AbsoluteUri), Cause.Passerelle,
                Phrase.Of("Settings › Authorization URL: compare it with the provider's, letter by letter")),
            Answer.Heard { Status: >= HttpStatusCode.InternalServerError } heard => Causes.Find(heard.Error),
            Answer.Heard => Open("E2", NotProvableHere, Phrase.Of("The sign-in page does not say")),
            Answer.Silent silent => Unreachable(address.Host, silent.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Application permissions of Exchange Online that an administrator granted.</summary>
    /// <returns>Empty: none, or Exchange cannot be asked.</returns>
    public Task<IReadOnlyList<string>> ExchangeRolesAsync(Patient patient, CancellationToken cancel) => RolesAsync(patient, ExchangeScope, cancel);

    /// <summary>The same of Microsoft Graph.</summary>
    public Task<IReadOnlyList<string>> GraphRolesAsync(Patient patient, CancellationToken cancel) => RolesAsync(patient, AnyScope, cancel);

    private async Task<IReadOnlyList<string>> RolesAsync(Patient patient, string scope, CancellationToken cancel) =>
        patient.Entra is not null && patient.App.Proof != Proofs.None
        && await proofs.OfAsync(patient.App, patient.App.TokenUrl, cancel) is var proof and not ClientProof.Missing
        && await AskAsync(ClientCredentials(patient, proof, scope), cancel) is Answer.Heard { Status: HttpStatusCode.OK, Token: { } token }
            ? TokenClaims.Read(token)?.Roles ?? []
            : [];

    private async Task<Finding> ProveClientAsync(Patient patient, CancellationToken cancel)
    {
        if (patient.Entra is not { } entra) return NotMicrosoft("E4", Phrase.Of("Proved when somebody authorises"));
        if (patient.App.Proof == Proofs.None) return OfClient(patient, null, await device.ClientIdAsync(patient, cancel));
        var proof = await proofs.OfAsync(patient.App, patient.App.TokenUrl, cancel);
        if (proof is ClientProof.Missing missing) return missing.Finding with { Evidence = NotProvableHere };
        return await AskAsync(ClientCredentials(patient, proof, AnyScope), cancel) switch
        {
            Answer.Heard { Status: HttpStatusCode.OK, Token: null } => NoDocument(entra.Token),
            Answer.Heard { Status: HttpStatusCode.OK } => patient.App.Proof == Proofs.Secret
                ? Fine("E4", Probed, Phrase.Of("The provider accepts the client secret"))
                : Fine("E4b", Probed, Phrase.Of("The provider accepts the app's certificate or federated assertion")),
            Answer.Heard heard => OfClient(patient, proof, Causes.Find(heard.Error)),
            Answer.Silent silent => Unreachable(entra.Token.Host, silent.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static HttpRequestMessage ClientCredentials(Patient patient, ClientProof proof, string scope) => new(HttpMethod.Post, patient.App.TokenUrl)
    {
        Content = new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"),
            new("client_id", patient.App.ClientId),
            new("scope", scope),
            .. proof.Fields(),
        ]),
    };

    /// <summary>The same refusal, told by what we see of the proof that was given.</summary>
    private Finding OfClient(Patient patient, ClientProof? proof, Finding finding) => finding.Check switch
    {
        "client-secret" when Guid.TryParse(patient.ClientSecret.Trim(), out _) => finding with
        {
            What = Phrase.Of("The Secret ID was entered, and not the secret's value"),
        },
        "client-id" when finding.SetupStep == "E8" => finding with
        {
            What = Phrase.Of("The directory has no application {0}. Most often that is the Object ID, which stands below the Application (client) ID", patient.App.ClientId),
        },
        "certificate" when patient is { App.Proof: Proofs.Certificate, Certificate: { } certificate } => finding with
        {
            What = certificate.EndsAt <= time.GetUtcNow()
                ? Phrase.Of("The certificate {0} ended at {1}", certificate.Thumbprint, Instant(certificate.EndsAt))
                : Phrase.Of("Microsoft does not accept the certificate {0}, which is good until {1}", certificate.Thumbprint, Instant(certificate.EndsAt)),
        },
        "clock" when patient.App.Proof == Proofs.Federated && proof is ClientProof.Assertion { Jwt: var jwt } && TokenClaims.Read(jwt)?.EndsAt is { } end && end <= time.GetUtcNow() => Faulty(
            "E4b", Probed, Phrase.Of("The federated assertion in {0} ended at {1}", patient.App.AssertionFile, Instant(end)), Cause.Passerelle,
            Phrase.Of("Let whoever writes the file of the federated assertion renew it in time"), finding.Raw) with
        { Check = "certificate" },
        _ => finding,
    };

    private static string Instant(DateTimeOffset at) => at.ToString("u", CultureInfo.InvariantCulture);

    private async Task<Finding> UnknownDirectoryAsync(Patient patient, EntraEndpoints entra, OAuthError error, CancellationToken cancel)
    {
        var finding = Causes.Find(error);
        if (finding.Check != "directory-id") return finding;
        var swapped = patient.App.ClientId.Length > 0
            && await AskAsync(Get(entra.DiscoveryOf(patient.App.ClientId)), cancel) is Answer.Heard { Status: HttpStatusCode.OK };
        return swapped
            ? finding with { What = Phrase.Of("Directory id and client id are swapped: {0} is the directory", patient.App.ClientId) }
            : finding with { What = Phrase.Of("Microsoft knows no directory {0}", entra.Directory) };
    }

    private static Finding WithCallback(Finding finding, Patient patient)
    {
        if (finding.SetupStep != "E2") return finding;
        var how = Phrase.Of("Authentication › Web › Redirect URIs: add {0}, letter by letter", patient.CallbackUrl);
        return finding with { How = how, Fix = how.ToString() };
    }

    private async Task<Answer> AskAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        using var client = http.Client("doctor");
        client.Timeout = TimeSpan.FromSeconds(options.Value.ProbeSeconds);
        try
        {
            using var response = await client.SendAsync(request, cancel);
            var body = await response.Content.ReadAsStringAsync(cancel);
            var json = Json(body);
            var error = json is not null
                ? OAuthError.Of(null, (int)response.StatusCode, json)
                : OAuthError.OfPage(WebUtility.HtmlDecode(body), (int)response.StatusCode);
            return new Answer.Heard(response.StatusCode, response.Headers.Location, error)
            {
                Skew = response.Headers.Date - time.GetUtcNow(),
                IsJson = json is not null,
                Token = Text(json, "access_token") is { } text ? new SecretText(text) : null,
                Keys = Uri.TryCreate(Text(json, "jwks_uri"), UriKind.Absolute, out var keys) ? keys : null,
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TimeoutException
            || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return new Answer.Silent(failure is OperationCanceledException ? "No answer in time" : failure.GetBaseException().Message);
        }
        finally
        {
            request.Dispose();
        }
    }

    private static string? Text(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static HttpRequestMessage Get(Uri address) => new(HttpMethod.Get, address);

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

    private static Finding NotMicrosoft(string step, Phrase what) => Open(step, NotProvableHere, what);

    private static Finding Incomplete(Phrase what) => Faulty("G1", Seen, what, Cause.Passerelle, Phrase.Of("Complete the app's settings and save them"));

    private static Finding ClockOff(EntraEndpoints entra, TimeSpan skew) => Faulty(
        "G4", Probed,
        skew > TimeSpan.Zero
            ? Phrase.Of("This machine's clock is {0} minutes behind {1}'s", Minutes(skew), entra.Token.Host)
            : Phrase.Of("This machine's clock is {0} minutes ahead of {1}'s", Minutes(skew), entra.Token.Host),
        Cause.Passerelle, Phrase.Of("Set this machine's clock by NTP"));

    private static string Minutes(TimeSpan skew) => Math.Round(skew.Duration().TotalMinutes).ToString(CultureInfo.InvariantCulture);

    public static Finding Unreachable(string host, string reason) => Faulty(
        "G4", Probed, Phrase.Of("{0}: {1}", host, reason), Cause.Passerelle,
        Phrase.Of("Check the addresses of the app, and that this machine may reach them"));

    /// <summary>A proxy's page, or a host that is no provider.</summary>
    private static Finding NoDocument(Uri address) => Faulty(
        "G4", Probed, Phrase.Of("{0} answers, and not as the provider does: something stands between, or the address is another's", address.Host), Cause.Passerelle,
        Phrase.Of("Check the addresses of the app, and that this machine may reach them"));

    private abstract record Answer
    {
        private Answer() { }

        public sealed record Heard(HttpStatusCode Status, Uri? Location, OAuthError Error) : Answer
        {
            /// <summary>The other side's clock less ours; null when it does not tell the time.</summary>
            public TimeSpan? Skew { get; init; }

            public bool IsJson { get; init; }

            public SecretText? Token { get; init; }

            /// <summary>Where a discovery document says the keys are.</summary>
            public Uri? Keys { get; init; }
        }

        public sealed record Silent(string Reason) : Answer;
    }
}
