using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DnsClient;
using Microsoft.IdentityModel.JsonWebTokens;
using Passerelle.Lab.Testing;
using Passerelle.Lab.Tests.Exchange;
using Passerelle.Lab.Tests.Identity;

namespace Passerelle.Lab.Tests.Control;

/// <summary>Each fault of <c>facts/faults.json</c> on Microsoft's or DNS's side: set by the control API, seen on the wire.</summary>
public sealed class FaultTableTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Set in the application's settings, the grant or the gateway, not at Microsoft.</summary>
    private static readonly string[] NotHere =
    [
        "app-single-tenant-common", "secret-wrong", "secret-id", "scope-graph", "scope-imap", "scope-no-offline", "client-id-object-id",
        "ids-swapped", "directory-unknown", "port-closed", "smtp-host", "smtp-port", "smtp-security", "smtp-user", "refresh-lost",
        "clock-skew", "callback-url", "email-id-typo",
    ];

    /// <summary>What is seen: an AADSTS code with its <c>error</c>, an SMTP reply's beginning, or what the log and DNS say.</summary>
    private static readonly FrozenDictionary<string, (string Seen, Func<FaultTableTests, Contoso, Task<string>> Play)> Table =
        new Dictionary<string, (string, Func<FaultTableTests, Contoso, Task<string>>)>
        {
            ["app-deleted"] = ("AADSTS700016", (t, c) => t.PageAsync(c, () => t.EditAsync(c, d => d["registrations"] = new JsonArray()))),
            ["app-personal-only"] = ("AADSTS9002331", (t, c) => t.PageAsync(c, () => t.Lab.SetAsync(c, $"/apps/{c.ClientId}", new { audience = "personalMicrosoftAccount" }))),
            ["redirect-missing"] = ("AADSTS500113", (t, c) => t.PageAsync(c, () => t.RedirectAsync(c))),
            ["redirect-other-path"] = ("AADSTS50011", (t, c) => t.PageAsync(c, () => t.RedirectAsync(c, ("web", LabUnderTest.Callback + "2")))),
            ["redirect-case"] = ("AADSTS50011", (t, c) => t.PageAsync(c, () => t.RedirectAsync(c, ("web", LabUnderTest.Callback.Replace("/c", "/C", StringComparison.Ordinal))))),
            ["redirect-spa"] = ("400 [9002327] invalid_request", (t, c) => t.CodeAsync(c, () => t.RedirectAsync(c, ("spa", LabUnderTest.Callback)))),
            ["public-client-off"] = ("401 [7000218] invalid_client", (t, c) => t.DeviceAsync(c)),
            ["secret-expired"] = ("401 [7000222] invalid_client", (t, c) => t.AppAsync(c, () => t.LaterAsync(c, 200))),
            ["cert-expired"] = ("401 [1000502] invalid_client", (t, c) => t.CertificateAsync(c, registered: true, age: 2)),
            ["cert-unknown"] = ("401 [700027] invalid_client", (t, c) => t.CertificateAsync(c, registered: false, age: 0)),
            ["perm-mail-send-only"] = ("AADSTS90094", (t, c) => t.PageAsync(c, async () =>
            {
                await t.Control.SetPermissionsAsync(c.DirectoryId, c.ClientId, [(LabControl.Exchange, "Mail.Send", "application")], Cancel);
                await t.Control.GrantAdminConsentAsync(c.DirectoryId, c.ClientId, Cancel);
                await t.Control.SetUserConsentAsync(c.DirectoryId, "never", Cancel);
            })),
            ["user-consent-off"] = ("AADSTS90094", (t, c) => t.PageAsync(c, () => t.Control.SetUserConsentAsync(c.DirectoryId, "never", Cancel))),
            ["consent-not-granted"] = ("535 5.7.3 Authentication unsuccessful", (t, c) => t.AppSmtpAsync(c)),
            ["consent-revoked"] = ("400 [65001] invalid_grant", (t, c) => t.RefreshAsync(c, () => t.Control.RevokeGrantsAsync(c.DirectoryId, c.ClientId, Cancel))),
            ["consent-refused"] = ("AADSTS65004", async (t, c) =>
            {
                using LabBrowser browser = t.Fixture.Browser();
                SignInEnd end = await browser.SignInAsync(t.Lab.Authorize(c), c.Support, Contoso.Password, consent: false, Cancel);
                return end.Field("error_description") ?? "";
            }
            ),
            ["sp-disabled"] = ("400 [7000116] unauthorized_client", (t, c) => t.AppAsync(c, () => t.Control.SetEnterpriseAppAsync(c.DirectoryId, c.ClientId, false, false, Cancel))),
            ["assignment-required"] = ("AADSTS50105", (t, c) => t.PageAsync(c, () => t.Control.SetEnterpriseAppAsync(c.DirectoryId, c.ClientId, true, true, Cancel))),
            ["ca-blocked"] = ("400 [53003] invalid_grant", (t, c) => t.RefreshAsync(c, () => t.Lab.PolicyAsync(c, "block"))),
            ["mfa-required"] = ("400 [50076] invalid_grant", (t, c) => t.RefreshAsync(c, async () =>
            {
                await t.Lab.PolicyAsync(c, "mfa");
                using LabBrowser browser = t.Fixture.Browser();
                SignInEnd page = await browser.SignInAsync(t.Lab.Authorize(c), c.Support, Contoso.Password, Cancel);
                await browser.SubmitAsync(page, "enroll", [], Cancel); // a person has a second factor; the grant of before has not
            })),
            ["user-disabled"] = ("400 [50057] invalid_grant", (t, c) => t.RefreshAsync(c, () => t.Control.SetUserAsync(c.DirectoryId, c.Support, false, Cancel))),
            ["no-licence"] = ("535 5.7.3 Authentication unsuccessful", (t, c) => t.SmtpAsync(c, () => t.EditAsync(c, d => Users(d)[0]!["mailbox"] = null))),
            ["password-reset"] = ("400 [50173] invalid_grant", (t, c) => t.RefreshAsync(c, async () =>
            {
                await t.LaterAsync(c, 1);
                await t.Control.ResetPasswordAsync(c.DirectoryId, c.Support, "Another-Horse-8", Cancel);
            })),
            ["mailbox-smtp-auth-off"] = ("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.",
                (t, c) => t.SmtpAsync(c, () => t.Control.SetMailboxSmtpAuthAsync(c.DirectoryId, c.Support, false, Cancel))),
            ["org-smtp-auth-off"] = ("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
                (t, c) => t.SmtpAsync(c, () => t.Control.SetOrganisationSmtpAuthAsync(c.DirectoryId, false, Cancel))),
            ["app-only-no-sp"] = ("535 5.7.3 Authentication unsuccessful", async (t, c) =>
            {
                var token = await t.AppOnlyAsync(c);
                Assert.StartsWith("235", await t.AuthAsync(c, token), StringComparison.Ordinal);
                await t.PutAsync(c, "exchange-principals", new { principals = Array.Empty<object>() });
                return await t.AuthAsync(c, token);
            }
            ),
            ["app-only-no-permission"] = ("430 4.2.0 STOREDRV; mailbox logon failure;", async (t, c) =>
            {
                var token = await t.AppOnlyAsync(c);
                Assert.StartsWith("250", await t.SubmitAsync(c, c.Support, token), StringComparison.Ordinal);
                await t.PutAsync(c, $"users/{c.Support}/mailbox/rights", new { });
                return await t.SubmitAsync(c, c.Support, token);
            }
            ),
            ["send-as-denied"] = ("554 5.2.252 SendAsDenied;", (t, c) => t.SendAsync(c, c.Sales, () => Task.CompletedTask)),
            ["signed-in-admin"] = ("535 5.7.3 Authentication unsuccessful", async (t, c) =>
            {
                await t.Control.SetOrganisationSmtpAuthAsync(c.DirectoryId, true, Cancel);
                using LabBrowser browser = t.Fixture.Browser();
                SignInEnd end = await browser.SignInAsync(t.Lab.Authorize(c), c.Administrator, Contoso.Password, Cancel);
                TokenAnswer answer = await t.Lab.RedeemAsync(c, end.Field("code")!); // a failed sign-in fails the test here
                return await t.AuthAsync(c, answer.Text("access_token"));
            }
            ),
            ["limit-day"] = ("554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException;",
                (t, c) => t.SendAsync(c, c.Support, () => t.PutAsync(c, "submission-limits", new { recipientsPerDay = 0 }))),
            ["forward-off"] = ("", (t, c) => t.ForwardsToAsync(c, null, false)),
            ["forward-wrong"] = ("gatewayy@in.example False", (t, c) => t.ForwardsToAsync(c, "gatewayy@in.example", false)),
            ["forward-no-copy"] = ("gateway@in.example False", (t, c) => t.ForwardsToAsync(c, "gateway@in.example", false)),
            ["forward-policy-auto"] = ("ndr 550 5.7.520 Access denied, Your organization does not allow external forwarding.",
                (t, c) => t.ForwardAsync(c, "ndr", () => t.Control.SetAutoForwardingAsync(c.DirectoryId, "automatic", Cancel))),
            ["forward-policy-off"] = ("ndr 550 5.7.520 Access denied, Your organization does not allow external forwarding.",
                (t, c) => t.ForwardAsync(c, "ndr", () => t.Control.SetAutoForwardingAsync(c.DirectoryId, "off", Cancel))),
            ["remote-domain"] = ("drop Automatic forwarding to ", (t, c) => t.ForwardAsync(c, "drop", () => t.EditAsync(c, d =>
                d["mailFlow"]!["remoteDomains"] = new JsonArray(new JsonObject { ["name"] = "Default", ["domainName"] = "*", ["autoForwardEnabled"] = false })))),
            ["rule-drops"] = ("drop Deleted by rule Forwards", (t, c) => t.ForwardAsync(c, "drop", () => t.EditAsync(c, d =>
                d["mailFlow"]!["transportRules"] = new JsonArray(new JsonObject
                {
                    ["id"] = Guid.Empty.ToString(),
                    ["name"] = "Forwards",
                    ["onAutoForward"] = true,
                    ["deleteMessage"] = true,
                })))),
            ["mx-missing"] = ("", (t, c) => t.MxAsync(c, new LabFault("dns") { Code = "NOMX" })),
            ["mx-elsewhere"] = ("mx.elsewhere.example.", (t, c) => t.MxAsync(c, new LabFault("dns") { Reply = "MX 10 mx.elsewhere.example" })),
            ["refresh-expired"] = ("400 [700082] invalid_grant", (t, c) => t.RefreshAsync(c, () => t.LaterAsync(c, 91))),
            ["authority-down"] = ("no answer", async (t, c) =>
            {
                var faults = new LabFaults(t.Control, c.Lab);
                await faults.ArmAsync(new LabFault("token") { Silent = true }, Cancel);
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
                Task<HttpResponseMessage> asked = t.Fixture.Http.GetAsync(t.Fixture.Endpoints.TokenEndpoint(c.DirectoryId), patience.Token);
                while ((await faults.ListAsync(Cancel)).Count > 0) await Task.Yield(); // it has arrived, and nothing comes
                await patience.CancelAsync();
                return await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked) is not null ? "no answer" : "";
            }
            ),
        }.ToFrozenDictionary();

    public static TheoryData<string> Ids => [.. Table.Keys.Order()];

    internal LabUnderTest Lab => lab;
    internal LabFixture Fixture => lab.Fixture;
    private LabControl Control => lab.Fixture.Control;

    [Theory, MemberData(nameof(Ids))]
    public async Task A_fault_set_by_the_control_API_is_seen_as_the_facts_say(string id)
    {
        Contoso contoso = await lab.NewLabAsync();
        Assert.StartsWith(Table[id].Seen, await Table[id].Play(this, contoso), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_of_the_facts_is_played_here_or_lies_elsewhere()
    {
        var file = Facts("faults.json");
        Assert.SkipWhen(file is null, "../shared/facts/faults.json is absent");
        using var faults = JsonDocument.Parse(File.ReadAllBytes(file));
        Assert.Equal(faults.RootElement.EnumerateArray().Select(f => f.GetProperty("id").GetString()!).Order(), Table.Keys.Concat(NotHere).Order());
    }

    private static string? Facts(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Passerelle.slnx"))) continue;
            var path = Path.Combine(folder.FullName, "..", "shared", "facts", name);
            return File.Exists(path) ? path : null;
        }

        return null;
    }

    private static JsonArray Users(JsonObject directory) => directory["users"]!.AsArray(); // an export always has it

    private Task LaterAsync(Contoso contoso, int days) => Control.AdvanceAsync(contoso.Lab, TimeSpan.FromDays(days), Cancel);

    private Task RedirectAsync(Contoso contoso, params (string Platform, string Uri)[] uris) =>
        Control.SetAuthenticationAsync(contoso.DirectoryId, contoso.ClientId, uris, false, false, false, Cancel);

    /// <summary>The whole state out, changed, and in again: JSON is YAML.</summary>
    private async Task EditAsync(Contoso contoso, Action<JsonObject> change)
    {
        JsonObject state = JsonNode.Parse((await Control.ExportAsync(contoso.Lab, Cancel)).GetRawText())!.AsObject(); // an export is an object
        change(state["directories"]![0]!.AsObject());
        await Control.SetYamlAsync(contoso.Lab, state.ToJsonString(), Cancel);
    }

    private async Task<string> PageAsync(Contoso contoso, Func<Task> order)
    {
        await order();
        SignInEnd end = await lab.SignInAsync(contoso);
        Assert.Null(end.Callback);
        var at = end.Html.IndexOf("AADSTS", StringComparison.Ordinal);
        return at < 0 ? end.Html : end.Html[at..];
    }

    private static string Says(TokenAnswer answer) => $"{answer.Status} {answer.Text("error_codes")} {answer.Text("error")}";

    private async Task<string> AppAsync(Contoso contoso, Func<Task> order)
    {
        Assert.Equal(200, (await lab.AppTokenAsync(contoso)).Status);
        await order();
        return Says(await lab.AppTokenAsync(contoso));
    }

    private async Task<string> CodeAsync(Contoso contoso, Func<Task> order)
    {
        await order();
        SignInEnd end = await lab.SignInAsync(contoso);
        return Says(await lab.RedeemAsync(contoso, end.Field("code")!)); // a failed sign-in fails the test here
    }

    private async Task<string> RefreshAsync(Contoso contoso, Func<Task> order)
    {
        var refresh = (await lab.GrantAsync(contoso)).GetProperty("refresh_token").GetString()!; // offline_access was asked for
        Assert.Equal(200, (await lab.RefreshAsync(contoso, refresh)).Status);
        await order();
        (_, var secret) = await Control.AddSecretAsync(contoso.DirectoryId, contoso.ClientId, "still good", null, Cancel);
        return Says(await lab.RefreshAsync(contoso, refresh, ("client_secret", secret)));
    }

    private async Task<string> AppSmtpAsync(Contoso contoso)
    {
        await Control.SetOrganisationSmtpAuthAsync(contoso.DirectoryId, true, Cancel);
        TokenAnswer answer = await lab.AppTokenAsync(contoso);
        Assert.Equal(200, answer.Status);
        return await AuthAsync(contoso, answer.Text("access_token"));
    }

    private async Task<string> SmtpAsync(Contoso contoso, Func<Task> order)
    {
        await Control.SetOrganisationSmtpAuthAsync(contoso.DirectoryId, true, Cancel);
        var token = (await lab.GrantAsync(contoso)).GetProperty("access_token").GetString()!; // a grant always has it
        Assert.StartsWith("235", await AuthAsync(contoso, token), StringComparison.Ordinal);
        await order();
        return await AuthAsync(contoso, token);
    }

    private async Task<string> AuthAsync(Contoso contoso, string token)
    {
        await using Dialogue smtp = await Dialogue.OpenAsync(Fixture.Endpoints.SmtpPort!.Value); // the fixture always has it
        await smtp.EncryptAsync();
        return await Submission.SignInAsync(smtp, contoso.Support, token);
    }

    private async Task<string> SendAsync(Contoso contoso, string from, Func<Task> order)
    {
        await Control.SetOrganisationSmtpAuthAsync(contoso.DirectoryId, true, Cancel);
        var token = (await lab.GrantAsync(contoso)).GetProperty("access_token").GetString()!; // a grant always has it
        await order();
        return await SubmitAsync(contoso, from, token);
    }

    /// <returns>The reply to DATA.</returns>
    private async Task<string> SubmitAsync(Contoso contoso, string from, string token)
    {
        await using Dialogue smtp = await Dialogue.OpenAsync(Fixture.Endpoints.SmtpPort!.Value); // the fixture always has it
        await smtp.EncryptAsync();
        await Submission.SignInAsync(smtp, contoso.Support, token);
        await smtp.SayAsync($"MAIL FROM:<{contoso.Support}>");
        await smtp.SayAsync($"RCPT TO:<{contoso.Ann}>");
        await smtp.SayAsync("DATA");
        return await smtp.SayAsync($"From: {from}\r\nSubject: x\r\n\r\nx\r\n.");
    }

    private Task PutAsync(Contoso contoso, string path, object order) =>
        Control.SendAsync(HttpMethod.Put, $"directories/{contoso.DirectoryId}/{path}", order, Cancel);

    /// <summary>Everything that an application of its own needs to send (facts §3.6), and its token.</summary>
    private async Task<string> AppOnlyAsync(Contoso contoso)
    {
        await Control.SetOrganisationSmtpAuthAsync(contoso.DirectoryId, true, Cancel);
        await Control.SetPermissionsAsync(contoso.DirectoryId, contoso.ClientId, [(LabControl.Exchange, "SMTP.SendAsApp", "application")], Cancel);
        await Control.GrantAdminConsentAsync(contoso.DirectoryId, contoso.ClientId, Cancel);
        var token = (await lab.AppTokenAsync(contoso)).Text("access_token");
        var principal = Guid.Parse(new JsonWebToken(token).GetPayloadValue<string>("oid"));
        await PutAsync(contoso, "exchange-principals", new { principals = new[] { new { appId = contoso.ClientId, objectId = principal } } });
        await PutAsync(contoso, $"users/{contoso.Support}/mailbox/rights", new { fullAccess = new[] { principal } });
        return token;
    }

    private async Task<string> DeviceAsync(Contoso contoso)
    {
        JsonElement device = await lab.DeviceAsync(contoso);
        return Says(await lab.TokenAsync(contoso, ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", device.GetProperty("device_code").GetString())));
    }

    /// <param name="age">Years between the making of a certificate that is good for one and the attempt.</param>
    private async Task<string> CertificateAsync(Contoso contoso, bool registered, int age)
    {
        using var signer = new Signer(lab.Now.AddHours(-1), lab.Now.AddYears(1));
        if (registered) await lab.AddCertificateAsync(contoso, signer.Pem);
        if (age > 0) await LaterAsync(contoso, 366 * age);
        JsonObject claims = Signer.Claims(Fixture.Endpoints.TokenEndpoint(contoso.DirectoryId), contoso.ClientId, lab.Now.AddDays(366 * age));
        return Says(await lab.AssertedTokenAsync(contoso, signer.Sign(signer.Header("PS256"), claims)));
    }

    private async Task<string> ForwardsToAsync(Contoso contoso, string? address, bool keepCopy)
    {
        await Control.SetForwardingAsync(contoso.DirectoryId, contoso.Support, address, keepCopy, Cancel);
        JsonElement mailbox = (await Control.SendAsync(HttpMethod.Get, $"directories/{contoso.DirectoryId}/users/{contoso.Support}", null, Cancel))
            .GetProperty("mailbox");
        return mailbox.GetProperty("forwardingSmtpAddress").GetString() is { } target ? $"{target} {mailbox.GetProperty("keepCopy").GetBoolean()}" : "";
    }

    /// <summary>A customer writes to a mailbox that forwards; what the log then says of it.</summary>
    private async Task<string> ForwardAsync(Contoso contoso, string kind, Func<Task> order)
    {
        await Control.SetForwardingAsync(contoso.DirectoryId, contoso.Support, "gateway@in.example", false, Cancel);
        await order();
        var mail = new LabMail(Control, contoso.Lab);
        await mail.WriteAsync(contoso.Ann, contoso.Support, "Where is my order?", "x", Cancel);
        LabLogItem entry = Assert.Single(await mail.LogAsync(kind, Cancel));
        return $"{entry.Kind} {entry.Answer}";
    }

    private async Task<string> MxAsync(Contoso contoso, LabFault fault)
    {
        var domain = $"in-{contoso.Lab}.example";
        await new LabMail(Control, contoso.Lab).RouteAsync(domain, "127.0.0.1:2525", Cancel);
        await new LabFaults(Control, contoso.Lab).ArmAsync(fault with { Domain = domain, Times = null }, Cancel);
        var dns = new LookupClient(new LookupClientOptions(new IPEndPoint(IPAddress.Loopback, Fixture.Endpoints.DnsPort!.Value)) { UseCache = false });
        IDnsQueryResponse answer = await dns.QueryAsync(domain, QueryType.MX, cancellationToken: Cancel);
        return answer.Answers.MxRecords().FirstOrDefault()?.Exchange.Value ?? "";
    }
}
