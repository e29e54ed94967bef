using Passerelle.Dev.Run;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Faults;

/// <summary>The other ways to prove and to authorise an app: certificate, application itself, code on another device, delegate.</summary>
internal sealed partial class FaultScene
{
    private string OwnApp => $"/api/v1/apps/{AppId}";

    private string Registration => $"directories/{Directory}/apps/{Contoso.ClientId}";

    /// <summary>A certificate that is made here and proves the app from now on.</summary>
    /// <param name="upload">Its public half is registered too, and the app still works.</param>
    /// <returns>Its id in the registration.</returns>
    public async Task<Guid> ProveByCertificateAsync(bool upload, CancellationToken cancel)
    {
        var made = await _gateway.SendAsync(HttpMethod.Post, $"{OwnApp}/certificates", null, cancel);
        await SaveAsync("proof", "certificate", cancel);
        if (!upload) return default;
        var kept = await Control.SendAsync(
            HttpMethod.Post, $"{Registration}/certificates", new { displayName = "Passerelle", certificate = made.GetProperty("publicPart").GetString() }, cancel);
        await ConnectAsync("connected", cancel);
        return kept.GetProperty("keyId").GetGuid();
    }

    public Task RemoveCertificateAsync(Guid id, CancellationToken cancel) =>
        Control.SendAsync(HttpMethod.Delete, $"{Registration}/certificates/{id}", null, cancel);

    /// <summary>The token of an issuer that the registration trusts; the app still works.</summary>
    /// <returns>The issuer, the file with its assertion, and the id of the trust in the registration.</returns>
    public async Task<(FederatedIssuer Issuer, string File, Guid Trust)> ProveByFederationAsync(CancellationToken cancel)
    {
        var issuer = new FederatedIssuer();
        await Control.SendAsync(HttpMethod.Put, $"labs/{Contoso.Lab}/issuers", new { issuer = FederatedIssuer.Name, jwks = issuer.Jwks }, cancel);
        var trust = await TrustAsync(FederatedIssuer.Subject, cancel);
        var file = Path.Combine(System.IO.Directory.CreateDirectory(_gateway.AssertionFolder).FullName, $"{AppId:N}.jwt");
        await File.WriteAllTextAsync(file, issuer.Assertion(TimeProvider.System.GetUtcNow().AddHours(1)), cancel);
        await SaveAsync(new(Form) { ["proof"] = "federated", ["assertionFile"] = file }, cancel);
        await ConnectAsync("connected", cancel);
        return (issuer, file, trust);
    }

    public async Task<Guid> TrustAsync(string subject, CancellationToken cancel) => (await Control.SendAsync(
        HttpMethod.Post, $"{Registration}/federations", new { name = $"trust-{subject.Length}-{subject[^1]}", issuer = FederatedIssuer.Name, subject }, cancel)).GetProperty("id").GetGuid();

    public Task DistrustAsync(Guid trust, CancellationToken cancel) => Control.SendAsync(HttpMethod.Delete, $"{Registration}/federations/{trust}", null, cancel);

    /// <summary>The application itself instead of a person: what the Microsoft side is given of it.</summary>
    /// <param name="consented">SMTP.SendAsApp is granted and not only listed.</param>
    /// <param name="principal">New-ServicePrincipal was run with this object id; null: it was not.</param>
    /// <param name="mailbox">Add-MailboxPermission was run.</param>
    public async Task MakeAppOnlyAsync(bool consented, Guid? principal, bool mailbox, CancellationToken cancel)
    {
        await Control.RevokeGrantsAsync(Directory, Contoso.ClientId, cancel);
        await Control.SetPermissionsAsync(Directory, Contoso.ClientId, [(LabControl.Exchange, "SMTP.SendAsApp", "application")], cancel);
        if (consented) await Control.GrantAdminConsentAsync(Directory, Contoso.ClientId, cancel);
        await Submission.SetPrincipalsAsync(principal is { } known ? [(Contoso.ClientId, known)] : [], cancel);
        Guid[] trustees = mailbox ? [await EnterpriseAppAsync(cancel)] : [];
        await Submission.SetMailboxRightsAsync(Contoso.Support, trustees, trustees, cancel);
        await SaveAsync("way", "app-only", cancel);
    }

    /// <summary>Presses Connect.</summary>
    /// <exception cref="DevFault">It came to something else.</exception>
    public async Task ConnectAsync(string outcome, CancellationToken cancel)
    {
        var answer = await _gateway.SendAsync(HttpMethod.Post, $"{OwnApp}/connection", null, cancel);
        if (answer.GetProperty("outcome").GetString() != outcome) throw new DevFault($"Connect came to {answer.GetRawText()}");
    }

    /// <summary>A code, somebody who enters it on another device and signs in there, and what became of it.</summary>
    public async Task AuthoriseByDeviceAsync(CancellationToken cancel)
    {
        var asked = await _gateway.SendAsync(HttpMethod.Post, $"{OwnApp}/device-sign-in", null, cancel);
        using var phone = _lab.Browser();
        var page = await phone.OpenAsync(new Uri(asked.GetProperty("verificationUrl").GetString()!), cancel); // it is asked for
        page = await phone.SubmitAsync(page, "device", new() { ["otc"] = asked.GetProperty("userCode").GetString()! }, cancel); // it is asked for
        if (page.Has("signin")) page = await phone.SubmitAsync(page, "signin", new() { ["login"] = Contoso.Support, ["passwd"] = Contoso.Password }, cancel);
        if (page.Has("consent")) await phone.SubmitAsync(page, "consent", new() { ["answer"] = "accept" }, cancel);
        for (var tries = 0; tries < Patience.TotalSeconds; tries++)
        {
            var now = await _gateway.SendAsync(HttpMethod.Get, $"{OwnApp}/device-sign-in", null, cancel);
            if (now.GetProperty("state").GetString() != "waiting") return;
            await Task.Delay(TimeSpan.FromSeconds(1), cancel);
        }
        throw new DevFault("Nothing became of the device code");
    }

    /// <summary>Object id of the enterprise application, which New-ServicePrincipal wants.</summary>
    public async Task<Guid> EnterpriseAppAsync(CancellationToken cancel)
    {
        var directory = await Control.SendAsync(HttpMethod.Get, $"directories/{Directory}", null, cancel);
        return directory.GetProperty("enterpriseApps").EnumerateArray()
            .Single(app => app.GetProperty("clientId").GetGuid() == Contoso.ClientId).GetProperty("objectId").GetGuid();
    }

    public Task ChangeDirectoryAsync(object change, CancellationToken cancel) => Control.SendAsync(HttpMethod.Patch, $"directories/{Directory}", change, cancel);

    public Task ChangeResourceAsync(string resource, string standing, CancellationToken cancel) =>
        Control.SendAsync(HttpMethod.Put, $"directories/{Directory}/resources/{resource}", new { standing }, cancel);

    public Task AddRuleAsync(System.Text.Json.Nodes.JsonObject rule, CancellationToken cancel) => ChangeMailFlowAsync(
        flow =>
        {
            rule["id"] = Guid.CreateVersion7();
            rule["name"] = "Rule of the organisation";
            flow["transportRules"]!.AsArray().Add(rule); // every directory has the list
        },
        cancel);

    /// <summary>Another app of the same installation.</summary>
    public async Task<string> AnotherForwardingAddressAsync(CancellationToken cancel) =>
        (await _gateway.SendAsync(HttpMethod.Post, "/api/v1/apps", null, cancel)).GetProperty("forwardingAddress").GetString()!; // the API always gives one
}
