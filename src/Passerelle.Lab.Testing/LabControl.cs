using System.Net.Http.Json;
using System.Text.Json;

namespace Passerelle.Lab.Testing;

/// <summary>The control API. A refusal throws <see cref="LabRefusedException"/> with the reason that the lab gave.</summary>
public sealed class LabControl : IDisposable
{
    public const string Exchange = "00000002-0000-0ff1-ce00-000000000000";
    public const string Graph = "00000003-0000-0000-c000-000000000000";
    private readonly HttpClient _http;

    internal LabControl(HttpClient http) => _http = http;

    /// <summary>The raw client, bearer included; base address is the control API.</summary>
    public HttpClient Http => _http;

    public Task OpenLabAsync(string lab, CancellationToken cancel) => SendAsync(HttpMethod.Put, $"labs/{lab}", null, cancel);

    /// <summary>Everything the lab is, as JSON.</summary>
    public Task<JsonElement> ExportAsync(string lab, CancellationToken cancel) => SendAsync(HttpMethod.Get, $"labs/{lab}", null, cancel);

    /// <summary>Moves the lab's clock forward; nothing moves it back.</summary>
    public Task AdvanceAsync(string lab, TimeSpan by, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, $"labs/{lab}/clock", new { seconds = (long)by.TotalSeconds }, cancel);

    /// <summary>The same, and its servers show that time: to whoever asks them it is his own clock that is slow.</summary>
    public Task AdvanceShownAsync(string lab, TimeSpan by, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, $"labs/{lab}/clock", new { seconds = (long)by.TotalSeconds, shown = true }, cancel);

    /// <summary>The lab with its mail is gone; its domains are free.</summary>
    public Task DeleteLabAsync(string lab, CancellationToken cancel) => SendAsync(HttpMethod.Delete, $"labs/{lab}", null, cancel);

    /// <summary>Remembers state, mail and routes as they stand, in memory.</summary>
    public Task TakeSnapshotAsync(string lab, string snapshot, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, $"labs/{lab}/snapshots/{snapshot}", null, cancel);

    /// <summary>Goes back to a snapshot; the clock too.</summary>
    /// <param name="snapshot">Null is what the YAML said.</param>
    public Task ResetAsync(string lab, string? snapshot, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, $"labs/{lab}/reset" + (snapshot is null ? "" : "?snapshot=" + Uri.EscapeDataString(snapshot)), null, cancel);

    /// <summary>Everything the lab is, as the YAML that makes it.</summary>
    public Task<string> YamlAsync(string lab, CancellationToken cancel) => _http.GetStringAsync($"labs/{lab}/yaml", cancel);

    /// <summary>Makes a lab what the YAML says.</summary>
    /// <exception cref="LabRefusedException">400: the YAML is no lab. 409: it wants a domain of another lab.</exception>
    public async Task SetYamlAsync(string lab, string yaml, CancellationToken cancel)
    {
        using var content = new StringContent(yaml, null, "application/yaml");
        using HttpResponseMessage answer = await _http.PutAsync($"labs/{lab}/yaml", content, cancel);
        if (!answer.IsSuccessStatusCode)
            throw new LabRefusedException((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancel));
    }

    /// <summary>A directory as Microsoft makes it today: SMTP AUTH off, security defaults on, consent managed by Microsoft,
    /// nothing forwarded outside, and in its first month.</summary>
    /// <param name="domains">Null leaves it with <c>{name}.onmicrosoft.com</c> alone.</param>
    /// <returns>The directory id.</returns>
    public async Task<Guid> AddDirectoryAsync(string lab, string displayName, string[]? domains, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, $"labs/{lab}/directories", new { displayName, domains }, cancel)).GetProperty("id").GetGuid();

    public Task AddOutsideDomainAsync(string lab, string name, IEnumerable<(string Address, string Name, string Password)> customers, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, $"labs/{lab}/outside-domains",
            new { name, customers = customers.Select(c => new { address = c.Address, displayName = c.Name, password = c.Password }) }, cancel);

    /// <returns>The object id.</returns>
    public async Task<Guid> AddUserAsync(
        Guid directory, string address, string displayName, string password, bool administrator, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, $"directories/{directory}/users",
            new { address, displayName, password, administrator }, cancel)).GetProperty("id").GetGuid();

    public Task SetUserAsync(Guid directory, string user, bool enabled, CancellationToken cancel) =>
        SendAsync(HttpMethod.Patch, User(directory, user), new { enabled }, cancel);

    public Task ResetPasswordAsync(Guid directory, string user, string password, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, User(directory, user) + "/password", new { password }, cancel);

    public Task RevokeSessionsAsync(Guid directory, string user, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, User(directory, user) + "/revoke-sessions", null, cancel);

    /// <param name="enabled">Null inherits the organisation's switch.</param>
    public Task SetMailboxSmtpAuthAsync(Guid directory, string user, bool? enabled, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, User(directory, user) + "/mailbox/smtp-auth", new { enabled }, cancel);

    /// <summary>Without a licence for Exchange Online there is no mailbox.</summary>
    public Task SetLicenceAsync(Guid directory, string user, bool enabled, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, User(directory, user) + "/licence", new { enabled }, cancel);

    public Task SetBasicAuthAsync(Guid directory, string user, bool enabled, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, User(directory, user) + "/mailbox/basic-auth", new { enabled }, cancel);

    /// <param name="address">Null switches forwarding off.</param>
    public Task SetForwardingAsync(Guid directory, string user, string? address, bool keepCopy, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, User(directory, user) + "/mailbox/forwarding", new { address, keepCopy }, cancel);

    public Task SetOrganisationSmtpAuthAsync(Guid directory, bool enabled, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, $"directories/{directory}/smtp-auth", new { enabled }, cancel);

    /// <summary>On in a new directory: everybody registers for MFA at the first sign-in, and SMTP takes no password.</summary>
    public Task SetSecurityDefaultsAsync(Guid directory, bool enabled, CancellationToken cancel) =>
        SendAsync(HttpMethod.Patch, $"directories/{directory}", new { securityDefaults = enabled }, cancel);

    /// <summary>"Automatic forwarding" of the anti-spam outbound policy; a new directory has <c>automatic</c>, which is off.</summary>
    /// <param name="mode"><c>automatic</c>, <c>on</c> or <c>off</c>.</param>
    public Task SetAutoForwardingAsync(Guid directory, string mode, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, $"directories/{directory}/automatic-forwarding", new { mode }, cancel);

    /// <param name="setting"><c>never</c>, <c>lowImpact</c>, <c>always</c> or <c>microsoftManaged</c>.</param>
    public Task SetUserConsentAsync(Guid directory, string setting, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, $"directories/{directory}/user-consent", new { setting }, cancel);

    /// <summary>Single tenant, platform Web.</summary>
    public Task<Guid> RegisterAppAsync(Guid directory, string displayName, string? redirectUri, CancellationToken cancel) =>
        RegisterAppAsync(directory, displayName, redirectUri, "azureADMyOrg", "web", cancel);

    /// <param name="audience"><c>azureADMyOrg</c>, <c>azureADMultipleOrgs</c>, …</param>
    /// <param name="platform"><c>web</c>, <c>spa</c> or <c>publicClient</c>.</param>
    /// <returns>The client id.</returns>
    public async Task<Guid> RegisterAppAsync(
        Guid directory, string displayName, string? redirectUri, string audience, string platform, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, $"directories/{directory}/apps", new
        {
            displayName,
            audience,
            redirectUris = redirectUri is null ? [] : new[] { new { platform, uri = redirectUri } },
        }, cancel)).GetProperty("clientId").GetGuid();

    /// <returns>The Secret ID, and the value, which is shown only here.</returns>
    public async Task<(Guid SecretId, string Value)> AddSecretAsync(
        Guid directory, Guid app, string description, DateTimeOffset? expiresAt, CancellationToken cancel)
    {
        JsonElement made = await SendAsync(HttpMethod.Post, App(directory, app) + "/secrets", new { description, expiresAt }, cancel);
        return (made.GetProperty("secretId").GetGuid(), made.GetProperty("value").GetString()!); // the lab always gives a value
    }

    public Task SetAuthenticationAsync(
        Guid directory, Guid app, IEnumerable<(string Platform, string Uri)> redirectUris, bool accessTokens, bool idTokens, bool publicClient,
        CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, App(directory, app) + "/authentication", new
        {
            redirectUris = redirectUris.Select(r => new { platform = r.Platform, uri = r.Uri }),
            implicitAccessTokens = accessTokens,
            implicitIdTokens = idTokens,
            allowPublicClient = publicClient,
        }, cancel);

    /// <summary>Replaces the list of API permissions; grants nothing.</summary>
    /// <param name="permissions">Resource (<see cref="Exchange"/>, <see cref="Graph"/>), name, <c>delegated</c> or <c>application</c>.</param>
    public Task SetPermissionsAsync(
        Guid directory, Guid app, IEnumerable<(string Resource, string Name, string Kind)> permissions, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, App(directory, app) + "/permissions",
            new { permissions = permissions.Select(p => new { resource = p.Resource, name = p.Name, kind = p.Kind }) }, cancel);

    public Task GrantAdminConsentAsync(Guid directory, Guid app, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, App(directory, app) + "/admin-consent", null, cancel);

    public Task RevokeGrantsAsync(Guid directory, Guid app, CancellationToken cancel) =>
        SendAsync(HttpMethod.Delete, App(directory, app) + "/grants", null, cancel);

    public Task SetEnterpriseAppAsync(Guid directory, Guid app, bool enabled, bool assignmentRequired, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, App(directory, app) + "/enterprise", new { enabled, assignmentRequired }, cancel);

    /// <summary>Any order of the control API, also those of the Exchange half.</summary>
    /// <param name="path">Below <c>/control/</c>.</param>
    /// <returns>The answer's JSON; undefined when there is none.</returns>
    /// <exception cref="LabRefusedException">The lab refused the order.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod verb, string path, object? order, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(verb, path) { Content = order is null ? null : JsonContent.Create(order) };
        using HttpResponseMessage answer = await _http.SendAsync(request, cancel);
        var body = await answer.Content.ReadAsStringAsync(cancel);
        if (!answer.IsSuccessStatusCode) throw new LabRefusedException((int)answer.StatusCode, $"{verb} {path}: {(int)answer.StatusCode} {body}");
        return body.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(body);
    }

    public void Dispose() => _http.Dispose();

    private static string User(Guid directory, string user) => $"directories/{directory}/users/{Uri.EscapeDataString(user)}";

    private static string App(Guid directory, Guid app) => $"directories/{directory}/apps/{app}";
}

/// <summary>The control API did not do what it was told.</summary>
public sealed class LabRefusedException(int status, string message) : Exception(message)
{
    public int Status => status;
}
