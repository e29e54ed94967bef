using System.Text.Json.Nodes;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Faults;

/// <summary>How the rows of <c>more.json</c> are set: other settings that the same kinds of fault can touch.</summary>
internal static partial class Setups
{
    private static readonly Dictionary<string, SetFault> MoreOfEntra = new()
    {
        ["app-deactivated"] = (s, cancel) => s.ChangeRegistrationAsync(new { deactivated = true }, cancel),
        ["redirect-slash"] = (s, cancel) => s.RegisterRedirectAsync("web", s.Contoso.RedirectUri + "/", cancel),
        ["redirect-native"] = async (s, cancel) =>
        {
            await s.RegisterRedirectAsync("publicClient", s.Contoso.RedirectUri, cancel);
            await s.AuthoriseAsync(s.Contoso.Support, consent: true, cancel);
        },
        ["secret-removed"] = (s, cancel) => s.Control.SendAsync(HttpMethod.Delete, $"directories/{s.Directory}/apps/{s.Contoso.ClientId}/secrets/{s.Contoso.SecretId}", null, cancel),
        ["consent-by-request"] = async (s, cancel) =>
        {
            await s.ChangeDirectoryAsync(new { adminConsentRequests = true }, cancel);
            await s.Control.SetUserConsentAsync(s.Directory, "never", cancel);
            await s.Control.RevokeGrantsAsync(s.Directory, s.Contoso.ClientId, cancel);
            await s.AuthoriseAsync(s.Contoso.Support, consent: true, cancel);
        },
        ["consent-low-impact"] = async (s, cancel) =>
        {
            await s.Control.SetUserConsentAsync(s.Directory, "lowImpact", cancel);
            await s.Control.RevokeGrantsAsync(s.Directory, s.Contoso.ClientId, cancel);
            await s.AuthoriseAsync(s.Contoso.Support, consent: true, cancel);
        },
        ["client-id-other"] = async (s, cancel) => await s.SaveAsync(
            "clientId", (await s.Control.RegisterAppAsync(s.Directory, "Another application", s.Contoso.RedirectUri, cancel)).ToString(), cancel),
        ["directory-other"] = async (s, cancel) => await s.SaveAsync("directoryId", (await s.Control.AddDirectoryAsync(s.Contoso.Lab, $"Another {s.Contoso.Lab}", null, cancel)).ToString(), cancel),
        ["exchange-disabled"] = (s, cancel) => s.ChangeResourceAsync(LabControl.Exchange, "disabled", cancel),
        ["exchange-lapsed"] = (s, cancel) => s.ChangeResourceAsync(LabControl.Exchange, "lapsed", cancel),
        ["exchange-absent"] = (s, cancel) => s.ChangeResourceAsync(LabControl.Exchange, "absent", cancel),
        ["sign-in-frequency"] = async (s, cancel) =>
        {
            await s.Control.SendAsync(
                HttpMethod.Put, $"directories/{s.Directory}/access-policies", new { policies = new[] { new { name = "Often", demand = "signInFrequency", hours = 1 } } }, cancel);
            await s.Control.AdvanceAsync(s.Contoso.Lab, TimeSpan.FromHours(3), cancel);
        },
        ["device-compliance"] = (s, cancel) => s.SetPolicyAsync("compliantDevice", cancel),
        ["other-mfa"] = (s, cancel) => s.SetPolicyAsync("otherProvider", cancel),
        ["security-defaults"] = async (s, cancel) =>
        {
            await s.Control.RevokeSessionsAsync(s.Directory, s.Contoso.Support, cancel);
            await s.Control.SetSecurityDefaultsAsync(s.Directory, true, cancel);
        },
        ["sessions-revoked"] = (s, cancel) => s.Control.RevokeSessionsAsync(s.Directory, s.Contoso.Support, cancel),
        ["grant-max-age"] = async (s, cancel) =>
        {
            await s.ChangeDirectoryAsync(new { refreshTokenMaxDays = 1 }, cancel);
            await s.Control.AdvanceAsync(s.Contoso.Lab, TimeSpan.FromDays(3), cancel);
        },
        ["user-deleted"] = (s, cancel) => s.Control.SendAsync(HttpMethod.Delete, $"directories/{s.Directory}/users/{Uri.EscapeDataString(s.Contoso.Support)}", null, cancel),
        ["signed-in-other"] = (s, cancel) => s.AuthoriseAsync(s.Contoso.Sales, consent: true, cancel),
    };

    private static readonly Dictionary<string, SetFault> MoreOfExchange = new()
    {
        ["mailbox-full"] = (s, cancel) => s.Flow.SetMailboxStateAsync(s.Contoso.Support, full: true, disabled: false, cancel),
        ["mailbox-disabled"] = (s, cancel) => s.Flow.SetMailboxStateAsync(s.Contoso.Support, full: false, disabled: true, cancel),
        ["sender-restricted"] = async (s, cancel) =>
        {
            await s.Submission.RestrictAsync(s.Contoso.Support, true, cancel);
            await s.CustomerWritesAsync(s.Contoso.Support, "5.", cancel);
        },
        ["limit-tenant"] = async (s, cancel) =>
        {
            await s.Submission.SetLimitsAsync(new { externalPerDay = 1 }, cancel);
            await s.CustomerWritesAsync(s.Contoso.Support, "550", cancel);
        },
        ["limit-connections"] = async (s, cancel) =>
        {
            await s.Faults.ArmAsync(new LabFault("smtp-data") { Code = "432-4.3.2", Times = null }, cancel);
            await s.CustomerWritesAsync(s.Contoso.Support, "432", cancel);
        },
        ["blocked-sender"] = async (s, cancel) =>
        {
            await s.Faults.ArmAsync(new LabFault("smtp-data") { Code = "550-5.7.511", Times = null }, cancel);
            await s.CustomerWritesAsync(s.Contoso.Support, "5.7.511", cancel);
        },
        ["forward-elsewhere"] = (s, cancel) => s.Control.SetForwardingAsync(s.Directory, s.Contoso.Support, s.Contoso.Ann, keepCopy: true, cancel),
        ["forward-no-domain"] = (s, cancel) => s.Control.SetForwardingAsync(s.Directory, s.Contoso.Support, s.ForwardingAddress.Replace(".example", ".exmaple", StringComparison.Ordinal), keepCopy: true, cancel),
        ["forward-recipient-wins"] = (s, cancel) => s.Flow.SetForwardingAddressAsync(s.Contoso.Support, s.Contoso.Sales, cancel),
        ["forward-other-app"] = async (s, cancel) => await s.Control.SetForwardingAsync(s.Directory, s.Contoso.Support, await s.AnotherForwardingAddressAsync(cancel), keepCopy: true, cancel),
        ["policy-of-mailbox"] = (s, cancel) => s.ChangeMailFlowAsync(
            flow =>
            {
                flow["outboundPolicies"]!.AsArray().Add(new JsonObject { ["name"] = "Strict", ["autoForwardingMode"] = "off" }); // every directory has the list
                flow["outboundRules"] = new JsonArray(new JsonObject { ["name"] = "Strict", ["policy"] = "Strict", ["from"] = new JsonArray(s.Contoso.Support), ["senderDomains"] = new JsonArray() });
            },
            cancel),
        ["rule-deletes"] = (s, cancel) => s.AddRuleAsync(new() { ["sentTo"] = new JsonArray(s.Contoso.Support), ["deleteMessage"] = true }, cancel),
        ["rule-quarantines"] = (s, cancel) => s.AddRuleAsync(new() { ["sentTo"] = new JsonArray(s.Contoso.Support), ["quarantine"] = true }, cancel),
        ["rule-redirects"] = (s, cancel) => s.AddRuleAsync(new() { ["sentTo"] = new JsonArray(s.Contoso.Support), ["redirectTo"] = new JsonArray(s.Contoso.Sales) }, cancel),
        ["rule-own-status"] = (s, cancel) => s.AddRuleAsync(new() { ["onAutoForward"] = true, ["rejectReason"] = "Not from here", ["rejectStatus"] = "5.7.950" }, cancel),
        ["forwarding-circle"] = async (s, cancel) =>
        {
            await s.Control.SetForwardingAsync(s.Directory, s.Contoso.Sales, s.Contoso.Support, keepCopy: true, cancel);
            await s.Control.SetForwardingAsync(s.Directory, s.Contoso.Support, s.Contoso.Sales, keepCopy: true, cancel);
        },
        ["mx-no-host"] = (s, cancel) => s.Faults.ArmAsync(new LabFault("dns") { Reply = "MX 10 nowhere.invalid", Domain = s.Gateway.InboundDomain, Times = null }, cancel),
    };

    private static readonly Dictionary<string, SetFault> MoreOfSettings = new()
    {
        ["smtp-closed-port"] = (s, cancel) => s.SaveByHandAsync("smtpPort", "1", cancel),
        ["smtp-not-there"] = (s, cancel) => s.SaveByHandAsync("smtpPort", $"{s.Lab.Https.Port}", cancel),
        ["authorization-url"] = (s, cancel) => s.SaveByHandAsync("authorizationUrl", $"{new Uri(s.Lab.Https, $"/{s.Directory}/oauth2/v2.0/authorise")}", cancel),
        ["token-url-path"] = (s, cancel) => s.SaveByHandAsync("tokenUrl", $"{new Uri(s.Lab.Https, $"/{s.Directory}/oauth2/v2.0/tokens")}", cancel),
        ["token-url-other"] = async (s, cancel) => await s.SaveByHandAsync(
            "tokenUrl", $"{new Uri(s.Lab.Https, $"/{await s.Control.AddDirectoryAsync(s.Contoso.Lab, $"Another {s.Contoso.Lab}", null, cancel)}/oauth2/v2.0/token")}", cancel),
        ["refresh-url"] = (s, cancel) => s.SaveByHandAsync("refreshUrl", $"{new Uri(s.Lab.Https, "/nowhere")}", cancel),
        ["scope-mistyped"] = (s, cancel) => WithScopeAsync(s, "openid profile offline_access https://outlook.office.com/SMTP.Sent", cancel),
        ["scope-two-services"] = (s, cancel) => WithScopeAsync(s, "openid profile offline_access https://graph.microsoft.com/Mail.Send https://outlook.office.com/SMTP.Send", cancel),
        ["password-policy"] = async (s, cancel) =>
        {
            await s.Control.SetBasicAuthAsync(s.Directory, s.Contoso.Support, enabled: false, cancel);
            await s.SaveAsync(WithPassword(s, Contoso.Password), cancel);
        },
        ["password-security-defaults"] = async (s, cancel) =>
        {
            await s.Control.SetSecurityDefaultsAsync(s.Directory, true, cancel);
            await s.SaveAsync(WithPassword(s, Contoso.Password), cancel);
        },
        ["password-retired"] = async (s, cancel) =>
        {
            await s.Submission.RetireBasicAuthAsync(true, cancel);
            await s.SaveAsync(WithPassword(s, Contoso.Password), cancel);
        },
        ["password-wrong"] = (s, cancel) => s.SaveAsync(WithPassword(s, "Another-Horse-8"), cancel),
        ["email-domain-typo"] = async (s, cancel) =>
        {
            var typed = s.Contoso.Support.Replace(".example", ".exmaple", StringComparison.Ordinal);
            await s.SaveAsync(new(s.Form) { ["emailId"] = typed, ["userName"] = typed }, cancel);
            await s.AuthoriseAsync(s.Contoso.Support, consent: true, cancel);
        },
        ["authority-page"] = (s, cancel) => EverywhereAsync(s, new LabHttpReply(200, Body: "<html>Welcome to our network</html>"), cancel),
        ["authority-error"] = (s, cancel) => EverywhereAsync(s, new LabHttpReply(502, Body: "<html>Bad gateway</html>"), cancel),
        ["token-page"] = (s, cancel) => s.Faults.ArmAsync(new LabFault("token") { Http = new LabHttpReply(200, Body: "<html>Welcome</html>"), Times = null }, cancel),
        ["keys-silent"] = (s, cancel) => s.Faults.ArmAsync(new LabFault("keys") { Silent = true, Times = null }, cancel),
        ["sign-in-page-down"] = (s, cancel) => s.Faults.ArmAsync(new LabFault("authorize") { Http = new LabHttpReply(503), Times = null }, cancel),
        ["smtp-away"] = (s, cancel) => s.Faults.ArmAsync(new LabFault("smtp-auth") { Code = "421-4.7.0", Times = null }, cancel),
    };

    private static async Task EverywhereAsync(FaultScene scene, LabHttpReply reply, CancellationToken cancel)
    {
        foreach (var place in new[] { "discovery", "keys", "authorize", "token" }) await scene.Faults.ArmAsync(new LabFault(place) { Http = reply, Times = null }, cancel);
    }

    /// <summary>The same mailbox by its password, at the lab's own server.</summary>
    private static Dictionary<string, object> WithPassword(FaultScene scene, string password) => new(scene.Form)
    {
        ["preset"] = "smtp",
        ["authentication"] = "password",
        ["password"] = password,
        ["smtpHost"] = scene.Lab.Https.Host,
        ["smtpPort"] = $"{scene.Lab.SmtpPort}",
        ["smtpSecurity"] = "starttls",
    };
}
