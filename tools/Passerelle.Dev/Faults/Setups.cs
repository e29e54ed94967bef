using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Faults;

/// <summary>Sets one thing wrong and lets happen what then happens.</summary>
internal delegate Task SetFault(FaultScene scene, CancellationToken cancel);

/// <summary>How each row of <c>faults.json</c> is set. The ids stand here and in no code that answers.</summary>
internal static partial class Setups
{
    /// <returns>Null: nobody has written down how it is set.</returns>
    public static SetFault? Of(string id) =>
        All.Select(some => some.GetValueOrDefault(id)).FirstOrDefault(one => one is not null);

    private static IEnumerable<Dictionary<string, SetFault>> All => [Registration, Settings, People, MailSide, OtherWays, MoreOfEntra, MoreOfExchange, MoreOfSettings];

    /// <summary>Rows that stop the gateway or spoil its domain: no other app may live there.</summary>
    public static bool WantsGatewayOfItsOwn(string id) => id is "callback-url" or "refresh-lost" or "mx-missing" or "mx-elsewhere" or "mx-no-host" or "port-closed";

    /// <summary>E1 to E9: what somebody did to the registration or the enterprise application.</summary>
    private static readonly Dictionary<string, SetFault> Registration = new()
    {
        ["app-deleted"] = (s, cancel) => s.Control.SendAsync(HttpMethod.Delete, $"directories/{s.Directory}/apps/{s.Contoso.ClientId}", null, cancel),
        ["app-personal-only"] = (s, cancel) => s.ChangeRegistrationAsync(new { audience = "personalMicrosoftAccount" }, cancel),
        ["redirect-missing"] = (s, cancel) => s.Control.SetAuthenticationAsync(s.Directory, s.Contoso.ClientId, [], false, false, false, cancel),
        ["redirect-other-path"] = (s, cancel) => s.RegisterRedirectAsync("web", s.Contoso.RedirectUri + "2", cancel),
        ["redirect-case"] = (s, cancel) => s.RegisterRedirectAsync("web", s.Contoso.RedirectUri.Replace("/callback", "/Callback", StringComparison.Ordinal), cancel),
        ["redirect-spa"] = async (s, cancel) =>
        {
            await s.RegisterRedirectAsync("spa", s.Contoso.RedirectUri, cancel);
            await s.AuthoriseAsync(s.Contoso.Support, consent: true, cancel);
        },
        ["secret-expired"] = (s, cancel) => s.Control.AdvanceAsync(s.Contoso.Lab, TimeSpan.FromDays(181), cancel),
        ["perm-mail-send-only"] = async (s, cancel) =>
        {
            await s.Control.RevokeGrantsAsync(s.Directory, s.Contoso.ClientId, cancel);
            await s.Control.SetPermissionsAsync(s.Directory, s.Contoso.ClientId, [(LabControl.Exchange, "Mail.Send", "application")], cancel);
            await s.Control.GrantAdminConsentAsync(s.Directory, s.Contoso.ClientId, cancel);
            await s.Control.SetUserConsentAsync(s.Directory, "never", cancel);
        },
        ["user-consent-off"] = async (s, cancel) =>
        {
            await s.Control.SetUserConsentAsync(s.Directory, "never", cancel);
            await s.Control.RevokeGrantsAsync(s.Directory, s.Contoso.ClientId, cancel);
            await s.AuthoriseAsync(s.Contoso.Support, consent: true, cancel);
        },
        ["consent-revoked"] = (s, cancel) => s.Control.RevokeGrantsAsync(s.Directory, s.Contoso.ClientId, cancel),
        ["sp-disabled"] = (s, cancel) => s.Control.SetEnterpriseAppAsync(s.Directory, s.Contoso.ClientId, enabled: false, assignmentRequired: false, cancel),
        ["assignment-required"] = (s, cancel) => s.Control.SetEnterpriseAppAsync(s.Directory, s.Contoso.ClientId, enabled: true, assignmentRequired: true, cancel),
        ["ca-blocked"] = (s, cancel) => s.SetPolicyAsync("block", cancel),
        ["mfa-required"] = (s, cancel) => s.SetPolicyAsync("mfa", cancel),
    };

    /// <summary>G1 to G4: what somebody typed into the app, or did to the machine.</summary>
    private static readonly Dictionary<string, SetFault> Settings = new()
    {
        ["app-single-tenant-common"] = async (s, cancel) =>
        {
            await s.SaveAsync(s.FormByHand("common"), cancel);
            await s.AuthoriseAsync(s.Contoso.Support, consent: true, cancel);
        },
        ["secret-wrong"] = (s, cancel) => s.SaveAsync("clientSecret", Mistyped(s.Contoso.ClientSecret), cancel),
        ["secret-id"] = (s, cancel) => s.SaveByHandAsync("clientSecret", s.Contoso.SecretId.ToString(), cancel),
        ["scope-graph"] = (s, cancel) => WithScopeAsync(s, "openid profile offline_access https://graph.microsoft.com/Mail.Send", cancel),
        ["scope-imap"] = (s, cancel) => WithScopeAsync(s, "openid profile offline_access https://outlook.office.com/IMAP.AccessAsUser.All", cancel),
        ["scope-no-offline"] = (s, cancel) => WithScopeAsync(s, "openid profile https://outlook.office.com/SMTP.Send", cancel),
        ["client-id-object-id"] = async (s, cancel) => await s.SaveAsync("clientId", (await s.ObjectIdAsync(cancel)).ToString(), cancel),
        ["ids-swapped"] = (s, cancel) => s.SaveAsync(
            new(s.Form) { ["directoryId"] = s.Contoso.ClientId.ToString(), ["clientId"] = s.Directory.ToString() }, cancel),
        ["directory-unknown"] = (s, cancel) => s.SaveAsync("directoryId", "11111111-2222-4333-8444-666666666666", cancel),
        ["smtp-host"] = (s, cancel) => s.SaveByHandAsync("smtpHost", "smtp.nowhere.invalid", cancel),
        ["smtp-port"] = (s, cancel) => s.SaveByHandAsync("smtpPort", "465", cancel),
        ["smtp-security"] = (s, cancel) => s.SaveByHandAsync("smtpSecurity", "ssl", cancel),
        ["smtp-user"] = async (s, cancel) =>
        {
            await s.SaveAsync("userName", s.Contoso.Sales, cancel);
            await s.AuthoriseAsync(s.Contoso.Support, consent: true, cancel);
        },
        ["email-id-typo"] = async (s, cancel) =>
        {
            var typed = s.Contoso.Support.Replace("support", "suport", StringComparison.Ordinal);
            await s.SaveAsync(new(s.Form) { ["emailId"] = typed, ["userName"] = typed }, cancel);
            await s.AuthoriseAsync(s.Contoso.Support, consent: true, cancel);
        },
        ["callback-url"] = (s, cancel) => s.Gateway.RestartAsync(
            [], $"UPDATE installation SET value = '{s.Gateway.PublicUrl.Replace("localhost", "127.0.0.1", StringComparison.Ordinal)}' WHERE name = 'public_url'", cancel),
        ["refresh-lost"] = (s, cancel) => s.Gateway.RestartAsync([], "UPDATE oauth_grant SET refresh_token = NULL", cancel),
        ["clock-skew"] = (s, cancel) => s.Control.AdvanceShownAsync(s.Contoso.Lab, TimeSpan.FromMinutes(20), cancel),
        ["authority-down"] = async (s, cancel) =>
        {
            foreach (var place in new[] { "discovery", "keys", "authorize", "token" })
                await s.Faults.ArmAsync(new LabFault(place) { Silent = true, Times = null }, cancel);
        },
    };

    private static async Task WithScopeAsync(FaultScene scene, string scope, CancellationToken cancel)
    {
        await scene.SaveByHandAsync("scope", scope, cancel);
        await scene.AuthoriseAsync(scene.Contoso.Support, consent: true, cancel);
    }

    /// <summary>One character changed, in the middle.</summary>
    private static string Mistyped(string text)
    {
        var at = text.Length / 2;
        return $"{text[..at]}{(text[at] == 'x' ? 'y' : 'x')}{text[(at + 1)..]}";
    }
}
